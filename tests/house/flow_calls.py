"""One call of every action of the flows, for `world.CALLS`."""

from __future__ import annotations

from typing import Any

from linli.core.areas.queries import resolve
from linli.core.flows import actions
from linli.core.flows.models import Incoming
from linli.core.flows.rules import NewMove
from linli.core.flows.views import CaseView
from linli.core.records import actions as records

FLOW = "base.issue_flow"
RESULT = {"result": "已清理", "handler": "社区"}


def _where(w: Any) -> dict[str, Any]:
    return {"actor": w.operator, "area": w.community}


def _found(w: Any) -> dict[str, Any]:
    new = w.visit(kind="base.issue", quantities=())
    records.record_one(**_where(w), new=new)
    return {"area": w.community, "record_id": new.id, "flow": FLOW}


def _case(w: Any) -> CaseView:
    return actions.start(actor=w.operator, **_found(w))


def _sent(w: Any) -> dict[str, Any]:
    """A matter that the community has reported to its street; nothing is carried over yet."""
    case = _case(w)
    fields = {"reported_to": "街道", **RESULT}
    new = NewMove("report", case.seen, to=w.street.slug, fields=fields)
    actions.move(**_where(w), case_id=case.id, new=new)
    return {}


def _arrived(w: Any) -> dict[str, Any]:
    _sent(w)
    actions.deliver(actor=w.operator)
    return {"area": resolve(w.street.slug), "message": Incoming.objects.get().id}


def _reasoned(w: Any) -> dict[str, Any]:
    case = _case(w)
    new = NewMove("at_once", case.seen, reason="邻居催了", fields=RESULT)
    actions.move(**_where(w), case_id=case.id, new=new)
    return {"area": w.community, "move_id": new.id}


def _move(w: Any) -> dict[str, Any]:
    case = _case(w)
    new = NewMove("assign", case.seen, fields=RESULT)
    return {"area": w.community, "case_id": case.id, "new": new}


CALLS: dict[str, Any] = {
    "flows.start": _found,
    "flows.move": _move,
    "flows.erase_reason": _reasoned,
    "flows.deliver": _sent,
    "flows.accept": _arrived,
    "flows.refuse": lambda w: _arrived(w) | {"reason": "不在本辖区"},
}
