"""Windows: the days from which and until which something is due, by its interval.

A window opens and is due on days that both count. Its name stays the same whatever else changes:
the first day of its period or the day it is about, and the number where there are several (#2);
one that comes once is called so.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple

from linli.kernel.intervals import FIRST_WORKDAY, LAST_WORKDAY, Interval
from linli.kernel.lunar import birthday, festival
from linli.kernel.workdays import add_workdays, is_workday

_DAY = timedelta(days=1)
_MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}
_MONDAY = date(1900, 1, 1)  # a Monday: weeks are counted from it
ONCE = "once"
"""The name of a window that comes once: it stays where the stated day is corrected."""


class Window(NamedTuple):
    """From which day and until which something is due, both counted."""

    due: date
    opens: date
    name: str


def windows(
    interval: Interval, first: date, last: date, *, begins: date = _MONDAY
) -> tuple[Window, ...]:
    """The windows whose due day lies between two days, earliest due first.

    `begins` says which period is the first of several taken together (每两年). Intervals that run
    from a stated day, and those without an interval, have none here: see `stated`.
    """
    if interval.anchored or interval.every in ("unstated", "never"):
        return ()
    found = (
        _festivals(interval, first, last)
        if interval.every == "festival"
        else _of_periods(interval, first, last, begins)
    )
    return tuple(sorted({one for one in found if first <= one.due <= last}))


def stated(interval: Interval, day: date, first: date, last: date) -> tuple[Window, ...]:
    """The windows that run from a stated day: a deadline or expiry, once; a birthday each year.

    Deadlines run from the day after (Civil Code, art. 201); the stated day itself is in the window.
    A birthday of 29 February is kept on the last day of February.
    """
    match interval.every:
        case "deadline":
            within = interval.within or 0
            due = add_workdays(day, within) if interval.workdays else day + _DAY * within
            return (Window(due, day, ONCE),)
        case "date":
            return (_around(interval, day)._replace(name=ONCE),)
        case "birthday":
            years = range(max(first.year - 1, day.year + 1), last.year + 2)
            days = (birthday(day, year, lunar=interval.lunar) for year in years)
            made = (_around(interval, one) for one in days)
            return tuple(sorted(one for one in made if first <= one.due <= last))
    return ()


def countable(interval: Interval, day: date) -> bool:
    """Whether a day counts when a stopped clock gives back what it stopped."""
    return not interval.workdays or is_workday(day).worked


def _around(interval: Interval, day: date) -> Window:
    opens = (
        add_workdays(day, -interval.before) if interval.workdays else day - _DAY * interval.before
    )
    return Window(day + _DAY * interval.after, opens, day.isoformat())


def _festivals(interval: Interval, first: date, last: date) -> Iterator[Window]:
    for year in range(first.year - 1, last.year + 2):
        for name in interval.festivals:
            day = festival(name, year)
            if day is not None:
                yield _around(interval, day)


def _of_periods(interval: Interval, first: date, last: date, begins: date) -> Iterator[Window]:
    spans = list(_spans(interval, first, last, begins))
    if interval.within is not None:
        yield from (_following(interval, end) for _, end in spans)
    elif interval.days:
        yield from _named_days(interval, spans)
    else:
        for start, end in spans:
            opens, due = _narrowed(interval, start, end)
            yield from _times(interval.times, opens, due)


def _times(times: int, opens: date, due: date) -> Iterator[Window]:
    name = opens.isoformat()
    yield Window(due, opens, name)
    for number in range(2, times + 1):
        yield Window(due, opens, f"{name}#{number}")


def _narrowed(interval: Interval, start: date, end: date) -> tuple[date, date]:
    """The period, or its months where only some are meant (每年3月)."""
    if not interval.months:
        return start, end
    low, high = interval.months[0], interval.months[-1]
    return date(end.year, low, 1), date(end.year, high, monthrange(end.year, high)[1])


def _following(interval: Interval, end: date) -> Window:
    within = interval.within or 0
    due = add_workdays(end, within) if interval.workdays else end + _DAY * within
    return Window(due, end + _DAY, (end + _DAY).isoformat())


def _named_days(interval: Interval, spans: Iterable[tuple[date, date]]) -> Iterator[Window]:
    for start, end in spans:
        for number in interval.days:
            day = _day_in(interval.every, number, start, end)
            if interval.by:
                yield Window(day, start, start.isoformat())
            else:
                yield _around(interval, day)


def _day_in(every: str, number: int, start: date, end: date) -> date:
    """The day of a week, month or year; a day that the month has not is its last."""
    if every == "week":
        return start + _DAY * (number - 1)
    if every == "year":
        month, day = divmod(number, 100)
        return date(start.year, month, min(day, monthrange(start.year, month)[1]))
    if number == FIRST_WORKDAY:
        return add_workdays(start - _DAY, 1)
    if number == LAST_WORKDAY:
        return add_workdays(end + _DAY, -1)
    return date(start.year, start.month, min(number, end.day))


def _spans(
    interval: Interval, first: date, last: date, begins: date
) -> Iterator[tuple[date, date]]:
    """The periods, first and last day, that can have a due day between two days."""
    room = _DAY * ((interval.within or 0) * 2 + interval.before + 40)
    match interval.every:
        case "workday":
            days = (first + _DAY * n for n in range((last - first).days + 1))
            yield from ((day, day) for day in days if is_workday(day).worked)
        case "day" | "week":
            length = interval.step * (7 if interval.every == "week" else 1)
            origin = begins - _DAY * (begins.weekday() if interval.every == "week" else 0)
            low = (first - origin - room).days // length
            for number in range(low, (last - origin).days // length + 1):
                start = origin + _DAY * (number * length)
                yield start, start + _DAY * (length - 1)
        case _:
            yield from _months(interval, first - room, last, begins)


def _months(
    interval: Interval, first: date, last: date, begins: date
) -> Iterator[tuple[date, date]]:
    unit = _MONTHS[interval.every]
    length = unit * interval.step
    origin = _ordinal(begins) // unit * unit
    low = (_ordinal(first) - origin) // length
    high = (_ordinal(last) - origin) // length
    starts = [_month(origin + number * length) for number in range(low, high + 2)]
    for start, following in pairwise(starts):
        yield start, following - _DAY


def _ordinal(day: date) -> int:
    return day.year * 12 + day.month - 1


def _month(ordinal: int) -> date:
    return date(ordinal // 12, ordinal % 12 + 1, 1)
