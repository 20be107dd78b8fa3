"""What is due in a community, done by its records, and undone with them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from linli.core.access.rules import Actor
from linli.core.areas.actions import create_area, end_area
from linli.core.areas.rules import AreaView
from linli.core.obligations import queries
from linli.core.obligations.actions import name_interval
from linli.core.obligations.obligation import Obligation
from linli.core.obligations.rules import State
from linli.core.records.actions import correct, withdraw
from linli.core.records.queries import as_new, versions
from linli.kernel.days import Occurred, Precision
from linli.kernel.errors import Refusal
from linli.kernel.periods import Period

pytestmark = [pytest.mark.django_db, pytest.mark.database]
Record = Callable[..., UUID]
END = date(2025, 12, 31)


def of(
    who: Actor, rule: str, period: str = "2025", on: date = END, area: str = "garden"
) -> list[Obligation]:
    return list(queries.obligations(who, area, Period.parse(period), on, rules=[rule]))


def states(who: Actor, rule: str, period: str = "2025", on: date = END) -> list[str]:
    return [str(one.state) for one in of(who, rule, period, on)]


def move(who: Actor, record: str, start: str, end: str, **fields: str) -> None:
    """Correct the days and fields of a record."""
    new = as_new(versions(UUID(record))[-1])
    first, last = date.fromisoformat(start), date.fromisoformat(end)
    days = Occurred(first, last, Precision.DAY if first == last else Precision.SPAN)
    moved = replace(new, occurred=days, fields={**new.fields, **fields}, content=b"")
    correct(actor=who, area="garden", record_id=new.id, new=moved, reason="写错")


def test_a_patrol_fulfils_its_day_and_no_other(operator: Actor, record: Record) -> None:
    made = record("base.patrol", "2025-03-02")
    found = of(operator, "base.due.patrol", "2025-03-01..2025-03-03")
    assert [str(one.state) for one in found] == ["missed", "done", "missed"]
    assert (found[1].record, found[1].day) == (made, date(2025, 3, 2))
    assert found[1].code == "base.due.patrol@2025-03-02"


def test_a_record_counts_from_its_day_on(operator: Actor, record: Record) -> None:
    record("base.civic_class", "2025-03-20")
    assert states(operator, "每月市民课堂", "2025-03", date(2025, 3, 19)) == ["due"]
    assert states(operator, "每月市民课堂", "2025-03", date(2025, 3, 20)) == ["done"]
    assert states(operator, "每月市民课堂", "2025-04", date(2025, 3, 20)) == ["upcoming"]


def test_what_is_planned_or_withdrawn_fulfils_nothing(operator: Actor, record: Record) -> None:
    record("base.civic_class", "2025-03-20", state="planned")
    made = record("base.civic_class", "2025-04-20")
    assert states(operator, "base.due.civic_class", "2025-03") == ["missed"]
    assert states(operator, "base.due.civic_class", "2025-04") == ["done"]
    withdraw(actor=operator, area="garden", record_id=made, reason="登记错了")
    assert states(operator, "base.due.civic_class", "2025-04") == ["missed"]


def test_a_correction_moves_what_is_fulfilled(operator: Actor, record: Record) -> None:
    made = record("base.civic_class", "2025-03-20")
    move(operator, made.hex, "2025-05-06", "2025-05-06")
    assert states(operator, "base.due.civic_class", "2025-03") == ["missed"]
    assert states(operator, "base.due.civic_class", "2025-05") == ["done"]


def test_a_summary_fulfils_what_it_states_beyond_the_events_in_it(
    operator: Actor, record: Record
) -> None:
    """A total of three classes over a quarter holds the one that was entered by itself."""
    record("base.civic_class", "2025-01-10")
    three = ("base.civic_class.sessions", 3, "次")
    record("base.civic_class", "2025-01-01", "2025-03-31", grain="summary", stated=three)
    assert states(operator, "base.due.civic_class", "2025H1") == ["done"] * 3 + ["missed"] * 3


def test_one_record_of_two_classes_does_not_fill_two_months(
    operator: Actor, record: Record
) -> None:
    record("base.civic_class", "2025-01-10", stated=("base.civic_class.sessions", 2, "次"))
    assert states(operator, "base.due.civic_class", "2025Q1") == ["done", "missed", "missed"]


def test_each_enterprise_is_visited_each_month(operator: Actor, record: Record) -> None:
    for name, kind in (("一厂", "企业"), ("二厂", "企业"), ("小学", "学校")):
        record("base.unit", "2025-02-10", title=name, grain="observation", name=name, type=kind)
    record("base.enterprise_visit", "2025-03-05", enterprise="二厂")
    found = of(operator, "base.due.enterprise_visit", "2025Q1")
    assert [(one.subject, one.due.month, str(one.state)) for one in found] == [
        ("一厂", 2, "missed"), ("一厂", 3, "missed"), ("二厂", 2, "missed"), ("二厂", 3, "done"),
    ]  # fmt: skip
    record("base.enterprise_visit", "2025-03-09")  # names none: the earliest open takes it
    assert states(operator, "base.due.enterprise_visit", "2025-03") == ["done", "done"]
    assert len({one.code for one in found}) == 4


def test_without_a_list_of_subjects_the_area_owes_one(operator: Actor, record: Record) -> None:
    record("base.enterprise_visit", "2025-03-05", enterprise="一厂")
    assert states(operator, "base.due.enterprise_visit", "2025-03") == ["done"]
    assert states(operator, "base.due.enterprise_visit", "2025-04") == ["missed"]


def test_a_case_is_due_so_long_after_it_was_found(operator: Actor, record: Record) -> None:
    name_interval(
        actor=operator, area="garden", rule="base.due.issue_closed", interval="5个工作日内",
        since=date(2025, 1, 1),
    )  # fmt: skip
    record("base.issue", "2025-03-07", "2025-03-10", title="堵塞", problem="堵塞", closed="是")
    record("base.issue", "2025-03-07", title="路灯", problem="路灯")
    found = of(operator, "base.due.issue_closed", on=date(2025, 3, 12))
    assert [(one.subject, str(one.state), str(one.due)) for one in found] == [
        ("堵塞", "done", "2025-03-14"), ("路灯", "due", "2025-03-14"),
    ]  # fmt: skip
    assert states(operator, "base.due.issue_closed", on=date(2025, 3, 20)) == ["done", "missed"]
    move(operator, found[1].code.partition("@")[2], "2025-03-07", "2025-03-18", closed="是")
    done, late = of(operator, "base.due.issue_closed")
    assert (late.state, late.day) == (State.DONE_LATE, date(2025, 3, 18))
    assert [done.code, late.code] == [one.code for one in found]  # a correction renames nothing


def test_a_title_is_renewed_before_it_expires(operator: Actor, record: Record) -> None:
    record("base.honour", "2022-05-01", title="示范", honour="示范", valid_until="2025-06-30")
    (one,) = of(operator, "base.due.honour_renewal", on=date(2025, 5, 1))
    assert (str(one.opens), str(one.due), one.state) == ("2025-04-01", "2025-06-30", State.DUE)
    record("base.honour", "2025-05-20", title="示范", honour="示范", valid_until="2028-06-30")
    assert of(operator, "base.due.honour_renewal")[0].state is State.DONE


def test_words_without_an_interval_wait_until_one_is_named(
    operator: Actor, community: AreaView, record: Record
) -> None:
    record("base.meeting", "2025-03-05")
    waiting = {one.rule: one.interval for one in queries.waiting(operator, "garden")}
    assert waiting["base.due.work_study"] == "定期"
    assert of(operator, "base.due.work_study") == []
    name_interval(
        actor=operator, area="street", rule="班子研究工作", interval="每月一次",
        since=date(2025, 3, 1),
    )  # fmt: skip
    assert "base.due.work_study" not in {one.rule for one in queries.waiting(operator, "garden")}
    assert states(operator, "base.due.work_study") == ["done", *["missed"] * 8, "due"]


def test_what_a_grid_records_counts_for_its_community(
    operator: Actor, community: AreaView, record: Record
) -> None:
    create_area(actor=operator, slug="grid", name="一网格", level="grid", parent=community)
    record("base.patrol", "2025-03-02", area="grid")
    (one,) = of(operator, "base.due.patrol", "2025-03-02..2025-03-02", area="street")
    assert (one.area, one.state) == ("garden", State.DONE)


def test_an_area_owes_nothing_before_it_was_and_after_it_is_no_more(
    operator: Actor, community: AreaView
) -> None:
    create_area(
        actor=operator, slug="lake", name="湖边社区", level="community", parent="street",
        since=date(2025, 4, 10),
    )  # fmt: skip
    end_area(actor=operator, area="lake", until=date(2025, 9, 1))
    found = of(operator, "base.due.civic_class", on=date(2025, 8, 1), area="lake")
    assert [one.due.month for one in found] == [4, 5, 6, 7, 8]


def test_the_list_of_a_day(operator: Actor, record: Record) -> None:
    record("base.patrol", "2025-03-02")
    record("base.patrol", "2025-03-03")
    found = queries.due(operator, "garden", date(2025, 3, 3))
    mine = {one.due.isoformat(): str(one.state) for one in found if one.rule == "base.due.patrol"}
    assert mine["2025-03-01"] == "missed"  # within the last month
    assert "2025-03-02" not in mine  # done, and over
    assert mine["2025-03-03"] == "done"
    assert mine["2025-03-10"] == "upcoming"
    assert "2025-03-11" not in mine
    assert "2025-01-30" not in mine
    open_ones = {one.rule for one in found if one.state is State.DUE}
    assert {"base.due.free_service_month", "base.due.study", "base.due.neighbours_festival"} <= (
        open_ones
    )
    assert found == sorted(found, key=lambda one: (one.due, one.area, one.rule, one.name))


def test_a_tally_counts_what_the_list_holds(operator: Actor, record: Record) -> None:
    record("base.patrol", "2025-03-02")
    period, on = Period.parse("2025-03"), date(2025, 3, 20)
    counted = queries.tally(operator, "street", period, on)
    listed = Counter(one.state for one in queries.obligations(operator, "street", period, on))
    assert counted == {"garden": listed}
    assert listed[State.DONE] == 1


def test_a_code_names_one_obligation(operator: Actor, community: AreaView) -> None:
    found = queries.one(operator, "garden", "base.due.patrol@2025-03-02", date(2025, 3, 2))
    assert (found.due, found.state) == (date(2025, 3, 2), State.DUE)
    for code, refusal in {
        "patrol": "obligations.code",
        "base.due.patrol@2025-13-01": "obligations.none",
        "base.due.nothing@2025-03-01": "packs.unknown",
    }.items():
        with pytest.raises(Refusal) as refused:
            queries.one(operator, "garden", code, date(2025, 3, 2))
        assert refused.value.code == refusal


def test_all_areas_cost_the_same_few_queries(
    operator: Actor, community: AreaView, django_assert_max_num_queries: Any
) -> None:
    for number in range(12):
        create_area(
            actor=operator, slug=f"c{number}", name=f"{number}号社区", level="community",
            parent="street",
        )  # fmt: skip
    with django_assert_max_num_queries(16):
        found = queries.tally(operator, "street", Period.parse("2025"), END)
    assert len(found) == 13
    assert len({tuple(sorted(one.items())) for one in found.values()}) == 1
