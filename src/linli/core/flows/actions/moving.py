"""Starting a matter and moving it. One engine; what may be done is read from the flow."""

from __future__ import annotations

from uuid import UUID

from linli.core.access.rules import Actor, Permission
from linli.core.areas.queries import resolve
from linli.core.areas.rules import AreaRef
from linli.core.audit import trail
from linli.core.audit.action import action
from linli.core.flows.actions.engine import Engine
from linli.core.flows.checks import check, chosen
from linli.core.flows.matters import Desk, desk, in_hand, said_digest, standing_record, view_of
from linli.core.flows.models import Move
from linli.core.flows.queries import case as case_view
from linli.core.flows.rules import START, NewMove
from linli.core.flows.views import CaseView
from linli.kernel.errors import Refusal
from linli.packs.load import registry


@action("flows.start", permission=Permission.HANDLE)
def start(
    *, actor: Actor, area: AreaRef, record_id: UUID, flow: str, new: NewMove | None = None
) -> CaseView:
    """Put a record into a flow, at its first step. The same start again is answered, not repeated.

    `new` may say when, to whom and with which fields; its name and `seen` are not looked at. Raises
    Refusal records.unknown, records.withdrawn, flows.kind, flows.started, flows.early.
    """
    at = desk(actor, resolve(area))
    trail.lock(at.place.key)
    first = new or NewMove(START, 0)
    if (known := _again(at, first)) is not None:
        return case_view(actor, known)
    record = standing_record(at, record_id)
    return view_of(at, Engine.begin(at, record, registry().flow(flow), first), record)


@action("flows.move", permission=Permission.HANDLE)
def move(*, actor: Actor, area: AreaRef, case_id: UUID, new: NewMove) -> CaseView:
    """Make one move of a matter (by its own id or its record's). A retry is answered.

    Raises Refusal flows.moved if somebody was quicker, flows.not_here, flows.who, and Refusals with
    everything that the move lacks.
    """
    at = desk(actor, resolve(area))
    trail.lock(at.place.key)
    if (known := _again(at, new)) is not None:
        return case_view(actor, known)
    matter = in_hand(at, case_id)
    record = standing_record(at, matter.row.record)
    wanted = chosen(at, matter, new)
    check(at, matter, wanted, new, record)
    Engine.make(at, matter, wanted, new, record)
    return view_of(at, matter, record)


@action("flows.erase_reason", permission=Permission.HANDLE)
def erase_reason(*, actor: Actor, area: AreaRef, move_id: UUID) -> None:
    """Erase the reason of a move for good. That one was given stays, and the audit still verifies."""
    place = resolve(area)
    trail.lock(place.key)
    rows = Move.objects.filter(id=move_id, case__area=place.key)
    if not rows.update(reason="", salt=b""):
        raise Refusal("flows.unknown", id=move_id)
    trail.note(
        actor=actor,
        area=place.key,
        action="flows.erase_reason",
        subject=("erased", str(move_id)),
    )


def _again(at: Desk, new: NewMove) -> UUID | None:
    """The matter of a move that has been made already; None if it is new."""
    row = Move.objects.filter(id=new.id).select_related("case").first()
    if row is None:
        return None
    if row.case.area_id != at.place.key or said_digest(new, bytes(row.salt)) != bytes(row.said):
        raise Refusal("flows.conflict", id=new.id)
    trail.note(
        actor=at.actor,
        area=at.place.key,
        action="flows.repeat",
        subject=("retry", str(new.id)),
        facts={"seq": row.seq},
    )
    return row.case_id
