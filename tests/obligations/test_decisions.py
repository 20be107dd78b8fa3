"""Intervals named, clocks stopped, obligations waived, reminders sent: each with its trace."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from uuid import UUID

import pytest

from linli.core.access.rules import Actor
from linli.core.areas.actions import create_area
from linli.core.areas.rules import AreaView
from linli.core.audit import trail
from linli.core.audit.models import Entry
from linli.core.obligations import actions, queries
from linli.core.obligations.models import NamedInterval, Pause, Reminder
from linli.core.obligations.obligation import Obligation
from linli.core.obligations.rules import State
from linli.kernel.errors import Refusal
from linli.kernel.ids import uuid7
from linli.kernel.periods import Period

pytestmark = [pytest.mark.django_db, pytest.mark.database]
Record = Callable[..., UUID]
Clock = Callable[[str], None]
CLASS = "base.due.civic_class"


@pytest.fixture(autouse=True)
def _today(clock: Clock) -> None:
    clock("2025-03-20T10:00:00+08:00")


def name(who: Actor, interval: str, **more: object) -> None:
    values = {"area": "garden", "rule": CLASS, "interval": interval, **more}
    actions.name_interval(actor=who, **values)  # type: ignore[arg-type]


def dues(who: Actor, rule: str = CLASS, period: str = "2025H1", area: str = "garden") -> list[str]:
    found = queries.obligations(who, area, Period.parse(period), rules=[rule])
    return [str(one.due) for one in found]


def refused(code: str, call: Callable[[], object]) -> Refusal:
    before = Entry.objects.count()
    with pytest.raises(Refusal) as found:
        call()
    assert found.value.code == code
    assert Entry.objects.count() == before
    return found.value


def test_an_interval_changes_from_its_day_on_and_the_past_stands(
    operator: Actor, community: AreaView
) -> None:
    name(operator, "每季度一次", since=date(2025, 4, 1), reason="人手不足")
    assert dues(operator) == ["2025-01-31", "2025-02-28", "2025-03-31", "2025-06-30"]
    (one,) = queries.intervals(operator, "garden", CLASS)
    assert (one.interval, one.since, one.reason) == ("每季度一次", date(2025, 4, 1), "人手不足")
    view = {one.rule: one for one in queries.calendar(operator, "garden")}[CLASS]
    assert (view.interval, view.since, view.declared) == ("每月一次", None, "每月一次")
    later = {one.rule: one for one in queries.calendar(operator, "garden", date(2025, 4, 1))}[CLASS]
    assert (later.interval, later.since) == ("每季度一次", date(2025, 4, 1))


def test_the_nearest_area_decides(operator: Actor, community: AreaView) -> None:
    create_area(
        actor=operator, slug="lake", name="湖边社区", level="community", parent="street"
    )  # fmt: skip
    name(operator, "每半年一次", area="street", since=date(2025, 4, 1))
    name(operator, "不办", since=date(2025, 4, 1))
    assert dues(operator) == ["2025-01-31", "2025-02-28", "2025-03-31"]
    assert dues(operator, area="lake") == ["2025-01-31", "2025-02-28", "2025-03-31", "2025-06-30"]


def test_what_cannot_be_an_interval_is_refused(operator: Actor, community: AreaView) -> None:
    told = refused("obligations.unreadable", lambda: name(operator, "有空就办"))
    assert "有空就办" in told.sentence
    refused("obligations.unstated", lambda: name(operator, "经常"))
    refused("obligations.form", lambda: name(operator, "5个工作日内"))
    refused("obligations.form", lambda: name(operator, "每月", rule="base.due.issue_closed"))
    refused("obligations.past", lambda: name(operator, "每季度", since=date(2025, 1, 1)))
    refused("packs.unknown", lambda: name(operator, "每季度", rule="base.due.civic_clas"))
    assert not NamedInterval.objects.exists()


def test_words_without_an_interval_may_be_named_for_the_past(
    operator: Actor, community: AreaView
) -> None:
    name(operator, "每月", rule="base.due.talks", since=date(2025, 2, 1))
    assert dues(operator, "base.due.talks", "2025Q1") == ["2025-02-28", "2025-03-31"]
    refused(
        "obligations.past",
        lambda: name(operator, "每季度", rule="base.due.talks", since=date(2025, 2, 2)),
    )


def test_a_stopped_rule_excuses_and_gives_back(operator: Actor, community: AreaView) -> None:
    made = actions.pause(
        actor=operator, area="garden", rule=CLASS, reason="教室装修", since=date(2025, 2, 20)
    )
    march = queries.one(operator, "garden", f"{CLASS}@2025-03-01")
    assert march.state is State.PAUSED
    refused(
        "obligations.paused_already",
        lambda: actions.pause(actor=operator, area="garden", rule=CLASS, reason="再停"),
    )
    actions.resume(actor=operator, area="garden", pause_id=made, until=date(2025, 4, 5))
    found = {
        one.name: (str(one.state), str(one.due))
        for one in queries.obligations(
            operator, "garden", Period.parse("2025H1"), date(2025, 4, 6), rules=[CLASS]
        )
    }
    assert found["2025-02-01"] == ("due", "2025-04-13")  # nine days of February, after the pause
    assert found["2025-03-01"] == ("paused", "2025-03-31")
    assert found["2025-04-01"] == ("due", "2025-05-04")
    assert found["2025-01-01"] == ("missed", "2025-01-31")
    listed = queries.due(operator, "garden", date(2025, 4, 6))
    assert (CLASS, "2025-02-01") in {(one.rule, one.name) for one in listed}
    refused(
        "obligations.decided",
        lambda: actions.resume(actor=operator, area="garden", pause_id=made),
    )


def test_one_case_may_wait_alone(operator: Actor, record: Record) -> None:
    name(operator, "5个工作日内", rule="base.due.issue_closed", since=date(2025, 1, 1))
    for title in ("堵塞", "路灯"):
        record("base.issue", "2025-03-17", title=title)
    first, second = queries.obligations(
        operator, "garden", Period.parse("2025"), rules=["base.due.issue_closed"]
    )
    actions.pause(
        actor=operator, area="garden", rule=first.code, reason="等产权单位", since=date(2025, 3, 18)
    )
    assert queries.one(operator, "garden", first.code).state is State.PAUSED
    assert queries.one(operator, "garden", second.code).due == date(2025, 3, 24)
    assert [one.reason for one in queries.decisions(operator, "garden")] == ["等产权单位"]


def test_a_waiver_and_its_end(operator: Actor, record: Record) -> None:
    code = f"{CLASS}@2025-02-01"
    made = actions.waive(actor=operator, area="garden", code=code, reason="春节停课")
    assert queries.one(operator, "garden", code).state is State.WAIVED
    refused(
        "obligations.waived_already",
        lambda: actions.waive(actor=operator, area="garden", code=code, reason="再免"),
    )
    actions.lift(actor=operator, area="garden", waiver=made)
    assert queries.one(operator, "garden", code).state is State.MISSED
    refused("obligations.decided", lambda: actions.lift(actor=operator, area="garden", waiver=made))
    record("base.civic_class", "2025-02-05")
    refused(
        "obligations.done_already",
        lambda: actions.waive(actor=operator, area="garden", code=code, reason="免"),
    )
    assert trail.verify().ok


def test_decisions_need_a_reason_and_a_subject(operator: Actor, community: AreaView) -> None:
    def pause(**more: object) -> None:
        values = {"area": "garden", "rule": CLASS, "reason": "停", **more}
        actions.pause(actor=operator, **values)  # type: ignore[arg-type]

    refused("obligations.reason", lambda: pause(reason="  "))
    refused("obligations.dates", lambda: pause(until=date(2025, 3, 20)))
    refused("obligations.level", lambda: pause(area="street"))
    refused("obligations.none", lambda: pause(rule=f"{CLASS}@2025-02-02"))
    for call in (
        lambda: actions.resume(actor=operator, area="garden", pause_id=uuid7()),
        lambda: actions.lift(actor=operator, area="garden", waiver=uuid7()),
    ):
        refused("obligations.decision", call)
    assert not Pause.objects.exists()


def test_a_pause_of_another_area_is_not_ended_from_here(
    operator: Actor, community: AreaView
) -> None:
    create_area(actor=operator, slug="lake", name="湖边社区", level="community", parent="street")
    made = actions.pause(actor=operator, area="garden", rule=CLASS, reason="停")
    refused(
        "obligations.decision",
        lambda: actions.resume(actor=operator, area="lake", pause_id=made),
    )


# -- reminding --------------------------------------------------------------------------------------


def sent(found: list[Obligation]) -> dict[str, list[str]]:
    return {one.name: [step for step, _ in one.sent] for one in found if one.sent}


def test_reminders_are_sent_once_and_step_by_step(operator: Actor, record: Record) -> None:
    record("base.assembly_report", "2024-10-10")

    def steps(day: date) -> dict[str, list[str]]:
        actions.remind(actor=operator, area="street", on=day)
        found = queries.due(operator, "garden", day)
        return sent([one for one in found if one.rule == "base.due.assembly_report"])

    assert steps(date(2025, 1, 14)) == {}  # the report on the last quarter is due on 22 January
    assert steps(date(2025, 1, 21)) == {"2025-01-01": ["提醒"]}
    assert steps(date(2025, 1, 22)) == {"2025-01-01": ["提醒"]}
    assert steps(date(2025, 1, 26)) == {"2025-01-01": ["提醒", "督办"]}
    rows = Reminder.objects.filter(rule="base.due.assembly_report").order_by("id")
    assert list(rows.values_list("addressee", flat=True)) == ["居委会", "主任"]
    assert actions.remind(actor=operator, area="street", on=date(2025, 1, 26)) == 0
    assert trail.verify().ok


def test_nothing_done_paused_or_waived_is_reminded(operator: Actor, record: Record) -> None:
    record("base.civic_class", "2025-03-05")
    actions.pause(actor=operator, area="garden", rule="base.due.study", reason="停")
    actions.waive(actor=operator, area="garden", code="base.due.patrol@2025-03-20", reason="暴雨")
    actions.remind(actor=operator, area="garden", on=date(2025, 3, 31))
    rows = set(Reminder.objects.values_list("rule", "mark"))
    assert ("base.due.desk_log", "2025-03-31") in rows
    assert not {rule for rule, _ in rows} & {"base.due.study"}
    assert not rows & {(CLASS, "2025-03-01"), ("base.due.patrol", "2025-03-20")}


def test_a_changed_reminder_is_found_by_the_audit(operator: Actor, community: AreaView) -> None:
    assert actions.remind(actor=operator, area="garden", on=date(2025, 3, 20)) > 20
    assert trail.verify().ok
    row = Reminder.objects.order_by("id")[3]
    Reminder.objects.filter(id=row.id).update(addressee="别人")
    report = trail.verify()
    assert not report.ok
    assert report.problem == f"催办 {row.id} 被改动"
    Reminder.objects.filter(id=row.id).delete()
    assert not trail.verify().ok
