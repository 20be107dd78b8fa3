"""Lists cost a fixed number of queries, and the matrix flows × role × area leaks nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linli.core.access.rules import ROLES, Actor
from linli.core.areas.rules import AreaView
from linli.core.flows import actions, facts, queries
from linli.core.flows.models import Move
from linli.core.flows.rules import START, Assignee, NewMove
from linli.kernel.clock import BEIJING, now
from linli.kernel.errors import Refusal
from linli.kernel.ids import uuid7
from tests.flows.conftest import Walk, first, new_matter, step

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def fill(operator: Actor, area: AreaView, count: int, start: int = 0) -> None:
    for number in range(start, start + count):
        record = new_matter(operator, area, f"第{number}件")
        case = actions.start(actor=operator, area=area, record_id=record, flow="local.flow")
        if number % 2:
            step(operator, area, case, "assign")


def cost(read: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as caught:
        read()
    return len(caught)


def test_a_list_costs_the_same_however_long(
    operator: Actor, community: AreaView, lake: AreaView
) -> None:
    fill(operator, community, 3)
    reads: list[Callable[[], Any]] = [
        lambda: queries.cases(operator, "street"),
        lambda: queries.cases(operator, "street", overdue=False, mine=False),
        lambda: queries.cases(operator, "street", step="handling", flow="local.flow"),
        lambda: list(facts.stays(community.key, now())),
        lambda: queries.inbox(operator, community),
    ]
    few = [cost(read) for read in reads]
    fill(operator, lake, 20, start=3)
    assert [cost(read) for read in reads] == few
    assert max(few) <= 10, few
    assert len(queries.cases(operator, "street")) == 23


def test_lists_are_narrowed_and_paged(
    operator: Actor, community: AreaView, user: Callable[..., Actor]
) -> None:
    wang = user("wang")
    fill(operator, community, 4)
    held = new_matter(operator, community, "交给王")
    actions.start(
        actor=operator, area=community, record_id=held, flow="local.flow",
        new=first(assignee=Assignee(person=wang.id)),
    )  # fmt: skip
    titles = [one.title for one in queries.cases(operator, community)]
    assert titles == ["第0件", "第1件", "第2件", "第3件", "交给王"]  # the longest waiting first
    assert [one.title for one in queries.cases(operator, community, limit=2, offset=1)] == titles[
        1:3
    ]
    assert [one.title for one in queries.cases(wang, community, mine=True)] == ["交给王"]
    assert queries.cases(operator, community, mine=True) == []
    late = now() + timedelta(days=30)
    assert len(queries.cases(operator, community, overdue=True, at=late)) == 5
    assert queries.cases(operator, community, overdue=True) == []
    assert len(queries.cases(operator, community, overdue=True, at=late, limit=3, offset=3)) == 2
    assert len(queries.cases(operator, community, step="handling")) == 2
    assert queries.cases(operator, community, closed=True) == []


def test_a_body_is_those_who_hold_a_post_of_it(
    operator: Actor, community: AreaView, user: Callable[..., Actor]
) -> None:
    from linli.core.people.actions import add_body, appoint

    member, other = user("wang", name="王某"), user("li", name="李某")
    team = add_body(actor=operator, area=community, name="环境队")
    appoint(actor=operator, area=community, body=team.id, title="队长", holder="王某")
    record = new_matter(operator, community)
    case = actions.start(actor=operator, area=community, record_id=record, flow="local.flow")
    case = step(operator, community, case, "assign", assignee=Assignee(body=team.id))
    assert [one.id for one in queries.cases(member, community, mine=True)] == [case.id]
    assert queries.cases(other, community, mine=True) == []
    assert "hand_on" in {one.name for one in queries.choices(member, case.id)}
    assert "hand_on" not in {one.name for one in queries.choices(other, case.id)}
    with pytest.raises(Refusal) as refused:
        step(other, community, case, "pause", reason="不该我办")
    assert refused.value.sentence == "“暂停”要由承办人、主任来办，李某不是。"
    assert step(member, community, case, "pause", reason="等材料").standing.paused


# Who may read, and who may move which, of a matter of the garden: role and area of the grant.
READERS = {
    ("worker", "garden"), ("director", "garden"), ("inspector", "garden"), ("admin", "garden"),
    ("street", "garden"), ("district", "garden"), ("worker", "street"), ("director", "street"),
    ("street", "street"), ("district", "street"), ("inspector", "street"), ("admin", "street"),
}  # fmt: skip
MOVERS = {
    "handle": {("worker", "garden"), ("worker", "street")},
    "split": {("director", "garden"), ("director", "street")},
    "send": {
        ("director", "garden"), ("director", "street"),
        ("street", "garden"),  # an office's own area; never one under it
    },
}  # fmt: skip


@pytest.mark.parametrize("where", ["garden", "street", "lake"])
@pytest.mark.parametrize("role", ROLES)
def test_the_matrix(
    role: str, where: str, walk: Walk, lake: AreaView, user: Callable[..., Actor],
    community: AreaView,
) -> None:  # fmt: skip
    case = walk("assign")
    actor = user("somebody", role, where)
    reads: list[Callable[[], Any]] = [
        lambda: queries.cases(actor, community),
        lambda: queries.case(actor, case.id),
        lambda: queries.moves(actor, case.id),
        lambda: queries.choices(actor, case.id),
        lambda: queries.inbox(actor, community),
        lambda: queries.outbox(actor, community),
    ]
    may_read = (role, where) in READERS
    for read in reads:
        if may_read:
            read()
        else:
            with pytest.raises(Refusal, match="没有“查看”的权限"):
                read()
    offered = {one.name for one in queries.choices(actor, case.id)} if may_read else set()
    count = Move.objects.count()
    for name, movers in MOVERS.items():
        may = (role, where) in movers
        assert (name in offered) is may, name
        if not may:
            new = NewMove(name, case.seen, reason="理由", fields={"result": "已办"}, to="lake")
            with pytest.raises(Refusal) as refused:
                actions.move(actor=actor, area=community, case_id=case.id, new=new)
            assert refused.value.code in {"access.denied", "flows.who"}
    assert Move.objects.count() == count


def test_a_matter_of_another_area_is_not_moved_through_ours(
    walk: Walk, lake: AreaView, user: Callable[..., Actor]
) -> None:
    case = walk("assign")
    neighbour = user("neighbour", "director", "lake")
    calls: list[tuple[Any, dict[str, Any]]] = [
        (actions.move, {"case_id": case.id, "new": NewMove("split", case.seen)}),
        (actions.start, {"record_id": case.record, "flow": "local.flow"}),
        (actions.erase_reason, {"move_id": Move.objects.first().id}),
        (actions.accept, {"message": uuid7()}),
        (actions.refuse, {"message": uuid7(), "reason": "不收"}),
    ]
    for act, words in calls:
        with pytest.raises(Refusal) as refused:
            act(actor=neighbour, area=lake, **words)
        assert refused.value.code in {"flows.unknown", "records.unknown", "flows.message"}


def test_the_facts_of_steps(operator: Actor, community: AreaView) -> None:
    record = new_matter(operator, community)
    begun = datetime(2025, 3, 3, 9, tzinfo=BEIJING)
    case = actions.start(
        actor=operator, area=community, record_id=record, flow="local.flow",
        new=NewMove(START, 0, occurred=begun),
    )  # fmt: skip
    for name, hours, reason in (("assign", 2, ""), ("pause", 3, "等"), ("resume", 27, "")):
        case = step(
            operator, community, case, name, occurred=begun + timedelta(hours=hours), reason=reason
        )
    case = step(operator, community, case, "skip", occurred=begun + timedelta(days=9))
    found = list(facts.stays(community.key, begun + timedelta(days=20)))
    assert [(one.step, one.round, one.minutes, one.work_minutes, one.in_time) for one in found] == [
        ("received", 1, 120, 120, True),
        ("handling", 1, 9 * 1440 - 120 - 1440, 2760, False),
        ("calling", 1, None, None, False),
    ]
    assert {one.area for one in found} == {community.key}
