"""Makes a move and everything that follows from it: parts, messages, the end of a whole."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from linli.core.areas.queries import resolve
from linli.core.flows.actions.pen import Pen
from linli.core.flows.checks import unfit
from linli.core.flows.matters import (
    Desk,
    Matter,
    declared,
    in_hand,
    limit_of,
    plain,
    standing_record,
)
from linli.core.flows.models import Case, Incoming, Move, Outgoing
from linli.core.flows.queries import open_parts
from linli.core.flows.rules import (
    NOTE,
    START,
    Moved,
    NewMove,
    NewPart,
    Sort,
    next_assignee,
    refuse_all,
    standing,
    wrong_time,
)
from linli.core.records.actions import record_one
from linli.core.records.models import Record
from linli.core.records.rules import State, new_record, occurred_from_row
from linli.kernel.errors import Refusal
from linli.kernel.ids import uuid7
from linli.packs.load import registry
from linli.packs.schema_flow import Flow, FlowMove


class Engine:
    """Writes what has been found right. Permission, lock and checks are the actions'."""

    @staticmethod
    def begin(
        at: Desk,
        record: Record,
        flow: Flow,
        first: NewMove,
        *,
        parent: Case | None = None,
        incoming: Incoming | None = None,
    ) -> Matter:
        """Open a matter on a record and write its first move."""
        if record.kind not in flow.kinds:
            kind = registry().kind(record.kind)
            raise Refusal("flows.kind", flow=flow.title, kind=kind.title)
        if (held := Case.objects.filter(record=record.id).first()) is not None:
            title = registry().flow(held.flow).title
            raise Refusal("flows.started", id=record.id, flow=title)
        when = first.occurred or at.at
        refuse_all([*wrong_time(when, None, at.at), *unfit(at, first.assignee)])
        step = flow.steps[0]
        case = Pen.open_case(at, record.id, flow.id, parent=parent, incoming=incoming)
        made = Moved(
            1, START, START, "", step.id, 1, step.end, limit_of(step), when, first.assignee
        )
        Pen.write_move(at, case, made, first, name="flows.start")
        Pen.fill_record(at, record, step, first.fields, f"转入流程：{flow.title}")
        return Matter(case, flow, [made], standing([made], at.at))

    @staticmethod
    def make(
        at: Desk,
        matter: Matter,
        wanted: FlowMove,
        new: NewMove,
        record: Record,
        *,
        incoming: Incoming | None = None,
    ) -> Move:
        """Write a move that has been found right, and everything that follows from it."""
        stands = matter.now_at
        step = declared(matter.flow, wanted.to) if wanted.to else None
        made = Moved(
            seq=stands.seq + 1,
            name=wanted.id,
            act=wanted.act,
            step_from=stands.step,
            step_to=step.id if step else stands.step,
            round=stands.round + (wanted.act == "reopen"),
            closing=step.end if step else stands.closed,
            limit=limit_of(step) if step else None,
            occurred=new.occurred or at.at,
            assignee=next_assignee(matter.moves, wanted, new.assignee),
            outcome=wanted.outcome,
        )
        row = Pen.write_move(at, matter.row, made, new, name="flows.move", incoming=incoming)
        record = Pen.fill_record(at, record, step, new.fields, f"流程：{wanted.title}")
        closes = made.closing and not stands.closed
        matter.goes_on(made, at.at)
        if wanted.act == "split":
            _split(at, matter, wanted, new, record)
        if wanted.act in ("send", "urge"):
            _send(at, matter.row, wanted, new, record, row)
        if closes:
            _closed(at, matter, made, row)
        return row

    @staticmethod
    def note(at: Desk, matter: Matter, new: NewMove, incoming: Incoming) -> Move:
        """Take something in that moves nothing: a reminder, or an answer that nobody waits for."""
        stands = matter.now_at
        made = Moved(
            seq=stands.seq + 1,
            name=NOTE,
            act=NOTE,
            step_from=stands.step,
            step_to=stands.step,
            round=stands.round,
            closing=stands.closed,
            limit=None,
            occurred=new.occurred or at.at,
            assignee=stands.assignee,
        )
        row = Pen.write_move(at, matter.row, made, new, name="flows.move", incoming=incoming)
        matter.goes_on(made, at.at)
        return row


def _split(at: Desk, matter: Matter, wanted: FlowMove, new: NewMove, record: Record) -> None:
    """Make a record of each part, with the fields of the whole, and let it go its own way."""
    flow = registry().flow(wanted.into or matter.flow.id)
    for part in new.parts:
        made = standing_record(at, _part(at, flow, part, record))
        first = NewMove(START, 0, id=uuid7(), occurred=new.occurred, assignee=part.assignee)
        Engine.begin(at, made, flow, first, parent=matter.row)


def _part(at: Desk, flow: Flow, part: NewPart, whole: Record) -> UUID:
    kind = whole.kind if whole.kind in flow.kinds else flow.kinds[0]
    known = {field.id for field in registry().kind(kind).fields}
    kept = {name: value for name, value in whole.fields.items() if name in known}
    new = new_record(
        kind,
        part.title,
        occurred_from_row(whole.start, whole.end, whole.precision, whole.words),
        fields={**kept, **part.fields},
        grain=whole.grain,
        state=State.ONGOING,
    )
    return record_one(actor=at.actor, area=at.place, new=new).id


def _closed(at: Desk, matter: Matter, made: Moved, row: Move) -> None:
    """Tell those who wait: the area that handed the matter over, and the whole it is a part of."""
    case = matter.row
    if case.incoming is not None:
        record = standing_record(at, case.record)
        Pen.write_message(
            at,
            case.incoming.sender_id,
            Sort.ANSWER,
            record.title,
            {"outcome": made.outcome, "reason": row.reason, "fields": plain(record)},
            correlation=case.incoming.correlation,
            move=row,
            reply_to=case.incoming,
        )
    if case.parent_id is not None and not open_parts(case.parent_id):
        _join(at, case.parent_id, made)


def _join(at: Desk, whole: UUID, made: Moved) -> None:
    """The last part is closed: a whole that waits for its parts goes on by itself."""
    matter = in_hand(at, whole)
    ways = [one for one in matter.flow.moves_from(matter.now_at.step) if one.act == "join"]
    if ways and matter.step.waits == "parts":
        when = max(made.occurred, matter.moves[-1].occurred)
        new = NewMove(ways[0].id, matter.now_at.seq, occurred=when)
        Engine.make(at, matter, ways[0], new, standing_record(at, matter.row.record))


def _send(at: Desk, case: Case, wanted: FlowMove, new: NewMove, record: Record, move: Move) -> None:
    """Write the message that goes with a move: an assignment, or a reminder of one."""
    content: dict[str, Any] = {"reason": new.reason.strip()}
    if wanted.act == "urge":
        if (sent := _last_sent(case)) is not None:
            Pen.write_message(
                at,
                sent.to_id,
                Sort.URGE,
                record.title,
                content,
                correlation=sent.correlation,
                move=move,
            )
        return
    to = resolve(str(new.to))
    content |= {
        "kind": record.kind,
        "flow": wanted.into or case.flow,
        "fields": plain(record),
    }
    Pen.write_message(at, to.key, Sort.ASSIGNMENT, record.title, content, move=move)


def _last_sent(case: Case) -> Outgoing | None:
    """The last assignment that left with a matter."""
    sent = Outgoing.objects.filter(move__case=case, sort=Sort.ASSIGNMENT)
    return sent.order_by("-move__seq").first()
