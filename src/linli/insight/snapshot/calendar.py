"""The calendar table: working-day ordinals make a deadline a subtraction."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from lunar_python import LunarYear

from linli.kernel.workdays import is_workday

_JULIAN = 1721425
"""Julian day of a noon less the ordinal that Python gives to the day (2451545 is 1 January 2000)."""


def calendar(first_year: int, last_year: int) -> Iterator[tuple[Any, ...]]:
    """One row a day: working day, its ordinal, lunar month (negative: leap) and day, week, month.

    The ordinal counts working days since the first row, so it means something only as a difference.
    """
    today, last, ordinal = date(first_year, 1, 1), date(last_year, 12, 31), 0
    lunar = lunar_days(first_year, last_year)
    while today <= last:
        working, _ = is_workday(today)
        ordinal += working
        iso = today.isocalendar()
        yield (
            today,
            bool(working),
            ordinal,
            *lunar[today.toordinal()],
            iso.year,
            iso.week,
            today.month,
            (today.month + 2) // 3,
            today.year,
        )
        today += timedelta(days=1)


def lunar_days(first_year: int, last_year: int) -> dict[int, tuple[int, int]]:
    """Lunar month and day by ordinal; month by month, for a day by itself costs milliseconds."""
    found: dict[int, tuple[int, int]] = {}
    for year in range(first_year - 1, last_year + 1):
        for month in LunarYear.fromYear(year).getMonths():
            if month.getYear() != year:
                continue
            begin = round(month.getFirstJulianDay()) - _JULIAN
            for day in range(month.getDayCount()):
                found[begin + day] = (month.getMonth(), day + 1)
    return found
