"""Between areas: carrying messages over, and taking them in. Nobody writes another area's rows.

The sender's outbox is written with its move, the inbox of the receiver by `deliver`, and the record
of the receiver by the receiver, who accepts. Each of the three may be repeated.
"""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from django.db import transaction

from linli.core.access.rules import Actor, Permission
from linli.core.areas.queries import resolve
from linli.core.areas.rules import AreaRef
from linli.core.audit import trail
from linli.core.audit.action import action
from linli.core.flows.actions.engine import Engine
from linli.core.flows.actions.pen import Pen
from linli.core.flows.checks import may_make, stands, unfit
from linli.core.flows.matters import Desk, desk, in_hand, standing_record
from linli.core.flows.models import Case, Incoming, Move, Outgoing
from linli.core.flows.queries import case as case_view
from linli.core.flows.queries import undelivered
from linli.core.flows.rules import NOTE, START, NewMove, Sort, refuse_all, wrong_time
from linli.core.flows.views import CaseView
from linli.core.flows.witness import message_seal
from linli.core.records.actions import record_one
from linli.core.records.rules import NewSource, SourceKind, State, new_record
from linli.kernel.clock import beijing, now
from linli.kernel.days import Occurred, Precision
from linli.kernel.errors import Refusal
from linli.packs.load import registry

BATCH = 500


@action("flows.deliver", permission=Permission.ADMINISTER, on=None, atomic=False, idle=True)
def deliver(*, actor: Actor) -> int:
    """Carry what lies in the outboxes over to the inboxes; return how many messages.

    Each message is a transaction of its own and bears one id on both sides: a kill in between, or
    two carriers at once, deliver it once. Messages of a correlation keep their order. What is meant
    for an area that is no more comes back to its sender as a refusal.
    """
    count = 0
    while rows := undelivered(BATCH):
        carried = sum(_carry(actor, row) for row in rows)
        count += carried
        if not carried:
            break
    return count


@action("flows.accept", permission=Permission.HANDLE)
def accept(*, actor: Actor, area: AreaRef, message: UUID, new: NewMove | None = None) -> CaseView:
    """Take a message in. An assignment becomes a record and a matter of this area; an answer moves
    the matter that waits for it; a reminder is noted. Once accepted, it is answered as it was.

    Raises Refusal flows.message, flows.ended, flows.refused, flows.not_yet, access.denied.
    """
    at = desk(actor, resolve(area))
    trail.lock(at.place.key)
    row = _arrived(at, message)
    if (known := _taken(row)) is not None:
        _note(at, "flows.repeat", row)
        return case_view(actor, known)
    first = new or NewMove(NOTE, 0)
    if Move.objects.filter(id=first.id).exists():
        raise Refusal("flows.conflict", id=first.id)
    if row.sort == Sort.ASSIGNMENT:
        case = _take_on(at, row, first)
    else:
        case = _take_in(at, row, first)
    _note(at, "flows.accept", row)
    return case_view(actor, case, at=at.at)


@action("flows.refuse", permission=Permission.HANDLE)
def refuse(*, actor: Actor, area: AreaRef, message: UUID, reason: str) -> None:
    """Send an assignment back with a reason; the same again changes nothing.

    Raises Refusal flows.message, flows.reason, flows.accepted, flows.no_refusal.
    """
    at = desk(actor, resolve(area))
    trail.lock(at.place.key)
    row = Incoming.objects.filter(area=at.place.key, id=message).first()
    if row is None:
        raise Refusal("flows.message", area=at.place.name, id=message)
    if row.sort != Sort.ASSIGNMENT:
        raise Refusal("flows.no_refusal", id=message)
    if _taken(row) is not None:
        raise Refusal("flows.accepted", id=message)
    if not reason.strip():
        raise Refusal("flows.reason", move="退件")
    if not _was_refused(row):
        Pen.write_message(
            at,
            row.sender_id,
            Sort.REFUSAL,
            row.title,
            {"reason": reason.strip()},
            correlation=row.correlation,
            reply_to=row,
        )
    _note(at, "flows.refuse", row)


def _carry(actor: Actor, row: Outgoing) -> bool:
    """Carry one message, unless another did, or one that must come before it still lies there."""
    back = not stands(row.to_id)
    area = row.area_id if back else row.to_id
    with transaction.atomic():
        trail.lock(area)
        if Incoming.objects.filter(id=row.id).exists() or _must_wait(row):
            return False
        content = row.content
        if back:
            content = {"reason": f"辖区“{row.to.name}”已经撤销，没有送达。"}
        arrived = Incoming.objects.create(
            id=row.id,
            area_id=area,
            sender_id=row.to_id if back else row.area_id,
            correlation=row.correlation,
            ordinal=row.ordinal,
            sort=Sort.REFUSAL if back else row.sort,
            title=row.title,
            content=content,
            received=now(),
        )
        trail.note(
            actor=actor,
            area=area,
            action="flows.deliver",
            subject=("incoming", str(row.id)),
            payload=message_seal(arrived, area),
            facts={"sort": str(arrived.sort), "sender": arrived.sender_id},
        )
    return True


