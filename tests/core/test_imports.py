"""Imports: all or nothing, one audit entry, corrections, leftovers swept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from linli.core.access.rules import Actor
from linli.core.areas.rules import AreaView
from linli.core.audit import trail
from linli.core.audit.models import Entry
from linli.core.audit.rules import merkle_root
from linli.core.periods.actions import close
from linli.core.periods.queries import corrections
from linli.core.records import queries
from linli.core.records.actions import (
    begin_import,
    commit_import,
    correct,
    imports,
    stage,
    sweep_imports,
)
from linli.core.records.models import Import, Quantity, Record, Source
from linli.core.records.rules import Committed, NewRecord
from linli.kernel.errors import Refusal
from linli.kernel.ids import uuid7
from linli.kernel.periods import Period
from tests.core.conftest import WORKBOOK, people

pytestmark = [pytest.mark.django_db, pytest.mark.database]
Visit = Callable[..., NewRecord]
Visits = Callable[[int], Iterator[NewRecord]]


@pytest.fixture
def bring_in(operator: Actor, community: AreaView) -> Callable[..., Committed]:
    def run(rows: Iterator[NewRecord], replaces: dict[UUID, int] | None = None) -> Committed:
        one = begin_import(actor=operator, area="garden", source=WORKBOOK)
        stage(actor=operator, import_id=one, rows=rows, replaces=replaces)
        return commit_import(actor=operator, import_id=one)

    return run


def test_staged_rows_are_invisible_until_the_commit(
    operator: Actor,
    community: AreaView,
    visits: Visits,
    monkeypatch: pytest.MonkeyPatch,
    clock: Callable[[str], None],
) -> None:
    monkeypatch.setattr(imports, "BATCH", 3)
    clock("2010-04-01T09:00:00+08:00")
    one = begin_import(actor=operator, area="garden", source=WORKBOOK)
    told: list[int] = []
    rows = visits(8)
    assert stage(actor=operator, import_id=one, rows=rows, progress=told.append) == 8
    assert told == [3, 6, 8]
    assert Record.objects.count() == 8
    assert not list(queries.records(operator, "garden"))
    assert not queries.existing_identities(operator, "garden", "shape-a")
    entries = Entry.objects.count()

    clock("2010-04-01T10:00:00+08:00")
    done = commit_import(actor=operator, import_id=one)
    assert (done.created, done.superseded) == (8, 0)
    found = list(queries.records(operator, "garden"))
    assert [view.row for view in found] == list(range(8))
    assert found[0].as_json()["quantities"][1]["source"] == {
        "file": "台账.xlsx",
        "sheet": "一季度",
        "cell": "C4",
    }
    assert Entry.objects.count() == entries + 1
    entry = Entry.objects.get(subject_kind="import")
    assert (entry.rows, bytes(entry.merkle_root or b"")) == (8, done.merkle_root)
    assert done.merkle_root == merkle_root(queries.seals(one))
    assert trail.verify().ok


def test_an_import_is_known_from_its_commit(
    operator: Actor, community: AreaView, visits: Visits, clock: Callable[[str], None]
) -> None:
    clock("2010-04-01T09:00:00+08:00")
    one = begin_import(actor=operator, area="garden", source=WORKBOOK)
    stage(actor=operator, import_id=one, rows=visits(2))
    clock("2010-04-01T10:00:00+08:00")
    done = commit_import(actor=operator, import_id=one)
    clock("2010-04-02T10:00:00+08:00")

    def known(at: datetime) -> int:
        return len(list(queries.records(operator, "garden", known_at=at)))

    assert known(done.at - timedelta(seconds=1)) == 0
    assert known(done.at) == 2
    (view,) = queries.records(operator, "garden", limit=1)
    assert view.known_from == done.at == datetime(2010, 4, 1, 2, tzinfo=UTC)


def test_existing_identities_tell_what_stands(
    operator: Actor, bring_in: Callable[..., Committed], visits: Visits
) -> None:
    rows = list(visits(3))
    bring_in(iter(rows))
    known = queries.existing_identities(operator, "garden", "shape-a")
    assert known.keys() == {one.identity for one in rows}
    assert known[rows[1].identity][:2] == (rows[1].id, 1)
    assert known[rows[1].identity][3] == 1
    assert not queries.existing_identities(operator, "garden", "shape-b")


def test_an_import_corrects_what_it_replaces(
    operator: Actor,
    bring_in: Callable[..., Committed],
    visits: Visits,
    a_visit: Visit,
    clock: Callable[[str], None],
) -> None:
    clock("2010-03-20T09:00:00+08:00")
    rows = list(visits(3))
    bring_in(iter(rows))
    clock("2010-04-02T09:00:00+08:00")
    close(actor=operator, area="garden", period=Period.parse("2010Q1"))
    clock("2010-04-03T09:00:00+08:00")
    changed = replace(rows[1], identity=bytes(16), quantities=(people(21),))
    done = bring_in(iter([changed, a_visit(9)]), {rows[1].id: 1})
    assert (done.created, done.superseded) == (1, 1)
    found = {view.id: view for view in queries.records(operator, "garden")}
    assert len(found) == 4
    assert found[rows[1].id].version == 2
    assert found[rows[1].id].quantities[0].quantity.value == Decimal(21)
    before = datetime(2010, 4, 2, 12, tzinfo=UTC)
    assert len(list(queries.records(operator, "garden", known_at=before))) == 3
    noted = [
        (one.record, one.old_version, one.new_version) for one in corrections(operator, "garden")
    ]
    assert noted == [(rows[1].id, 1, 2)]
    assert trail.verify().ok


def test_an_overtaken_correction_is_refused_whole(
    operator: Actor, bring_in: Callable[..., Committed], visits: Visits, a_visit: Visit
) -> None:
    rows = list(visits(2))
    bring_in(iter(rows))
    correct(actor=operator, area="garden", record_id=rows[0].id, new=rows[0], reason="先改")
    with pytest.raises(Refusal) as refused:
        bring_in(iter([rows[0], a_visit(9)]), {rows[0].id: 1})
    assert refused.value.code == "records.import.overtaken"
    assert len(list(queries.records(operator, "garden"))) == 2
    correct(actor=operator, area="garden", record_id=rows[0].id, new=rows[0], reason="再改")


def test_what_a_dead_import_staged_does_not_stand_in_the_way(
    operator: Actor, bring_in: Callable[..., Committed], visits: Visits
) -> None:
    rows = list(visits(2))
    bring_in(iter(rows))
    dead = begin_import(actor=operator, area="garden", source=WORKBOOK)
    changed = replace(rows[0], identity=bytes(16))
    stage(actor=operator, import_id=dead, rows=[changed], replaces={rows[0].id: 1})
    correct(actor=operator, area="garden", record_id=rows[0].id, new=rows[0], reason="改")
    assert queries.record(operator, rows[0].id).version == 2
    with pytest.raises(Refusal):
        commit_import(actor=operator, import_id=dead)


def test_a_preview_confirmed_twice_enters_once(
    operator: Actor, bring_in: Callable[..., Committed], visits: Visits
) -> None:
    rows = list(visits(3))
    bring_in(iter(rows))
    with pytest.raises(Refusal) as refused:
        bring_in(iter(rows))
    assert refused.value.code == "records.import.twice"
    with pytest.raises(Refusal) as refused:  # the same ids under another identity
        bring_in(iter([replace(rows[0], identity=bytes(16))]))
    assert refused.value.code == "records.import.twice"
    assert len(list(queries.records(operator, "garden"))) == 3


def test_the_same_rows_from_two_imports_at_once_enter_once(
    operator: Actor, community: AreaView, visits: Visits
) -> None:
    first, second = (begin_import(actor=operator, area="garden", source=WORKBOOK) for _ in "12")
    for one in (first, second):
        stage(actor=operator, import_id=one, rows=visits(4))
    commit_import(actor=operator, import_id=first)
    with pytest.raises(Refusal) as refused:
        commit_import(actor=operator, import_id=second)
    assert (refused.value.code, refused.value.facts["count"]) == ("records.import.twice", 4)
    assert len(list(queries.records(operator, "garden"))) == 4


def test_a_commit_happens_once(
    operator: Actor, bring_in: Callable[..., Committed], visits: Visits
) -> None:
    done = bring_in(visits(1))
    for again in (
        lambda: commit_import(actor=operator, import_id=done.id),
        lambda: stage(actor=operator, import_id=done.id, rows=visits(1)),
        lambda: commit_import(actor=operator, import_id=uuid7()),
    ):
        with pytest.raises(Refusal) as refused:
            again()
        assert refused.value.code == "records.import.gone"


def test_a_bad_row_leaves_nothing_visible(
    operator: Actor, community: AreaView, a_visit: Visit
) -> None:
    one = begin_import(actor=operator, area="garden", source=WORKBOOK)
    rows = [a_visit(1), a_visit(2, kind="base.nonsense")]
    with pytest.raises(Refusal):
        stage(actor=operator, import_id=one, rows=rows)
    assert not Record.objects.exists()


def test_a_worker_of_another_area_cannot_commit(
    operator: Actor, community: AreaView, visits: Visits
) -> None:
    one = begin_import(actor=operator, area="garden", source=WORKBOOK)
    with pytest.raises(Refusal) as refused:
        stage(actor=Actor("1", "外人"), import_id=one, rows=visits(1))
    assert refused.value.code == "access.denied"


def test_the_dead_are_swept_and_the_living_left(
    operator: Actor, community: AreaView, visits: Visits, bring_in: Callable[..., Committed]
) -> None:
    bring_in(visits(2))
    mine, gone, silent, far = (
        begin_import(actor=operator, area="garden", source=WORKBOOK) for _ in range(4)
    )
    for one in (mine, gone, silent, far):
        stage(actor=operator, import_id=one, rows=visits(3))
    host = Import.objects.get(id=mine).process.rpartition("/")[0]
    Import.objects.filter(id=gone).update(process=f"{host}/999999999")
    Import.objects.filter(id=far).update(process="another-machine/1")
    long_ago = datetime(2020, 1, 1, tzinfo=UTC)
    Import.objects.filter(id=silent).update(touched=long_ago)
    assert sweep_imports(actor=operator) == 2
    left = set(Import.objects.values_list("id", flat=True))
    assert {mine, far} <= left
    assert not {gone, silent} & left
    assert Record.objects.count() == 2 + 6
    assert Quantity.objects.count() == 2 * (2 + 6)
    assert Source.objects.count() == 3
    with pytest.raises(Refusal) as refused:
        commit_import(actor=operator, import_id=gone)
    assert refused.value.code == "records.import.gone"
    assert sweep_imports(actor=operator) == 0
    assert trail.verify().ok


def test_a_changed_row_of_an_import_shows(
    bring_in: Callable[..., Committed], visits: Visits
) -> None:
    done = bring_in(visits(5))
    third = Record.objects.filter(batch=done.id).order_by("key")[2]
    Record.objects.filter(key=third.key).update(title="走访困难家庭（百）")
    assert trail.verify().problem == f"导入批次 {done.id} 的第 3 行被改动"


def test_a_removed_row_of_an_import_shows(
    bring_in: Callable[..., Committed], visits: Visits
) -> None:
    done = bring_in(visits(5))
    last = Record.objects.filter(batch=done.id).order_by("key").last()
    Quantity.objects.filter(record=last).delete()
    Record.objects.filter(key=last.key if last else 0).delete()
    assert "行数或内容" in str(trail.verify().problem)
