"""Working days of the mainland: announced holidays and make-up days where they are known.

The State Council announces each year's holidays and make-up working days (调休) in the November
before; chinesecalendar carries them from 2004. For a year not yet announced the days are those of
the Regulation on Public Holidays (2024 text: 元旦 1, 春节 除夕 to 初三, 清明 1, 劳动节 5/1–5/2, 端午 1,
中秋 1, 国庆 10/1–10/3), and the answer says that it is not announced.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

import chinese_calendar

from linli.kernel.lunar import festival

_DAY = timedelta(days=1)


class Workday(NamedTuple):
    """Whether a day is worked, and whether that was announced or only follows from the law."""

    worked: bool
    announced: bool


@lru_cache(maxsize=16_384)
def is_workday(day: date) -> Workday:
    """Whether offices work on this day, and whether the year's holidays were announced."""
    try:
        return Workday(bool(chinese_calendar.is_workday(day)), True)
    except NotImplementedError:
        return Workday(day.weekday() < 5 and day not in _statutory(day.year), False)


@lru_cache(maxsize=256)
def _statutory(year: int) -> frozenset[date]:
    eve = festival("除夕", year)
    single = [festival(name, year) for name in ("元旦", "清明节", "端午节", "中秋节")]
    fixed = [date(year, 5, 1), date(year, 5, 2), *(date(year, 10, day) for day in (1, 2, 3))]
    spring = [eve + _DAY * step for step in range(4)] if eve else []
    return frozenset([*(day for day in single if day), *fixed, *spring])


def add_workdays(day: date, count: int) -> date:
    """The day `count` working days later (earlier when negative); 0 gives the day itself.

    The day itself is never counted, as deadlines run from the day after (Civil Code, art. 201).
    """
    step = _DAY if count > 0 else -_DAY
    left = abs(count)
    while left:
        day += step
        left -= is_workday(day).worked
    return day


def workdays_between(start: date, end: date) -> int:
    """How many working days lie after `start` up to and with `end`; negative when end is earlier.

    So `workdays_between(a, add_workdays(a, n)) == n`.
    """
    if end < start:
        return -_count(end, start, first=True)
    return _count(start, end, first=False)


def _count(start: date, end: date, *, first: bool) -> int:
    """Working days in (start, end], or in [start, end) when the first day is the one to count."""
    skip = 0 if first else 1
    days = (end - start).days
    return sum(is_workday(start + _DAY * step).worked for step in range(skip, days + skip))