def _must_wait(row: Outgoing) -> bool:
    before = Outgoing.objects.filter(
        correlation=row.correlation, area=row.area_id, ordinal__lt=row.ordinal
    )
    return before.exclude(id__in=Incoming.objects.values("id")).exists()


def _arrived(at: Desk, message: UUID) -> Incoming:
    row = Incoming.objects.filter(area=at.place.key, id=message).first()
    if row is None:
        raise Refusal("flows.message", area=at.place.name, id=message)
    if not stands(at.place.key):
        raise Refusal("flows.ended", area=at.place.name)
    if _was_refused(row):
        raise Refusal("flows.refused", id=message)
    return row


def _take_on(at: Desk, row: Incoming, first: NewMove) -> UUID:
    """Make our own record of what another area hands over, and begin its flow."""
    refuse_all(unfit(at, first.assignee))
    content = row.content
    flow = registry().flow(content["flow"])
    kind = content["kind"] if content["kind"] in flow.kinds else flow.kinds[0]
    known = {field.id for field in registry().kind(kind).fields}
    fields = {name: value for name, value in content["fields"].items() if name in known}
    day = beijing(first.occurred or at.at).date()
    new = new_record(
        kind,
        row.title,
        Occurred(day, day, Precision.DAY),
        fields={**fields, **first.fields},
        state=State.ONGOING,
    )
    sender = resolve(row.sender_id)
    source = NewSource(SourceKind.DOCUMENT, f"{sender.name}交办")
    record_one(actor=at.actor, area=at.place, new=new, source=source)
    record = standing_record(at, new.id)
    start = replace(first, name=START, reason=first.reason or content["reason"], fields={})
    return Engine.begin(at, record, flow, start, incoming=row).row.id


def _take_in(at: Desk, row: Incoming, first: NewMove) -> UUID:
    """Let an answer, a refusal or a reminder reach the matter that it speaks of."""
    matter = in_hand(at, _spoken_of(row).id)
    said = row.content.get("reason", "")
    new = replace(first, seen=matter.now_at.seq, reason=first.reason or said, fields={})
    act = {Sort.ANSWER: "answer", Sort.REFUSAL: "refused"}.get(Sort(row.sort), NOTE)
    here = matter.flow.moves_from(matter.now_at.step)
    wanted = next((one for one in here if one.act == act), None)
    if wanted is not None:
        may_make(at, matter, wanted)
    refuse_all(wrong_time(new.occurred or at.at, matter.moves[-1].occurred, at.at))
    if wanted is None:
        Engine.note(at, matter, new, row)
        return matter.row.id
    answered = {**row.content.get("fields", {}), **first.fields} if act == "answer" else {}
    kept = {name: answered[name] for name in wanted.needs if answered.get(name)}
    record = standing_record(at, matter.row.record)
    Engine.make(at, matter, wanted, replace(new, fields=kept), record, incoming=row)
    return matter.row.id


def _spoken_of(row: Incoming) -> Case:
    """Our matter of the correlation: the one that was sent, or the one that was taken on."""
    sent = Outgoing.objects.filter(
        correlation=row.correlation, area=row.area_id, sort=Sort.ASSIGNMENT
    ).select_related("move__case")
    if (mine := sent.first()) is not None and mine.move is not None:
        return mine.move.case
    taken = Case.objects.filter(incoming__correlation=row.correlation, area=row.area_id).first()
    if taken is None:
        raise Refusal("flows.not_yet", id=row.id)
    return taken


def _taken(row: Incoming) -> UUID | None:
    taken = Case.objects.filter(incoming=row).values_list("id", flat=True).first()
    return taken or Move.objects.filter(incoming=row).values_list("case_id", flat=True).first()


def _was_refused(row: Incoming) -> bool:
    return Outgoing.objects.filter(reply_to=row, sort=Sort.REFUSAL).exists()


def _note(at: Desk, name: str, row: Incoming) -> None:
    trail.note(
        actor=at.actor,
        area=at.place.key,
        action=name,
        subject=("message", str(row.id)),
        facts={"sort": str(row.sort)},
    )
