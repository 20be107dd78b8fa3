"""Moves of a matter: where it goes, what it asks for, and what is said when it cannot be."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.utils import DatabaseError, InternalError

from linli.core.access.rules import Actor
from linli.core.areas.rules import AreaView
from linli.core.audit import trail
from linli.core.flows import actions, queries
from linli.core.flows.models import Case, Move
from linli.core.flows.rules import Assignee, NewMove, NewPart
from linli.core.records import queries as records
from linli.kernel.clock import now
from linli.kernel.errors import Refusal, Refusals
from linli.kernel.ids import uuid7
from tests.flows.conftest import Walk, first, new_matter, step

pytestmark = [pytest.mark.django_db, pytest.mark.database]
DONE = ("handle", {"fields": {"result": "已修好"}})
TO_THE_END = ("assign", ("skip", {}), "content")


def test_a_matter_goes_its_way_and_the_record_says_so(walk: Walk, operator: Actor) -> None:
    case = walk("assign", DONE, "skip", "content")
    assert (case.step_title, case.standing.closed, case.standing.outcome) == ("办结", True, "满意")
    assert (case.seen, case.standing.round, case.standing.in_time) == (5, 1, True)
    record = records.record(operator, case.record)
    assert record.state == "done"
    assert record.fields == {"result": "已修好", "closed": "是"}
    assert [one.title for one in queries.moves(operator, case.id)] == [
        "转入流程", "交办", "提交", "免审", "回访满意",
    ]  # fmt: skip
    assert trail.verify().ok


def test_a_return_names_its_reason_and_gives_it_back_to_who_had_it(
    walk: Walk, operator: Actor, community: AreaView, user: Callable[..., Actor]
) -> None:
    wang = user("wang")
    case = walk(("assign", {"assignee": Assignee(person=wang.id)}), DONE)
    assert case.assignee == ""
    with pytest.raises(Refusal, match="“退回”没有写明理由"):
        step(operator, community, case, "back")
    case = step(operator, community, case, "back", reason="照片不清楚")
    assert (case.step_title, case.assignee, case.standing.returns) == ("办理", "wang", 1)
    assert queries.moves(operator, case.id)[-1].reason == "照片不清楚"


def test_everything_that_is_lacking_is_said_at_once(
    walk: Walk, operator: Actor, community: AreaView
) -> None:
    case = walk("assign")
    early = now() - timedelta(days=1)
    with pytest.raises(Refusals) as refused:
        step(operator, community, case, "handle", occurred=early)
    assert [one.code for one in refused.value.problems] == ["flows.field", "flows.early"]
    assert "办理结果" in str(refused.value)
    with pytest.raises(Refusal, match="还没有到"):
        step(operator, community, case, "skip", occurred=now() + timedelta(minutes=5))
    assert Move.objects.count() == 2


def test_evidence_is_asked_for_and_then_enough(
    walk: Walk, operator: Actor, community: AreaView
) -> None:
    from linli.core.evidence.actions import store
    from linli.core.records.actions import attach

    case = walk("assign", DONE)
    with pytest.raises(Refusal, match="要有佐证"):
        step(operator, community, case, "pass")
    kept = store(actor=operator, area=community, content=b"photo", name="照片.jpg")
    attach(actor=operator, area=community, record_id=case.record, evidence=kept.id)
    assert step(operator, community, case, "pass").step_title == "回访"


def test_a_wrong_move_names_the_right_ones(
    walk: Walk, operator: Actor, community: AreaView
) -> None:
    case = walk()
    with pytest.raises(Refusal) as refused:
        step(operator, community, case, "content")
    assert refused.value.sentence == "办件在环节“受理”，不能“回访满意”。"
    assert refused.value.way_out == "现在可以办的有：交办。"
    assert step(operator, community, case, "交办").step_title == "办理"


def test_who_was_slower_is_told_who_was_quicker(
    walk: Walk, operator: Actor, community: AreaView, user: Callable[..., Actor]
) -> None:
    case = walk()
    step(user("wang", name="王某"), community, case, "assign")
    with pytest.raises(Refusal) as refused:
        step(operator, community, case, "assign")
    assert refused.value.code == "flows.moved"
    assert refused.value.sentence.startswith("王某已在 ")
    assert "先办了“交办”" in refused.value.sentence


def test_the_same_move_twice_is_one(walk: Walk, operator: Actor, community: AreaView) -> None:
    case = walk()
    new = NewMove("assign", case.seen, reason="请尽快")
    once = actions.move(actor=operator, area=community, case_id=case.id, new=new)
    again = actions.move(actor=operator, area=community, case_id=case.id, new=new)
    assert (once.seen, again.seen) == (2, 2)
    other = NewMove("assign", case.seen, id=new.id, reason="另一个")
    with pytest.raises(Refusal, match="已经登记过另一步流转"):
        actions.move(actor=operator, area=community, case_id=case.id, new=other)
    assert Move.objects.count() == 2
    assert trail.verify().ok


def test_the_same_start_twice_is_one(operator: Actor, community: AreaView) -> None:
    record, new = new_matter(operator, community), first()
    words: dict[str, Any] = {"actor": operator, "area": community, "record_id": record}
    made = actions.start(**words, flow="试验流程", new=new)
    assert actions.start(**words, flow="试验流程", new=new) == made
    with pytest.raises(Refusal, match="已经在流程“试验流程”里"):
        actions.start(**words, flow="试验流程")
    assert Case.objects.count() == 1


def test_a_transfer_keeps_the_clock(
    walk: Walk, operator: Actor, community: AreaView, user: Callable[..., Actor]
) -> None:
    from linli.core.people.actions import add_body

    case = walk("assign")
    with pytest.raises(Refusal, match="没有写明交给谁"):
        step(operator, community, case, "hand_on")
    team = add_body(actor=operator, area=community, name="环境队")
    moved = step(operator, community, case, "hand_on", assignee=Assignee(body=team.id))
    assert (moved.assignee, moved.standing.due) == ("环境队", case.standing.due)
    assert moved.standing.since == case.standing.since
    stranger = user("far", area="street", role="inspector")
    for wrong, code in (
        (Assignee(person=stranger.id), "flows.no_assignee"),
        (Assignee(body=uuid7()), "flows.no_body"),
        (Assignee(person=stranger.id, body=team.id), "flows.one_assignee"),
    ):
        with pytest.raises(Refusal) as refused:
            step(operator, community, moved, "hand_on", assignee=wrong)
        assert refused.value.code == code


def test_the_clock_stops_once_and_runs_again(
    walk: Walk, operator: Actor, community: AreaView
) -> None:
    case = walk("assign")
    with pytest.raises(Refusal, match="没有暂停"):
        step(operator, community, case, "resume")
    case = step(operator, community, case, "pause", reason="等候材料")
    assert case.standing.paused is not None
    assert case.standing.due is None
    with pytest.raises(Refusal, match="暂停计时"):
        step(operator, community, case, "pause", reason="再等")
    assert [one.title for one in queries.choices(operator, case.id) if one.act == "resume"]
    case = step(operator, community, case, "resume")
    assert case.standing.paused is None
    assert case.standing.due is not None


def test_a_split_closes_with_its_last_part(
    walk: Walk, operator: Actor, community: AreaView, user: Callable[..., Actor]
) -> None:
    wang = user("wang")
    parts = (NewPart("换灯"), NewPart("修线", Assignee(person=wang.id), {"result": "待定"}))
    case = walk("assign")
    with pytest.raises(Refusal, match="至少要分成两件"):
        step(operator, community, case, "split", parts=parts[:1])
    case = step(operator, community, case, "split", parts=parts)
    assert (case.step_title, case.parts) == ("等候分件", 2)
    mine = [one for one in queries.cases(operator, community) if one.parent == case.id]
    assert sorted((one.title, one.assignee) for one in mine) == [("修线", "wang"), ("换灯", "")]
    with pytest.raises(Refusal, match="还有 2 个分件没有办结"):
        step(operator, community, case, "join")
    for one in mine:
        for name in TO_THE_END:
            move = name if isinstance(name, str) else name[0]
            one = step(operator, community, one, move)
    whole = queries.case(operator, case.id)
    assert (whole.step_title, whole.standing.closed) == ("回访", False)
    whole = step(operator, community, whole, "content")
    with pytest.raises(Refusal, match="所属的总件已经办结"):
        step(operator, community, one, "reopen", reason="又坏了")


def test_a_withdrawn_part_holds_up_nothing(
    walk: Walk, operator: Actor, community: AreaView
) -> None:
    from linli.core.records.actions import withdraw

    case = walk("assign", ("split", {"parts": (NewPart("甲"), NewPart("乙"))}))
    for one in queries.cases(operator, community):
        if one.parent:
            withdraw(actor=operator, area=community, record_id=one.record, reason="登记错了")
            with pytest.raises(Refusal, match="已经撤销"):
                step(operator, community, one, "assign")
    assert step(operator, community, case, "join").step_title == "回访"
    assert [one.id for one in queries.cases(operator, community)] == [case.id]


def test_a_reopened_matter_begins_a_round(walk: Walk, operator: Actor, community: AreaView) -> None:
    case = walk("assign", "skip", "content")
    with pytest.raises(Refusal, match="没有写明理由"):
        step(operator, community, case, "reopen")
    case = step(operator, community, case, "reopen", reason="又坏了")
    assert (case.step_title, case.standing.round, case.standing.closed) == ("办理", 2, False)
    again = step(operator, community, case, "skip")
    again = step(operator, community, again, "discontent", reason="没修好")
    assert (again.step_title, again.standing.outcome) == ("办理", "不满意")


def test_a_reason_can_be_erased_and_the_chain_still_verifies(
    walk: Walk, operator: Actor, community: AreaView
) -> None:
    case = walk("assign", ("pause", {"reason": "某某家中无人"}))
    last = queries.moves(operator, case.id)[-1]
    actions.erase_reason(actor=operator, area=community, move_id=last.id)
    assert queries.moves(operator, case.id)[-1].reason == ""
    assert trail.verify().ok


def test_a_move_cannot_be_changed(walk: Walk) -> None:
    case = walk("assign")
    with pytest.raises((DatabaseError, IntegrityError, InternalError)), transaction.atomic():
        Move.objects.filter(case=case.id, seq=2).update(step_to="closed")
    Move.objects.filter(case=case.id, seq=2).update(reason="后来加的", salt=b"1")
    assert trail.verify().ok is False


def test_a_record_of_another_kind_is_refused(operator: Actor, community: AreaView) -> None:
    record = new_matter(operator, community)
    with pytest.raises(Refusal, match="不办理“试验事项”"):
        actions.start(actor=operator, area=community, record_id=record, flow="base.request_flow")
    with pytest.raises(Refusal, match="没有流程"):
        actions.start(actor=operator, area=community, record_id=record, flow="local.flwo")
    with pytest.raises(Refusal, match="没有编号为"):
        queries.case(operator, uuid7())
