"""Reconciliation, kept figures, lineage backwards, permissions."""

from __future__ import annotations

import pytest

from linli.core.access.rules import Actor, Grant, RoleName
from linli.core.areas.queries import area
from linli.core.records.actions import correct
from linli.core.records.queries import as_new
from linli.insight import actions, lineage, queries
from linli.insight.figures import Appearance, Finding, same_records
from linli.kernel.errors import Refusal
from tests.insight.conftest import Record

pytestmark = [pytest.mark.django_db, pytest.mark.database]
WHOLE = "base.visit.households"


def of(found: list[Finding], rule: str) -> list[Finding]:
    return [finding for finding in found if finding.rule == rule]


def test_what_agrees_gives_no_finding(actor: Actor, record: Record) -> None:
    record(
        "base.visit", "走访", "2010-03-05", {WHOLE: (20, "户"), "base.visit.low_income": (2, "户")}
    )
    assert queries.reconcile(actor, "north", "2010Q1") == []


def test_a_part_above_its_whole(actor: Actor, record: Record) -> None:
    record(
        "base.visit", "走访", "2010-03-05", {WHOLE: (20, "户"), "base.visit.low_income": (21, "户")}
    )
    (finding,) = of(queries.reconcile(actor, "north", "2010Q1"), "base.visits_parts")
    assert finding.severity == "error"
    assert "慰问低保户21户" in finding.sentence
    assert "20户" in finding.sentence
    assert set(finding.figures) == {"base.visited_low_income", "base.visited_households"}


def test_an_inexact_whole_contradicts_only_what_it_excludes(actor: Actor, record: Record) -> None:
    def parts(value: int) -> list[Finding]:
        record(
            "base.visit", "走访", "2010-03-05",
            {WHOLE: (200, "户", "over"), "base.visit.low_income": (value, "户")}, area="south",
        )  # fmt: skip
        return of(queries.reconcile(actor, "south", "2010Q1"), "base.visits_parts")

    assert parts(250) == []  # 200余 may be 250
    assert len(parts(500)) == 1  # 750 of over 400 and below 600: no


def test_a_total_and_its_events(actor: Actor, record: Record) -> None:
    record("base.visit", "走访", "2010-03-05", {WHOLE: (20, "户")})
    record(
        "base.visit", "一季度走访", "2010-01-01", {WHOLE: (30, "户")}, until="2010-03-31",
        grain="summary",
    )  # fmt: skip
    assert queries.figure(actor, "north", "2010Q1", "base.visited_households").value == 20
    found = [f for f in queries.reconcile(actor, "north", "2010Q1") if "30户" in f.sentence]
    assert len(found) == 1
    assert "20户" in found[0].sentence


def test_the_same_event_twice(actor: Actor, record: Record) -> None:
    ids = {str(record("base.study", "政策学习", "2010-03-12").id) for _ in range(2)}
    record("base.study", "政策学习", "2010-03-13")
    (finding,) = of(queries.reconcile(actor, "north", "2010Q1"), "base.events_double")
    assert set(finding.records) == ids
    assert "2次" in finding.sentence


def test_a_record_says_where_it_appears(actor: Actor, record: Record) -> None:
    kept = record("base.study", "学习", "2010-03-12")
    record("base.study", "学习", "2010-03-13")
    found = queries.appearances(actor, kept.id)
    places = {(one.indicator, one.period) for one in found}
    assert {("base.study_sessions", p) for p in ("2010-03", "2010Q1", "2010H1", "2010")} <= places
    for indicator, period in places:
        assert kept.id in {r.id for r in queries.trace(actor, indicator, "north", period)}


def test_reports_add_their_own_appearances(
    actor: Actor, record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lineage, "_tellers", [])
    kept = record("base.study", "学习", "2010-03-12")
    told = Appearance(str(kept.id), "base.study_sessions", "学习场次", "2010Q1", "r1", "一季度总结")
    lineage.register_appearances(lambda record: [told] if record == kept.id else [])
    assert told in queries.appearances(actor, kept.id)


def test_kept_figures_say_when_they_are_stale(actor: Actor, record: Record) -> None:
    assert queries.stored(actor, "north", "2010Q1") is None
    record("base.study", "学习", "2010-03-12")
    filled = actions.fill(actor=actor, area="north", period="2010Q1")
    assert filled.figures == tuple(queries.figures(actor, "north", "2010Q1"))
    kept = queries.stored(actor, "north", "2010Q1")
    assert kept is not None
    assert kept.fresh
    assert kept.figures == filled.figures
    record("base.study", "学习", "2010-03-13")
    stale = queries.stored(actor, "north", "2010Q1")
    assert stale is not None
    assert not stale.fresh
    assert stale.figures == filled.figures
    assert len(actions.fill(actor=actor, area="north", period="2010Q1").figures)
    again = queries.stored(actor, "north", "2010Q1")
    assert again is not None
    assert again.fresh


def test_a_correction_changes_the_figure_and_not_the_past(actor: Actor, record: Record) -> None:
    from dataclasses import replace

    kept = record("base.visit", "走访", "2010-03-05", {WHOLE: (20, "户")})
    before = queries.figure(actor, "north", "2010Q1", "base.visited_households")
    new = as_new(kept)
    amount = replace(new.quantities[0].quantity, value=new.quantities[0].quantity.value + 1)
    new = replace(new, quantities=(replace(new.quantities[0], quantity=amount),), content=b"")
    correct(actor=actor, area="north", record_id=kept.id, new=new, reason="数错了")
    after = queries.figure(actor, "north", "2010Q1", "base.visited_households")
    then = queries.figure(
        actor, "north", "2010Q1", "base.visited_households", known_at=before.known_at
    )
    assert (before.value, after.value, then.value) == (20, 21, 20)
    assert same_records(then.fingerprint, before.fingerprint)
    assert not same_records(after.fingerprint, before.fingerprint)
    (old,) = queries.trace(
        actor, "base.visited_households", "north", "2010Q1", known_at=before.known_at
    )
    assert old.version == 1


def test_a_reader_of_another_area_is_refused(actor: Actor, record: Record) -> None:
    south = area(actor, "south")
    worker = Actor(id="w", name="小张", grants=(Grant(RoleName.WORKER, south.key),))
    assert queries.figures(worker, "south", "2010")
    for ask in (
        lambda: queries.figures(worker, "north", "2010"),
        lambda: queries.trace(worker, "base.study_sessions", "street", "2010"),
        lambda: queries.reconcile(worker, "north", "2010"),
        lambda: queries.ledger(worker, "base.visits_ledger", "north", "2010"),
        lambda: queries.stored(worker, "north", "2010"),
        lambda: queries.breakdown(worker, "street", "2010", ["base.study_sessions"]),
        lambda: actions.fill(actor=worker, area="north", period="2010"),
    ):
        with pytest.raises(Refusal, match="权限"):
            ask()


def test_a_breakdown_adds_up(actor: Actor, record: Record) -> None:
    record("base.study", "学习", "2010-03-12")
    record("base.study", "学习", "2010-03-12", area="south")
    record("base.study", "学习", "2010-03-13", area="south")
    found = queries.breakdown(actor, "street", "2010", ["base.study_sessions"])
    values = {slug: figures[0].value for slug, figures in found.items()}
    whole = queries.figure(actor, "street", "2010", "base.study_sessions").value
    assert values == {"north": 1, "south": 2}
    assert whole == 3
