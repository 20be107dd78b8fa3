"""Correcting and withdrawing a record, naming its source, attaching what proves it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from linli.core.access.rules import Actor
from linli.core.areas.queries import resolve
from linli.core.areas.rules import AreaRef, AreaView
from linli.core.audit import trail
from linli.core.audit.action import action
from linli.core.audit.rules import Permission
from linli.core.evidence.models import Evidence
from linli.core.periods.actions import add_correction
from linli.core.periods.queries import closes_of
from linli.core.records.actions.pen import Pen
from linli.core.records.models import Attachment, Record, Source
from linli.core.records.queries import as_new, current, versions
from linli.core.records.rows import Frame
from linli.core.records.rules import (
    NewRecord,
    NewSource,
    RecordView,
    SourceKind,
    State,
    check_begun,
    year_of,
)
from linli.kernel.clock import now, today
from linli.kernel.errors import Refusal


@dataclass(frozen=True, slots=True)
class _Change:
    """A new version in the making."""

    actor: Actor
    name: str
    place: AreaView
    old: RecordView
    new: NewRecord
    reason: str
    source: Source


@action("records.correct", permission=Permission.RECORD)
def correct(
    *,
    actor: Actor,
    area: AreaRef,
    record_id: UUID,
    new: NewRecord,
    reason: str,
    version: int | None = None,
) -> RecordView:
    """Replace what a record says by a new version; the old one stays and is closed.

    `version` is the one the correction was made from; if the record has moved on since, it is
    refused. In a closed period the correction shows with date and reason. Raises Refusal
    records.unknown, records.changed, records.reason, records.withdrawn, records.ahead.
    """
    check_begun(new, today())
    place, old = _open(area, record_id, version)
    source = Source.objects.get(id=old.source)
    change = _Change(actor, "records.correct", place, old, _as(new, old), _reason(reason), source)
    return _write(change)


@action("records.fill", permission=Permission.RECORD)
def fill(
    *,
    actor: Actor,
    area: AreaRef,
    record_id: UUID,
    fields: Mapping[str, str],
    state: str | None = None,
    reason: str,
) -> RecordView:
    """Fill in fields of a record, and its state; whatever is not named stays as it was.

    Raises the Refusals of `correct`.
    """
    place, old = _open(area, record_id, None)
    source = Source.objects.get(id=old.source)
    kept = as_new(old)
    new = replace(kept, fields={**kept.fields, **fields}, state=state or kept.state)
    return _write(_Change(actor, "records.fill", place, old, new, _reason(reason), source))


@action("records.withdraw", permission=Permission.RECORD)
def withdraw(*, actor: Actor, area: AreaRef, record_id: UUID, reason: str) -> RecordView:
    """Withdraw a record: it counts no more, and stays readable with its reason."""
    place, old = _open(area, record_id, None)
    source = Source.objects.get(id=old.source)
    new = replace(as_new(old), state=State.WITHDRAWN)
    return _write(_Change(actor, "records.withdraw", place, old, new, _reason(reason), source))


@action("records.name_source", permission=Permission.RECORD)
def name_source(*, actor: Actor, area: AreaRef, record_id: UUID, body: str) -> RecordView:
    """Name the competent body that gave a count; from then on the count enters reports."""
    if not body.strip():
        raise Refusal("records.source")
    place, old = _open(area, record_id, None)
    source = Pen.keep_source(place, NewSource(SourceKind.BODY, old.file or "", body=body.strip()))
    state = State.DONE if old.state == State.SOURCE_WANTED else State(old.state)
    new = replace(as_new(old), state=state)
    reason = f"补明来源：{body.strip()}"
    return _write(_Change(actor, "records.name_source", place, old, new, reason, source))


@action("records.attach", permission=Permission.EVIDENCE)
def attach(*, actor: Actor, area: AreaRef, record_id: UUID, evidence: UUID) -> None:
    """Say that a stored file proves a record."""
    place, old = _open(area, record_id, None)
    row = Evidence.objects.filter(area=place.key, id=evidence).first()
    if row is None:
        raise Refusal("evidence.missing", sha256=evidence)
    Attachment.objects.get_or_create(record=old.id, evidence=row)
    trail.note(
        actor=actor,
        area=place.key,
        action="records.attach",
        subject=("attachment", str(old.id)),
        payload=bytes.fromhex(row.sha256),
        facts={"evidence": str(row.id)},
    )


def _reason(reason: str) -> str:
    if not reason.strip():
        raise Refusal("records.reason")
    return reason.strip()


def _open(area: AreaRef, record_id: UUID, version: int | None) -> tuple[AreaView, RecordView]:
    """The record as it stands, with the chain of its area locked."""
    place = resolve(area)
    trail.lock(place.key)
    row = current(record_id)
    if row is None or row.area_id != place.key:
        raise Refusal("records.unknown", id=record_id)
    if version is not None and row.version != version:
        raise Refusal("records.changed", id=record_id, version=row.version)
    if row.state == State.WITHDRAWN:
        raise Refusal("records.withdrawn", id=record_id)
    return place, next(one for one in versions(record_id) if one.version == row.version)


def _as(new: NewRecord, old: RecordView) -> NewRecord:
    """The correction under the record's own id and place in its sheet."""
    kept = as_new(old)
    return replace(
        new,
        id=old.id,
        shape=new.shape or kept.shape,
        sheet=new.sheet if new.sheet is not None else kept.sheet,
        row=new.row if new.row is not None else kept.row,
        identity=new.identity or kept.identity,
    )


def _write(change: _Change) -> RecordView:
    old, new, place = change.old, change.new, change.place
    moment = now()
    closes = closes_of(place.key)
    frame = Frame(place.key, change.source, change.source.body, moment, closes=closes)
    Record.objects.filter(key=old.key).update(known_to=moment)
    prepared = Pen.write_version(new, frame, version=old.version + 1)
    Pen.mark_changed(place.key, [year_of(old.occurred)])
    for closed in closes:
        if closed.covers(old.occurred) or closed.covers(new.occurred):
            add_correction(
                actor=change.actor,
                area=place,
                closed=closed,
                record=old.id,
                versions=(old.version, old.version + 1),
                at=moment,
                reason=change.reason,
            )
    Pen.note_version(change.actor, change.name, place, new, old.version + 1, prepared)
    return versions(old.id)[-1]
