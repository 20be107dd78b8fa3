"""Days of records as a report writes them: 3月5日, 3月12日下午, 3月下旬, 元宵节, 2009年3月."""

from __future__ import annotations

from datetime import date

from linli.kernel.days import Occurred, Precision
from linli.kernel.periods import Period

_QUARTERS = "一二三四"


def _day(day: date, year: bool) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if year else f"{day.month}月{day.day}日"


def _half_day(words: str) -> str:
    return next((word for word in ("上午", "下午", "晚上") if word in words), "")


def _span(start: date, end: date, year: bool) -> str:
    first = _day(start, year)
    if start == end:
        return first
    if (start.year, start.month) == (end.year, end.month):
        return f"{first}至{end.day}日"
    return f"{first}至{_day(end, year and end.year != start.year)}"


def when(occurred: Occurred, period: Period) -> str:
    """Return the words for a record's day inside a report; empty where it has none."""
    start, end = occurred.start, occurred.end
    if start is None:
        return ""
    year = start.year != period.start.year or start.year != period.end.year
    prefix = f"{start.year}年" if year else ""
    match occurred.precision:
        case Precision.DAY:
            return _span(start, end or start, year)
        case Precision.HALF_DAY:
            return _day(start, year) + _half_day(occurred.words)
        case Precision.DEKAD:
            return f"{prefix}{start.month}月{'上中下'[min((start.day - 1) // 10, 2)]}旬"
        case Precision.MONTH:
            return f"{prefix}{start.month}月"
        case Precision.FESTIVAL:
            return prefix + occurred.words
        case Precision.QUARTER:
            return f"{prefix}第{_QUARTERS[(start.month - 1) // 3]}季度"
        case Precision.HALF:
            return prefix + ("上半年" if start.month == 1 else "下半年")
        case Precision.YEAR:
            return f"{start.year}年"
        case Precision.YEARS if end is not None:
            return f"{start.year}至{end.year}年"
        case Precision.SPAN if end is not None:
            return _span(start, end, year)
    return ""
