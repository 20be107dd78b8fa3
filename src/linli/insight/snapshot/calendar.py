"""The calendar table: working-day ordinals make a deadline a subtraction."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from lunar_python import Solar

from linli.kernel.workdays import is_workday


def calendar(first_year: int, last_year: int) -> Iterator[tuple[Any, ...]]:
    """One row a day: working day, its ordinal, lunar month (negative: leap) and day, week, month.

    The ordinal counts working days since the first row, so it means something only as a difference.
    """
    today, last, ordinal = date(first_year, 1, 1), date(last_year, 12, 31), 0
    while today <= last:
        working, _ = is_workday(today)
        ordinal += working
        lunar = Solar.fromYmd(today.year, today.month, today.day).getLunar()
        iso = today.isocalendar()
        yield (
            today,
            bool(working),
            ordinal,
            lunar.getMonth(),
            lunar.getDay(),
            iso.year,
            iso.week,
            today.month,
            (today.month + 2) // 3,
            today.year,
        )
        today += timedelta(days=1)
