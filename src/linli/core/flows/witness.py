"""Holds audit entries against moves and messages, so that a change past the program shows."""

from __future__ import annotations

from uuid import UUID

from linli.core.audit.models import Entry
from linli.core.audit.rules import canonical
from linli.core.flows.models import Incoming, Move, Outgoing
from linli.core.flows.rules import reason_digest, seal


def move_seal(row: Move) -> bytes:
    """Digest of a move as stored; of its reason only the digest, so that it can be erased."""
    said = [
        row.id.hex,
        row.case_id.hex,
        row.seq,
        row.name,
        row.act,
        row.step_from,
        row.step_to,
        row.round,
        row.closing,
        row.within,
        row.unit,
        row.occurred.isoformat(timespec="microseconds"),
        row.captured.isoformat(timespec="microseconds"),
        row.received.isoformat(timespec="microseconds"),
        row.actor,
        row.person_id,
        row.body_id,
        row.outcome,
        bytes(row.digest).hex(),
        row.incoming_id,
    ]
    return seal(said)


def message_seal(row: Outgoing | Incoming, to: int) -> bytes:
    """Digest of a message; the same on both sides, whichever row bears it."""
    said = [row.id.hex, to, row.correlation.hex, row.ordinal, row.sort, row.title]
    return seal([*said, canonical(row.content).decode()])


def check_move(entry: Entry) -> str | None:
    """An entry of a move: its row is there, unchanged, and its reason is the one that was given."""
    row = Move.objects.filter(id=UUID(entry.subject)).first()
    if row is None:
        return f"流转 {entry.subject} 不见了"
    salt, digest = bytes(row.salt), bytes(row.digest)
    erased = not row.reason and not salt
    same = erased or reason_digest(row.reason, salt) == digest
    return (
        None if same and move_seal(row) == bytes(entry.digest) else f"流转 {entry.subject} 被改动"
    )


def check_outgoing(entry: Entry) -> str | None:
    """An entry of a message that was sent."""
    row = Outgoing.objects.filter(id=UUID(entry.subject)).first()
    if row is None:
        return f"发件 {entry.subject} 不见了"
    same = message_seal(row, row.to_id) == bytes(entry.digest)
    return None if same else f"发件 {entry.subject} 被改动"


def check_incoming(entry: Entry) -> str | None:
    """An entry of a message that arrived."""
    row = Incoming.objects.filter(id=UUID(entry.subject)).first()
    if row is None:
        return f"来件 {entry.subject} 不见了"
    same = message_seal(row, row.area_id) == bytes(entry.digest)
    return None if same else f"来件 {entry.subject} 被改动"
