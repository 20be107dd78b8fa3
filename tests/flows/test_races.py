"""Two at once, each with a connection of its own: one moves, the other is told; nothing twice."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, connections

from linli.core.access.queries import local_operator
from linli.core.areas.actions import create_area
from linli.core.audit import trail
from linli.core.flows import actions, queries
from linli.core.flows.models import Incoming, Move
from linli.core.flows.rules import NewMove
from linli.kernel.errors import Refusal
from linli.kernel.ids import uuid7
from tests.flows.conftest import new_matter, step

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]
ROUNDS = 5


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """Do all works in threads that start together; answers what each gave or raised."""
    gate = threading.Barrier(len(works))
    found: list[Any] = [None] * len(works)

    def run(index: int, work: Callable[[], Any]) -> None:
        gate.wait()
        try:
            found[index] = work()
        except Exception as fault:
            found[index] = fault
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return found


def test_of_two_movers_the_second_is_told() -> None:
    me = local_operator()
    area = create_area(actor=me, slug="garden", name="花园社区", level="community")
    case = actions.start(actor=me, area=area, record_id=new_matter(me, area), flow="local.flow")
    case = step(me, area, case, "assign")
    words: dict[str, Any] = {"actor": me, "area": area, "case_id": case.id}
    for _ in range(ROUNDS):
        seen = case.seen
        pair = [NewMove(name, seen, reason="等材料") for name in ("skip", "pause")]
        found = at_once(*(partial(actions.move, **words, new=one) for one in pair))
        (refused,) = [one for one in found if isinstance(one, Exception)]
        assert isinstance(refused, Refusal), refused
        assert refused.code == "flows.moved"
        assert "先办了“" in refused.sentence
        case = queries.case(me, case.id)
        assert case.seen == seen + 1
        back = "resume" if case.standing.paused else "discontent"
        case = step(me, area, case, back, reason="继续")
    assert list(Move.objects.order_by("seq").values_list("seq", flat=True)) == list(
        range(1, case.seen + 1)
    )
    assert trail.verify().ok


def test_the_same_move_from_two_threads_is_one() -> None:
    me = local_operator()
    area = create_area(actor=me, slug="garden", name="花园社区", level="community")
    case = actions.start(actor=me, area=area, record_id=new_matter(me, area), flow="local.flow")
    new = NewMove("assign", case.seen)
    work = partial(actions.move, actor=me, area=area, case_id=case.id, new=new)
    found = at_once(work, work, work)
    assert [one.seen for one in found] == [2, 2, 2]
    assert Move.objects.count() == 2


def test_two_carriers_deliver_once() -> None:
    me = local_operator()
    area = create_area(actor=me, slug="garden", name="花园社区", level="community")
    create_area(actor=me, slug="lake", name="湖边社区", level="community")
    for number in range(6):
        record = new_matter(me, area, f"第{number}件")
        case = actions.start(actor=me, area=area, record_id=record, flow="local.flow")
        case = step(me, area, case, "assign")
        step(me, area, case, "send", to="lake")
    found = at_once(*[partial(actions.deliver, actor=me)] * 2)
    assert sum(found) == 6, found
    assert set(Counter(Incoming.objects.values_list("title", flat=True)).values()) == {1}
    assert trail.verify().ok


def test_the_number_of_a_move_is_unique_past_the_lock() -> None:
    """Whoever would write past the program's lock is refused by the database itself."""
    me = local_operator()
    area = create_area(actor=me, slug="garden", name="花园社区", level="community")
    case = actions.start(actor=me, area=area, record_id=new_matter(me, area), flow="local.flow")
    twin = Move.objects.get(case=case.id, seq=1)
    twin.pk, twin._state.adding = uuid7(), True
    with pytest.raises(IntegrityError, match=r"(?i)unique"):
        twin.save()
    assert Move.objects.filter(case=case.id).count() == 1
