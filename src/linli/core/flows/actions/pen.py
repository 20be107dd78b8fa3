"""The one place that writes rows of matters, moves and messages; actions say when."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from linli.core.audit import trail
from linli.core.flows.matters import Desk, said_digest
from linli.core.flows.models import Case, Incoming, Move, Outgoing
from linli.core.flows.rules import Moved, NewMove, reason_digest
from linli.core.flows.witness import message_seal, move_seal
from linli.core.records.actions import fill
from linli.core.records.models import Record
from linli.core.records.queries import current
from linli.kernel.ids import uuid7
from linli.packs.schema_flow import FlowStep


class Pen:
    """Writes rows. No method decides anything: permission, lock and rules are the actions'."""

    @staticmethod
    def open_case(
        at: Desk,
        record: UUID,
        flow: str,
        *,
        parent: Case | None = None,
        incoming: Incoming | None = None,
    ) -> Case:
        """The row of a new matter."""
        return Case.objects.create(
            area_id=at.place.key, record=record, flow=flow, parent=parent, incoming=incoming
        )

    @staticmethod
    def write_move(
        at: Desk,
        case: Case,
        made: Moved,
        new: NewMove,
        *,
        name: str,
        incoming: Incoming | None = None,
    ) -> Move:
        """Write a move and note it in the chain of its area; the digest is the seal of the row."""
        salt = secrets.token_bytes(16)
        limit = made.limit
        row = Move.objects.create(
            id=new.id,
            case=case,
            seq=made.seq,
            name=made.name,
            act=made.act,
            step_from=made.step_from,
            step_to=made.step_to,
            round=made.round,
            closing=made.closing,
            within=limit.within if limit else None,
            unit=limit.unit if limit else "",
            occurred=made.occurred,
            captured=new.captured or at.at,
            received=at.at,
            actor=at.actor.id,
            person_id=made.assignee.person,
            body_id=made.assignee.body,
            outcome=made.outcome,
            reason=new.reason.strip(),
            salt=salt,
            digest=reason_digest(new.reason.strip(), salt),
            said=said_digest(new, salt),
            incoming=incoming,
        )
        trail.note(
            actor=at.actor,
            area=at.place.key,
            action=name,
            subject=("move", str(row.id)),
            payload=move_seal(row),
            facts={"case": str(case.id), "seq": made.seq, "step": made.step_to},
        )
        return row

    @staticmethod
    def write_message(
        at: Desk,
        to: int,
        sort: str,
        title: str,
        content: Mapping[str, Any],
        *,
        correlation: UUID | None = None,
        move: Move | None = None,
        reply_to: Incoming | None = None,
    ) -> Outgoing:
        """Put a message into the outbox; without a correlation it begins one of its own id."""
        number = uuid7()
        row = Outgoing.objects.create(
            id=number,
            area_id=at.place.key,
            to_id=to,
            correlation=correlation or number,
            ordinal=Outgoing.objects.filter(correlation=correlation, area=at.place.key).count()
            if correlation
            else 0,
            sort=sort,
            title=title,
            content=dict(content),
            move=move,
            reply_to=reply_to,
            created=at.at,
        )
        trail.note(
            actor=at.actor,
            area=at.place.key,
            action="flows.send",
            subject=("outgoing", str(row.id)),
            payload=message_seal(row, to),
            facts={"sort": sort, "to": to},
        )
        return row

    @staticmethod
    def fill_record(
        at: Desk, record: Record, step: FlowStep | None, fields: Mapping[str, str], reason: str
    ) -> Record:
        """Let the record say what was filled in, and what the step says of it, as a correction."""
        given = {**fields, **(step.sets if step else {})}
        state = (step.state if step else None) or record.state
        if state == record.state and given.items() <= record.fields.items():
            return record
        fill(
            actor=at.actor,
            area=at.place,
            record_id=record.id,
            fields=given,
            state=state,
            reason=reason,
        )
        return current(record.id) or record
