"""When a limit runs out: working and calendar days and hours, with a clock that can be stopped.

Days: the day of the beginning is not counted (Civil Code, art. 201); a day counts if the clock was
running at its end, and for working days if the office works on it. The limit runs out at the end of
the last day that counts. A calendar day counts whether it is a holiday or not: who wants holidays
left out declares working days. Hours run from the minute; working hours are those of the office.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from linli.kernel.clock import BEIJING, beijing
from linli.kernel.workdays import is_workday

OFFICE_HOURS = ((time(8, 30), time(12)), (time(13, 30), time(18)))
"""Eight hours a working day, so that eight working hours are one working day's work."""
_DAY = timedelta(days=1)
_NONE = timedelta(0)


@dataclass(frozen=True, slots=True)
class Limit:
    """So many hours, working hours, days or working days."""

    within: int
    unit: str


@dataclass(frozen=True, slots=True)
class Pause:
    """The clock stood from `start`; `end` None: it still stands."""

    start: datetime
    end: datetime | None = None

    def covers_end_of(self, day: date) -> bool:
        """Whether the clock stood when the day ended."""
        midnight = _midnight(day + _DAY)
        return self.start < midnight and (self.end is None or self.end >= midnight)


def due(limit: Limit, begun: datetime, pauses: Sequence[Pause] = ()) -> datetime | None:
    """The last instant in time; None while a stopped clock leaves it open. Pauses in their order."""
    if limit.unit in ("day", "workday"):
        return _last_day(limit, begun, pauses)
    left = timedelta(hours=limit.within)
    for start, end in _running(begun, pauses):
        for opened, closed in _open(start, end, office=limit.unit == "workhour"):
            if closed is None or closed - opened >= left:
                return opened + left
            left -= closed - opened
    return None


def worked(start: datetime, end: datetime) -> timedelta:
    """How much of the office's hours lies between two instants."""
    spans = _open(start, end, office=True)
    return sum((closed - opened for opened, closed in spans if closed), _NONE)


def _last_day(limit: Limit, begun: datetime, pauses: Sequence[Pause]) -> datetime | None:
    day, left = beijing(begun).date(), limit.within
    while True:
        stopped = [pause for pause in pauses if pause.covers_end_of(day)]
        if any(pause.end is None for pause in stopped):
            return None
        if not stopped and left <= 0:
            return datetime.combine(day, time.max, BEIJING)
        day += _DAY
        counts = limit.unit == "day" or is_workday(day).worked
        left -= counts and not any(pause.covers_end_of(day) for pause in pauses)


def _running(
    begun: datetime, pauses: Sequence[Pause]
) -> Iterator[tuple[datetime, datetime | None]]:
    """The stretches in which the clock runs; the last has no end unless the clock still stands."""
    for pause in pauses:
        yield begun, pause.start
        if pause.end is None:
            return
        begun = pause.end
    yield begun, None


def _open(
    start: datetime, end: datetime | None, *, office: bool
) -> Iterator[tuple[datetime, datetime | None]]:
    """The parts of a stretch that count: all of it, or the hours in which the office is open."""
    if not office:
        yield start, end
        return
    day = beijing(start).date()
    while end is None or _midnight(day) < end:
        for opens, closes in OFFICE_HOURS if is_workday(day).worked else ():
            opened = max(start, datetime.combine(day, opens, BEIJING))
            closed = datetime.combine(day, closes, BEIJING)
            closed = closed if end is None else min(end, closed)
            if opened < closed:
                yield opened, closed
        day += _DAY


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, BEIJING)
