"""Reads of closes and corrections."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from linli.core.access.queries import readable
from linli.core.access.rules import Actor
from linli.core.areas.rules import AreaRef
from linli.core.periods.models import Close, Correction
from linli.core.periods.rules import Closed


@dataclass(frozen=True, slots=True)
class CorrectionView:
    """A dated correction: record, versions before and after, when, by whom, why."""

    record: UUID
    period: str
    old_version: int | None
    new_version: int
    at: datetime
    by: str
    reason: str


def closes_of(area: int) -> list[Closed]:
    """The closes of an area by key, oldest first; for other floors' rules."""
    rows = Close.objects.filter(area=area).order_by("at")
    return [Closed(row.id, row.period, row.start, row.end, row.at) for row in rows]


def closes(actor: Actor, area: AreaRef) -> list[Closed]:
    """The closes of an area, oldest first."""
    return closes_of(readable(actor, area).key)


def is_closed(actor: Actor, area: AreaRef, day: date) -> bool:
    """Whether a day lies in a closed period of the area."""
    return any(one.start <= day <= one.end for one in closes(actor, area))


def corrections(actor: Actor, area: AreaRef) -> list[CorrectionView]:
    """The corrections after closes of an area, oldest first."""
    place = readable(actor, area)
    rows = Correction.objects.filter(close__area=place.key).select_related("close")
    return [
        CorrectionView(
            record=row.record,
            period=row.close.period,
            old_version=row.old_version,
            new_version=row.new_version,
            at=row.at,
            by=row.by,
            reason=row.reason,
        )
        for row in rows.order_by("at", "id")
    ]
