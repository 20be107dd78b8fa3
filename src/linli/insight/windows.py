"""Pairs of periods of which the first lies inside the second: what a year is held against."""

from __future__ import annotations

from linli.kernel.periods import Period

_YEARS = 3


def windows(period: Period) -> list[tuple[Period, Period]]:
    """(narrow, wide) pairs: each year of several, a year in its three years, else the whole year."""
    first, last = period.start.year, period.end.year
    if first != last:
        years = [Period.of_year(year) for year in range(first, last + 1)]
        return [(y, period) for y in years if period.contains(y.start, y.end)]
    year = Period.of_year(last)
    if period == year:
        return [(period, Period.rolling(_YEARS, period.end))]
    return [(period, year)]
