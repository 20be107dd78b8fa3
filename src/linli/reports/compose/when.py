"""Days of records as a report writes them: 3月5日, 3月12日下午, 3月下旬, 元宵节, 2009年3月."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from linli.kernel.days import Occurred, Precision
from linli.kernel.periods import Period

_QUARTERS = "一二三四"
_Say = Callable[[str, date, date, bool], str]


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
    say = _SAID.get(occurred.precision)
    if start is None or say is None or (start <= period.start and period.end <= (end or start)):
        return ""  # as long as the whole report: no date at all
    year = start.year != period.start.year or start.year != period.end.year
    return say(occurred.words, start, end or start, year)


def _prefixed(say: Callable[[str, date], str]) -> _Say:
    """Words that name no year get it in front where the report is not about one year."""
    return lambda words, start, end, year: (f"{start.year}年" if year else "") + say(words, start)


_SAID: dict[Precision, _Say] = {
    Precision.DAY: lambda words, start, end, year: (
        _span(start, end, year) + (_half_day(words) if start == end else "")
    ),
    Precision.SPAN: lambda words, start, end, year: _span(start, end, year),
    Precision.HALF_DAY: lambda words, start, end, year: _day(start, year) + _half_day(words),
    Precision.DEKAD: _prefixed(
        lambda words, day: f"{day.month}月{'上中下'[min((day.day - 1) // 10, 2)]}旬"
    ),
    Precision.MONTH: _prefixed(lambda words, day: f"{day.month}月"),
    Precision.FESTIVAL: _prefixed(lambda words, day: words),
    Precision.QUARTER: _prefixed(lambda words, day: f"第{_QUARTERS[(day.month - 1) // 3]}季度"),
    Precision.HALF: _prefixed(lambda words, day: "上半年" if day.month == 1 else "下半年"),
    Precision.YEAR: lambda words, start, end, year: f"{start.year}年",
    Precision.YEARS: lambda words, start, end, year: f"{start.year}至{end.year}年",
}
