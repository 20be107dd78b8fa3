"""Records: entry, versions, lateness, closes, reads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from linli.core.access.rules import Actor
from linli.core.areas.rules import AreaView
from linli.core.audit import trail
from linli.core.audit.models import Entry
from linli.core.periods.actions import close
from linli.core.periods.queries import corrections, is_closed
from linli.core.records import queries
from linli.core.records.actions import correct, name_source, record_one, withdraw
from linli.core.records.models import Quantity as QuantityRow
from linli.core.records.models import Record
from linli.core.records.rules import (
    NewQuantity,
    NewRecord,
    NewSource,
    SourceKind,
    new_record,
)
from linli.kernel.days import Occurred, Precision
from linli.kernel.errors import Refusal
from linli.kernel.ids import uuid7
from linli.kernel.periods import Period
from linli.kernel.quantities import Qualifier, Quantity
from tests.core.conftest import on, people

pytestmark = [pytest.mark.django_db, pytest.mark.database]
Visit = Callable[..., NewRecord]


def test_a_record_is_kept_and_shown_in_the_documented_shape(
    operator: Actor, community: AreaView, a_visit: Visit, clock: Callable[[str], None]
) -> None:
    clock("2010-03-06T09:00:00+08:00")
    made = record_one(actor=operator, area="garden", new=a_visit())
    (found,) = queries.records(operator, "garden")
    assert found == made
    assert found.as_json() == {
        "id": str(made.id),
        "kind": "base.visit",
        "area": "garden",
        "grain": "event",
        "occurred": {"start": "2010-03-05", "end": "2010-03-05", "precision": "day"},
        "captured": "2010-03-06T09:00:00+08:00",
        "received": "2010-03-06T09:00:00+08:00",
        "late": False,
        "state": "done",
        "title": "走访困难家庭（1）",
        "quantities": [
            {
                "measure": "户数",
                "value": Decimal(20),
                "unit": "户",
                "qualifier": "exact",
                "source": {"file": None, "sheet": "一季度", "cell": "C3"},
            },
            {
                "measure": "户数",
                "value": Decimal(2),
                "unit": "户",
                "qualifier": "exact",
                "part_of": "C3",
                "source": {"file": None, "sheet": "一季度", "cell": "C4"},
            },
        ],
        "fields": {"content": "节前走访"},
    }


@pytest.mark.parametrize(
    "quantity",
    [
        Quantity(Decimal(20), "户"),
        Quantity(Decimal("17.4"), "元"),
        Quantity(Decimal("-0.000001"), "元"),
        Quantity(Decimal(9000000000000), "元"),
        Quantity(Decimal(9000), "元", Qualifier.OVER),
        Quantity(Decimal(1000), "人", Qualifier.NEARLY),
        Quantity(Decimal(97), "%", Qualifier.AT_LEAST),
        Quantity(Decimal(50), "人", Qualifier.AT_MOST),
        Quantity(Decimal(30), "人", Qualifier.ABOUT),
        Quantity(Decimal(2), "次", Qualifier.RANGE, Decimal(3)),
        Quantity(Decimal(200), "人", Qualifier.OVER, bounds=(Decimal(203), None)),
        Quantity(Decimal(5800000), "元", Qualifier.OVER),
    ],
    ids=str,
)
def test_a_quantity_comes_back_equal(
    operator: Actor, community: AreaView, a_visit: Visit, quantity: Quantity
) -> None:
    new = a_visit(quantities=(NewQuantity("m", "数", quantity),))
    view = record_one(actor=operator, area="garden", new=new)
    assert view.quantities[0].quantity == quantity
    assert str(view.quantities[0].quantity.value) == str(quantity.value)
    assert trail.verify().ok


def test_a_quantity_too_large_is_refused(
    operator: Actor, community: AreaView, a_visit: Visit
) -> None:
    number = Decimal(610102198001011234)  # an id number in a column of counts
    new = a_visit(quantities=(NewQuantity("m", "户数", Quantity(number, "户")),))
    with pytest.raises(Refusal) as refused:
        record_one(actor=operator, area="garden", new=new)
    assert refused.value.code == "records.too_large"
    assert "610102198001011234户" in refused.value.sentence
    assert not Record.objects.exists()


def test_a_retry_is_harmless(operator: Actor, community: AreaView, a_visit: Visit) -> None:
    new = a_visit()
    first = record_one(actor=operator, area="garden", new=new)
    again = record_one(actor=operator, area="garden", new=new)
    assert again == first
    assert Record.objects.count() == 1
    with pytest.raises(Refusal) as refused:
        record_one(actor=operator, area="garden", new=replace(new, title="别的"))
    assert refused.value.code == "records.conflict"
    assert trail.verify().ok


def test_a_retry_after_a_correction_is_harmless(
    operator: Actor, community: AreaView, a_visit: Visit
) -> None:
    new = a_visit()
    record_one(actor=operator, area="garden", new=new)
    changed = correct(
        actor=operator, area="garden", record_id=new.id, new=replace(new, title="改"), reason="误"
    )
    assert record_one(actor=operator, area="garden", new=new) == changed


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"kind": "base.visitt"}, "packs.unknown"),
        ({"grain": "total"}, "records.grain"),
        ({"state": "finished"}, "records.state"),
        ({"fields": {"colour": "红"}}, "records.field"),
    ],
)
def test_what_the_kind_does_not_allow_is_refused(
    operator: Actor, community: AreaView, a_visit: Visit, change: dict[str, Any], code: str
) -> None:
    with pytest.raises(Refusal) as refused:
        record_one(actor=operator, area="garden", new=a_visit(**change))
    assert refused.value.code == code
    assert not Record.objects.exists()
    assert not Entry.objects.filter(action="records.record").exists()


def test_a_correction_adds_a_version_and_closes_the_old_one(
    operator: Actor, community: AreaView, a_visit: Visit, clock: Callable[[str], None]
) -> None:
    new = a_visit()
    clock("2010-03-06T09:00:00+08:00")
    record_one(actor=operator, area="garden", new=new)
    clock("2010-03-07T09:00:00+08:00")
    changed = replace(new, quantities=(people(21),))
    view = correct(
        actor=operator, area="garden", record_id=new.id, new=changed, reason="少数了一户"
    )
    assert (view.version, view.quantities[0].quantity.value) == (2, Decimal(21))
    first, second = queries.history(operator, new.id)
    assert first.known_to == second.known_from == datetime(2010, 3, 7, 1, tzinfo=UTC)
    assert (first.sheet, second.sheet) == ("一季度", "一季度")
    assert trail.verify().ok


def test_records_are_shown_as_known_then(
    operator: Actor, community: AreaView, a_visit: Visit, clock: Callable[[str], None]
) -> None:
    new = a_visit()

    def title(hour: int) -> list[str]:
        at = datetime(2010, 3, 6, hour, tzinfo=UTC)
        return [one.title for one in queries.records(operator, "garden", known_at=at)]

    clock("2010-03-06T02:00:00+00:00")
    record_one(actor=operator, area="garden", new=replace(new, title="甲"))
    clock("2010-03-06T04:00:00+00:00")
    correct(
        actor=operator, area="garden", record_id=new.id, new=replace(new, title="乙"), reason="误"
    )
    clock("2010-03-06T06:00:00+00:00")
    withdraw(actor=operator, area="garden", record_id=new.id, reason="重复")
    assert [title(hour) for hour in (1, 2, 3, 4, 5, 6, 7)] == [
        [], ["甲"], ["甲"], ["乙"], ["乙"], [], [],
    ]  # fmt: skip
    (gone,) = queries.records(operator, "garden", state="withdrawn")
    assert (gone.version, gone.title) == (3, "乙")
    with pytest.raises(Refusal, match="已经撤销"):
        withdraw(actor=operator, area="garden", record_id=new.id, reason="再撤")


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_change_needs_its_reason(
    operator: Actor, community: AreaView, a_visit: Visit, reason: str
) -> None:
    new = a_visit()
    record_one(actor=operator, area="garden", new=new)
    for change in (
        lambda: correct(actor=operator, area="garden", record_id=new.id, new=new, reason=reason),
        lambda: withdraw(actor=operator, area="garden", record_id=new.id, reason=reason),
    ):
        with pytest.raises(Refusal, match="没有写明理由"):
            change()


def test_a_correction_of_an_old_version_is_refused(
    operator: Actor, community: AreaView, a_visit: Visit
) -> None:
    new = a_visit()
    record_one(actor=operator, area="garden", new=new)
    values: dict[str, Any] = {"actor": operator, "area": "garden", "record_id": new.id}
    correct(**values, new=replace(new, title="甲"), reason="误", version=1)
    with pytest.raises(Refusal) as refused:
        correct(**values, new=replace(new, title="乙"), reason="误", version=1)
    assert (refused.value.code, refused.value.facts["version"]) == ("records.changed", 2)


def test_a_record_of_another_area_is_unknown_here(
    operator: Actor, community: AreaView, street: AreaView, a_visit: Visit
) -> None:
    new = a_visit()
    record_one(actor=operator, area="garden", new=new)
    with pytest.raises(Refusal, match="没有编号为"):
        withdraw(actor=operator, area="street", record_id=new.id, reason="误")
    with pytest.raises(Refusal, match="没有编号为"):
        withdraw(actor=operator, area="garden", record_id=uuid7(), reason="误")


# base.visit allows 30 days; the day of the visit is 2010-03-05.
@pytest.mark.parametrize(
    ("captured", "late"),
    [
        ("2010-03-05T20:00:00+08:00", False),
        ("2010-04-04T23:59:00+08:00", False),  # the thirtieth day, in Beijing
        ("2010-04-05T00:01:00+08:00", True),
    ],
)
def test_late_is_later_than_the_kind_allows(
    operator: Actor,
    community: AreaView,
    a_visit: Visit,
    clock: Callable[[str], None],
    captured: str,
    late: bool,
) -> None:
    clock("2010-04-10T09:00:00+08:00")
    new = a_visit(captured=datetime.fromisoformat(captured))
    view = record_one(actor=operator, area="garden", new=new)
    assert view.late is late
    assert view.received == datetime(2010, 4, 10, 1, tzinfo=UTC)


def test_after_a_close_changes_are_dated_corrections(
    operator: Actor, community: AreaView, a_visit: Visit, clock: Callable[[str], None]
) -> None:
    new = a_visit()
    clock("2010-03-06T09:00:00+08:00")
    assert not record_one(actor=operator, area="garden", new=new).late
    clock("2010-04-02T09:00:00+08:00")
    close(actor=operator, area="garden", period=Period.parse("2010Q1"))
    assert is_closed(operator, "garden", date(2010, 3, 31))
    assert not is_closed(operator, "garden", date(2010, 4, 1))
    clock("2010-04-03T09:00:00+08:00")
    correct(actor=operator, area="garden", record_id=new.id, new=new, reason="核对后更正")
    after = a_visit(2, day="2010-03-31")
    assert record_one(actor=operator, area="garden", new=after).late
    before = a_visit(3, day="2010-04-01")
    assert not record_one(actor=operator, area="garden", new=before).late
    shown = [
        (one.record, one.old_version, one.new_version, one.reason, one.at)
        for one in corrections(operator, "garden")
    ]
    moment = datetime(2010, 4, 3, 1, tzinfo=UTC)
    assert sorted(shown, key=lambda row: row[1] or 0) == [
        (after.id, None, 1, "关账后补记", moment),
        (new.id, 1, 2, "核对后更正", moment),
    ]


def test_a_period_is_closed_once_and_when_it_is_over(
    operator: Actor, community: AreaView, clock: Callable[[str], None]
) -> None:
    quarter = Period.parse("2010Q1")
    clock("2010-03-31T23:00:00+08:00")
    with pytest.raises(Refusal) as refused:
        close(actor=operator, area="garden", period=quarter)
    assert refused.value.code == "periods.not_over"
    clock("2010-04-01T00:00:00+08:00")
    close(actor=operator, area="garden", period=quarter)
    with pytest.raises(Refusal, match="已经关账"):
        close(actor=operator, area="garden", period=quarter)


def test_a_body_s_count_waits_for_its_source(operator: Actor, community: AreaView) -> None:
    year = Occurred(date(2010, 1, 1), date(2010, 12, 31), Precision.YEAR, "2010年")
    new = new_record("base.safety_count", "案件", year, grain="summary", quantities=[people(3)])
    record_one(actor=operator, area="garden", new=new)
    (found,) = queries.records(operator, "garden", state="source_wanted")
    named = name_source(actor=operator, area="garden", record_id=found.id, body="派出所")
    assert (named.state, named.source_body, named.version) == ("done", "派出所", 2)
    source = NewSource(SourceKind.BODY, "来函", body="派出所")
    other = replace(new, id=uuid7())
    assert record_one(actor=operator, area="garden", new=other, source=source).state == "done"
    with pytest.raises(Refusal, match="没有写明提供数据的单位"):
        name_source(actor=operator, area="garden", record_id=found.id, body=" ")


def test_a_row_changed_past_the_program_shows(
    operator: Actor, community: AreaView, a_visit: Visit
) -> None:
    new = a_visit()
    record_one(actor=operator, area="garden", new=new)
    assert trail.verify().ok
    QuantityRow.objects.filter(ordinal=0).update(micro=33_000_000)
    report = trail.verify()
    assert not report.ok
    assert report.problem == f"记录 {new.id} 被改动"
    assert trail.verify(tables=False).ok


def test_a_row_removed_past_the_program_shows(
    operator: Actor, community: AreaView, a_visit: Visit
) -> None:
    record_one(actor=operator, area="garden", new=a_visit(quantities=()))
    Record.objects.all().delete()
    assert "不见了" in str(trail.verify().problem)


def test_who_took_part_is_kept_by_id(operator: Actor, community: AreaView, a_visit: Visit) -> None:
    who = uuid7()
    new = a_visit(involved=((who, "host"),))
    view = record_one(actor=operator, area="garden", new=new)
    changed = withdraw(actor=operator, area="garden", record_id=new.id, reason="误")
    rows = Record.objects.filter(id=new.id).order_by("version")
    assert [one.involvements.get().who for one in rows] == [who, who]
    assert (view.version, changed.version) == (1, 2)


def test_an_entry_has_its_three_times(
    operator: Actor, community: AreaView, a_visit: Visit, clock: Callable[[str], None]
) -> None:
    clock("2010-03-08T09:00:00+08:00")
    captured = datetime(2010, 3, 6, 1, 30, tzinfo=UTC)
    view = record_one(actor=operator, area="garden", new=a_visit(captured=captured))
    assert view.occurred == on("2010-03-05")
    assert view.captured == captured
    assert view.received == datetime(2010, 3, 8, 1, tzinfo=UTC)


def test_work_is_not_done_before_its_day(
    operator: Actor, community: AreaView, a_visit: Visit, clock: Callable[[str], None]
) -> None:
    clock("2010-03-04T23:30:00+08:00")
    ahead = a_visit()  # on 5 March
    with pytest.raises(Refusal, match="2010年3月5日 还没有到") as refused:
        record_one(actor=operator, area="garden", new=ahead)
    assert refused.value.code == "records.ahead"
    planned = record_one(actor=operator, area="garden", new=replace(ahead, state="planned"))
    with pytest.raises(Refusal, match="还没有到"):
        correct(actor=operator, area="garden", record_id=planned.id, new=ahead, reason="办了")
    clock("2010-03-05T00:30:00+08:00")
    done = correct(actor=operator, area="garden", record_id=planned.id, new=ahead, reason="办了")
    assert done.state == "done"
