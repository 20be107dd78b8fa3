"""Between areas: what is sent arrives once, in order, and each area writes its own rows only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from linli.core.access.rules import Actor
from linli.core.areas.rules import AreaView
from linli.core.audit import trail
from linli.core.audit.models import Entry
from linli.core.flows import actions, queries
from linli.core.flows.actions import mail
from linli.core.flows.models import Case, Incoming, Move, Outgoing
from linli.core.flows.views import CaseView, MessageView
from linli.core.records import queries as records
from linli.core.records.models import Record
from linli.kernel.errors import Refusal
from tests.flows.conftest import Walk, first, step

pytestmark = [pytest.mark.django_db, pytest.mark.database]
Sent = tuple[CaseView, MessageView]
TO_LAKE = ("send", {"to": "lake", "reason": "请贵社区办理"})
ANSWERED = {"fields": {"result": "井盖已换"}}


@pytest.fixture
def sent(walk: Walk, operator: Actor, lake: AreaView) -> Sent:
    """A matter of the garden that has been handed to the lake and carried over."""
    case = walk("assign", TO_LAKE, title="井盖缺失")
    assert actions.deliver(actor=operator) == 1
    return case, queries.inbox(operator, lake)[0]


def finish(actor: Actor, lake: AreaView, case: CaseView) -> CaseView:
    for name, more in (("assign", {}), ("skip", ANSWERED), ("content", {})):
        case = step(actor, lake, case, name, **more)
    return case


def test_an_assignment_becomes_a_record_of_the_other_area(
    sent: Sent, operator: Actor, community: AreaView, lake: AreaView
) -> None:
    case, message = sent
    assert (case.step_title, message.title, message.other) == ("等候答复", "井盖缺失", "garden")
    assert not Record.objects.filter(area=lake.key).exists()
    taken = actions.accept(actor=operator, area=lake, message=message.id)
    assert (taken.area, taken.step_title) == ("lake", "受理")
    assert taken.record != case.record
    assert Case.objects.get(id=taken.id).incoming_id == message.id
    assert queries.inbox(operator, lake) == []
    assert queries.inbox(operator, lake, waiting=False)[0].state == "accepted"
    chains = {e.action: e.chain for e in Entry.objects.filter(subject_kind="outgoing")}
    assert chains == {"flows.send": community.key}
    assert trail.verify().ok


def test_the_answer_travels_back_the_same_way(
    sent: Sent, operator: Actor, community: AreaView, lake: AreaView
) -> None:
    case, message = sent
    taken = actions.accept(actor=operator, area=lake, message=message.id)
    finish(operator, lake, taken)
    assert queries.case(operator, case.id).step_title == "等候答复"
    assert actions.deliver(actor=operator) == 1
    (answer,) = queries.inbox(operator, community)
    assert (answer.sort, answer.correlation) == ("answer", message.correlation)
    assert answer.content["outcome"] == "满意"
    done = actions.accept(actor=operator, area=community, message=answer.id)
    assert (done.id, done.step_title) == (case.id, "回访")
    assert records.record(operator, case.record).fields["result"] == "井盖已换"
    closed = queries.case(operator, taken.id)
    with pytest.raises(Refusal, match="请由对方再次交办"):
        step(operator, lake, closed, "reopen", reason="又丢了")
    assert trail.verify().ok


def test_personal_fields_stay_at_home(
    walk: Walk, operator: Actor, community: AreaView, lake: AreaView
) -> None:
    case = walk("assign")
    step(operator, community, case, "send", to="lake", fields={"who": "甲某", "result": "待办"})
    content = Outgoing.objects.get().content
    assert content["fields"] == {"result": "待办"}
    assert "甲某" not in str(content)


def test_delivered_twice_is_delivered_once(sent: Sent, operator: Actor, lake: AreaView) -> None:
    _, message = sent
    assert actions.deliver(actor=operator) == 0
    row = Outgoing.objects.get()
    assert mail._carry(operator, row) is False  # a second carrier that saw it lying there
    taken = actions.accept(actor=operator, area=lake, message=message.id)
    assert actions.accept(actor=operator, area=lake, message=message.id).id == taken.id
    assert (Incoming.objects.count(), Case.objects.count()) == (1, 2)


def test_killed_between_outbox_and_inbox(
    walk: Walk, operator: Actor, lake: AreaView, monkeypatch: pytest.MonkeyPatch
) -> None:
    walk("assign", TO_LAKE)
    walk("assign", TO_LAKE, title="第二件")
    real, seen = trail.note, []

    def dies(**words: Any) -> Any:
        seen.append(words["action"])
        if len(seen) == 2:
            raise SystemExit("killed after the inbox row, before the commit")
        return real(**words)

    monkeypatch.setattr(trail, "note", dies)
    with pytest.raises(SystemExit):
        actions.deliver(actor=operator)
    assert [one.title for one in queries.inbox(operator, lake)] == ["路灯不亮"]
    monkeypatch.setattr(trail, "note", real)
    assert actions.deliver(actor=operator) == 1
    assert [one.title for one in queries.inbox(operator, lake)] == ["第二件", "路灯不亮"]
    assert trail.verify().ok


def test_messages_of_a_correlation_keep_their_order(
    walk: Walk, operator: Actor, community: AreaView, lake: AreaView
) -> None:
    case = walk("assign", TO_LAKE)
    case = step(operator, community, case, "urge", reason="已过三天")
    assignment, urge = Outgoing.objects.order_by("ordinal")
    assert mail._carry(operator, urge) is False  # its predecessor still lies in the outbox
    assert mail._carry(operator, assignment) is True
    assert mail._carry(operator, urge) is True
    reminder, task = queries.inbox(operator, lake)
    with pytest.raises(Refusal, match="请先签收交办件"):
        actions.accept(actor=operator, area=lake, message=reminder.id)
    taken = actions.accept(actor=operator, area=lake, message=task.id)
    urged = actions.accept(actor=operator, area=lake, message=reminder.id)
    assert (urged.id, urged.step_title, urged.seen) == (taken.id, "受理", 2)
    assert queries.moves(operator, taken.id)[-1].reason == "已过三天"


def test_the_other_area_may_send_it_back(
    sent: Sent, operator: Actor, community: AreaView, lake: AreaView
) -> None:
    case, message = sent
    words: dict[str, Any] = {"actor": operator, "area": lake, "message": message.id}
    with pytest.raises(Refusal, match="没有写明理由"):
        actions.refuse(**words, reason=" ")
    actions.refuse(**words, reason="不在本辖区")
    actions.refuse(**words, reason="不在本辖区")
    assert queries.inbox(operator, lake, waiting=False)[0].state == "refused"
    with pytest.raises(Refusal, match="已经退回"):
        actions.accept(**words)
    assert actions.deliver(actor=operator) == 1
    (back,) = queries.inbox(operator, community)
    again = actions.accept(actor=operator, area=community, message=back.id)
    assert (again.step_title, again.id) == ("办理", case.id)
    assert queries.moves(operator, case.id)[-1].reason == "不在本辖区"
    assert step(operator, community, again, "send", to="street").step_title == "等候答复"


def test_who_may_not_receives_nothing(
    sent: Sent, user: Callable[..., Actor], lake: AreaView
) -> None:
    _, message = sent
    before = (Record.objects.count(), Move.objects.count(), Entry.objects.count())
    for stranger in (user("inspector", "inspector", "lake"), user("neighbour", "director")):
        for act in (actions.accept, actions.refuse):
            more = {"reason": "不收"} if act is actions.refuse else {}
            with pytest.raises(Refusal) as refused:
                act(actor=stranger, area=lake, message=message.id, **more)
            assert refused.value.code == "access.denied"
    assert before[:2] == (Record.objects.count(), Move.objects.count())
    assert Case.objects.filter(area=lake.key).count() == 0


def test_an_area_that_is_no_more_sends_it_back(
    walk: Walk, operator: Actor, community: AreaView, lake: AreaView
) -> None:
    from linli.core.areas.actions import end_area

    case = walk("assign", TO_LAKE)
    end_area(actor=operator, area=lake)
    assert actions.deliver(actor=operator) == 1
    (back,) = queries.inbox(operator, community)
    assert back.sort == "refusal"
    assert "已经撤销" in back.content["reason"]
    case = actions.accept(actor=operator, area=community, message=back.id)
    assert case.step_title == "办理"
    with pytest.raises(Refusal, match="“湖边社区”已经撤销"):
        step(operator, community, case, "send", to="lake")
    assert trail.verify().ok


def test_what_arrived_before_the_end_is_not_taken_on(
    sent: Sent, operator: Actor, lake: AreaView
) -> None:
    from linli.core.areas.actions import end_area

    end_area(actor=operator, area=lake)
    with pytest.raises(Refusal, match="已经撤销"):
        actions.accept(actor=operator, area=lake, message=sent[1].id)


def test_where_a_matter_may_be_sent(
    walk: Walk, operator: Actor, community: AreaView, lake: AreaView
) -> None:
    case = walk("assign")
    for name, to, said in (
        ("send", "garden", "不能交办给本辖区"),
        ("send", None, "没有写明交给哪个辖区"),
        ("send", "leke", "是不是“lake”"),
        ("report", "lake", "“湖边社区”不在花园社区的上级"),
    ):
        with pytest.raises(Refusal, match=said):
            step(operator, community, case, name, to=to)
    assert step(operator, community, case, "report", to="street").step_title == "等候答复"


def test_the_street_hands_down_and_works_in_its_own_area_only(
    operator: Actor, street: AreaView, lake: AreaView, user: Callable[..., Actor]
) -> None:
    from tests.flows.conftest import new_matter

    officer, worker = user("officer", "street", "street"), user("worker", "worker", "lake")
    record = new_matter(officer, street, "积水")
    case = actions.start(actor=officer, area=street, record_id=record, flow="local.flow")
    case = step(operator, street, case, "assign")
    case = step(officer, street, case, "send", to="lake")
    actions.deliver(actor=operator)
    (message,) = queries.inbox(worker, lake)
    with pytest.raises(Refusal) as refused:
        actions.accept(actor=officer, area=lake, message=message.id)
    assert refused.value.code == "access.denied"
    taken = actions.accept(
        actor=worker, area=lake, message=message.id, new=first(fields={"result": "在办"})
    )
    assert (taken.title, taken.area) == ("积水", "lake")
    assert records.record(worker, taken.record).fields["result"] == "在办"
