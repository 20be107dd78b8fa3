"""Recording one piece of work by hand."""

from __future__ import annotations

from functools import partial

from django.db import transaction

from linli.core.access.rules import Actor
from linli.core.areas.queries import resolve
from linli.core.areas.rules import AreaRef, AreaView
from linli.core.audit import trail
from linli.core.audit.action import action
from linli.core.audit.points import killpoint
from linli.core.audit.rules import Permission
from linli.core.periods.actions import add_correction
from linli.core.periods.queries import closes_of
from linli.core.records.actions.pen import ENTRY, Pen
from linli.core.records.models import Record
from linli.core.records.queries import current, versions
from linli.core.records.rows import Frame
from linli.core.records.rules import NewRecord, NewSource, RecordView, check_begun
from linli.core.records.seals import content_digest
from linli.kernel.clock import now, today
from linli.kernel.errors import Refusal


@action("records.record", permission=Permission.RECORD)
def record_one(
    *, actor: Actor, area: AreaRef, new: NewRecord, source: NewSource | None = None
) -> RecordView:
    """Keep a record. The same record again (same id, same content) is answered, not repeated.

    A record of a closed period is kept as late, with a dated correction. Raises Refusal
    records.conflict, records.ahead, records.field, records.required, records.option, records.too_large.
    """
    place = resolve(area)
    trail.lock(place.key)
    killpoint("entry.locked")
    known = current(new.id)
    if known is not None:
        return _again(actor, place, new, known)
    check_begun(new, today())
    frame = Frame(place.key, Pen.keep_source(place, source or ENTRY), _body(source), now())
    frame.closes = closes_of(place.key)
    killpoint("entry.source")
    prepared = Pen.write_version(new, frame, version=1)
    _after_close(actor, place, new, frame)
    Pen.note_version(actor, "records.record", place, new, 1, prepared)
    killpoint("entry.noted")
    transaction.on_commit(partial(killpoint, "entry.committed"))
    return versions(new.id)[-1]


def _body(source: NewSource | None) -> str:
    return source.body if source else ""


def _again(actor: Actor, place: AreaView, new: NewRecord, known: Record) -> RecordView:
    """A retry: the phone did not hear our answer. It is noted, and nothing is written twice."""
    first = versions(new.id)[0]
    same = bytes(Record.objects.get(key=first.key).content) == (new.content or content_digest(new))
    if not same or known.area_id != place.key:
        raise Refusal("records.conflict", id=new.id)
    trail.note(
        actor=actor,
        area=place.key,
        action="records.repeat",
        subject=("retry", str(new.id)),
        facts={"version": known.version},
    )
    return versions(new.id)[-1]


def _after_close(actor: Actor, place: AreaView, new: NewRecord, frame: Frame) -> None:
    for closed in frame.closes:
        if closed.covers(new.occurred):
            add_correction(
                actor=actor,
                area=place,
                closed=closed,
                record=new.id,
                versions=(None, 1),
                at=frame.received,
                reason="关账后补记",
            )
