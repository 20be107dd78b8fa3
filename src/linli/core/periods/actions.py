"""Closing a period, and noting what is changed after it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from linli.core.access.rules import Actor
from linli.core.areas.queries import resolve
from linli.core.areas.rules import AreaRef
from linli.core.audit import trail
from linli.core.audit.action import action
from linli.core.audit.rules import Permission
from linli.core.periods.models import Close, Correction
from linli.core.periods.rules import Closed
from linli.kernel.clock import now, today
from linli.kernel.errors import Refusal
from linli.kernel.periods import Period


@action("periods.close", permission=Permission.CLOSE)
def close(*, actor: Actor, area: AreaRef, period: Period) -> Closed:
    """Close a period that is over: from now on its records change only by dated corrections."""
    place = resolve(area)
    trail.lock(place.key)  # no record slips in between
    if period.end >= today():
        raise Refusal("periods.not_over", period=period.words(), end=period.end)
    if Close.objects.filter(area=place.key, start=period.start, end=period.end).exists():
        raise Refusal("periods.closed_already", period=period.words())
    row = Close.objects.create(
        area_id=place.key,
        period=period.words(),
        start=period.start,
        end=period.end,
        at=now(),
        by=actor.id,
    )
    trail.note(
        actor=actor,
        area=place.key,
        action="periods.close",
        subject=("close", str(row.id)),
        payload=[row.start, row.end],
        facts={"start": row.start.isoformat(), "end": row.end.isoformat()},
    )
    return Closed(row.id, row.period, row.start, row.end, row.at)


@action("periods.correct", permission=Permission.RECORD, part_of="records.correct")
def add_correction(
    *,
    actor: Actor,
    area: AreaRef,
    closed: Closed,
    record: UUID,
    versions: tuple[int | None, int],
    at: datetime,
    reason: str,
) -> None:
    """Note a change of a record of a closed period; `versions` are the one before and after."""
    del area  # asked for by the gate
    Correction.objects.create(
        close_id=closed.id,
        record=record,
        old_version=versions[0],
        new_version=versions[1],
        at=at,
        by=actor.id,
        reason=reason,
    )
