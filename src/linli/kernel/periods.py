"""Periods: spans of whole days that figures and reports are asked for.

Codes: `2010`, `2010H1`, `2010Q1`, `2010-03`, `2007..2009`, `2026-01-26..2026-02-25`, and
`3y@2007-12-31` (the three years that end on that day, 三年来; `m` counts months).
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from linli.kernel.errors import Refusal, sentences

sentences(
    {
        "period.unreadable": (
            "“{text}”不是期间。",
            "请写成 2010、2010H1、2010Q1、2010-03、2007..2009、2026-01-26..2026-02-25 或 3y@2007-12-31。",
        ),
        "period.backwards": (
            "期间的开始 {start} 晚于结束 {end}。",
            "请把开始和结束对调，或者核对日期。",
        ),
    }
)

_DAY = timedelta(days=1)
FIRST_YEAR, LAST_YEAR = 1900, 2199
_YEAR = r"((?:19|20|21)\d\d)"
_ISO = r"((?:19|20|21)\d\d-\d\d-\d\d)"
_CODE = re.compile(
    rf"(?:{_YEAR}|{_YEAR}H([12])|{_YEAR}Q([1-4])|{_YEAR}-(0[1-9]|1[0-2])"
    rf"|{_YEAR}\.\.{_YEAR}|{_ISO}\.\.{_ISO}|([1-9]\d?)([ym])@{_ISO})"
)
_DIGITS = "零一二三四五六七八九十"
_KIND_OF_MONTHS = {1: "month", 3: "quarter", 6: "half", 12: "year"}


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier (later when negative), or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def last_day(year: int, month: int) -> date:
    """The last day of a month."""
    return date(year, month, monthrange(year, month)[1])


def rolling_start(end: date, months: int) -> date:
    """The first of the months that end on that day; whole months where it ends a month."""
    before = months_before(end, months)
    if end == last_day(end.year, end.month):
        before = last_day(before.year, before.month)
    return before + _DAY


@dataclass(frozen=True, order=True, slots=True)
class Period:
    """The days from `start` to `end`, both counted. `text` is the code that it was asked with.

    Two periods of the same days are equal whatever their codes. Raises period.backwards.
    """

    start: date
    end: date
    text: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        if self.start > self.end:
            raise Refusal("period.backwards", start=self.start, end=self.end)
        if not self.text:
            object.__setattr__(self, "text", _code_of(self.start, self.end))

    # Making ------------------------------------------------------------------------------------

    @classmethod
    def parse(cls, text: str) -> Period:
        """The period of a code. Raises Refusal period.unreadable or period.backwards."""
        code = text.strip().upper().replace("Y@", "y@").replace("M@", "m@")
        match = _CODE.fullmatch(code)
        if match is None:
            raise Refusal("period.unreadable", text=text)
        try:
            start, end = _days_of(match)
        except (ValueError, OverflowError) as fault:
            raise Refusal("period.unreadable", text=text) from fault
        return cls(start, end, code)

    @classmethod
    def of_year(cls, year: int) -> Period:
        """The calendar year."""
        return cls(date(year, 1, 1), date(year, 12, 31))

    @classmethod
    def of_half(cls, year: int, half: int) -> Period:
        """The first (1) or second (2) half of a year."""
        return cls._of_months(year, 6, half)

    @classmethod
    def of_quarter(cls, year: int, quarter: int) -> Period:
        """A quarter of a year, 1 to 4."""
        return cls._of_months(year, 3, quarter)

    @classmethod
    def of_month(cls, year: int, month: int) -> Period:
        """A calendar month, 1 to 12."""
        return cls._of_months(year, 1, month)

    @classmethod
    def rolling(cls, count: int, end: date, *, unit: str = "y") -> Period:
        """The years (`y`) or months (`m`), 1 to 99, that end on that day (三年来)."""
        return cls.parse(f"{count}{unit}@{end.isoformat()}")

    @classmethod
    def _of_months(cls, year: int, length: int, number: int) -> Period:
        last = length * number
        return cls(date(year, last - length + 1, 1), last_day(year, last))

    # Asking ------------------------------------------------------------------------------------

    @property
    def days(self) -> int:
        """How many days, both ends counted."""
        return (self.end - self.start).days + 1

    @property
    def kind(self) -> str:
        """year, half, quarter, month, years, span or rolling."""
        if "@" in self.text:
            return "rolling"
        months = _whole_months(self.start, self.end)
        if months in _KIND_OF_MONTHS and (self.start.month - 1) % months == 0:
            return _KIND_OF_MONTHS[months]
        return "years" if months and months % 12 == 0 and self.start.month == 1 else "span"

    def contains(self, start: date, end: date) -> bool:
        """Whether all days from start to end are days of this period."""
        return self.start <= start and end <= self.end

    def overlaps(self, start: date, end: date) -> bool:
        """Whether some day from start to end is a day of this period."""
        return self.start <= end and start <= self.end

    def words(self) -> str:
        """The period as a report names it: 2010年第一季度, 三年来, 2007-2009年."""
        year = f"{self.start.year}年"
        match self.kind:
            case "year":
                return year
            case "half":
                return year + ("上半年" if self.start.month == 1 else "下半年")
            case "quarter":
                return f"{year}第{_DIGITS[self.end.month // 3]}季度"
            case "month":
                return f"{year}{self.start.month}月"
            case "years":
                return f"{self.start.year}-{self.end.year}年"
            case "rolling":
                return _rolling_words(self.text)
            case _:
                return _span_words(self.start, self.end)

    # Moving ------------------------------------------------------------------------------------

    def following(self) -> Period | None:
        """The next period of the same length; None for a rolling one or where time ends."""
        return self._moved(1)

    def previous(self) -> Period | None:
        """The period of the same length just before; None for a rolling one."""
        return self._moved(-1)

    def year_before(self) -> Period | None:
        """The same days of the year before (上年同期); None where the calendar begins."""
        if self.start.year <= FIRST_YEAR:
            return None
        months = _whole_months(self.start, self.end)
        end = months_before(self.end, 12)
        if months:  # a month's end stays a month's end: 2011-02 is compared with all of 2010-02
            end = last_day(end.year, end.month)
        if self.kind == "rolling":
            return Period(months_before(self.start, 12), end, f"{self.text.split('@')[0]}@{end}")
        return Period(months_before(self.start, 12), end)

    def next_half(self) -> Period | None:
        """The half-year that begins on the day after, or None where none begins then."""
        after = self.end + _DAY
        if after.day != 1 or after.month not in (1, 7) or after.year > LAST_YEAR:
            return None
        return Period.of_half(after.year, 1 if after.month == 1 else 2)

    def _moved(self, way: int) -> Period | None:
        if self.kind == "rolling":
            return None
        months = _whole_months(self.start, self.end)
        if months:
            start = months_before(self.start, -way * months)
            end = months_before(last_day(start.year, start.month), 1 - months)
            end = last_day(end.year, end.month)
        else:
            shift = timedelta(days=way * self.days)
            start, end = self.start + shift, self.end + shift
        if start.year < FIRST_YEAR or end.year > LAST_YEAR:
            return None
        return Period(start, end)

    # Parts -------------------------------------------------------------------------------------

    def months(self) -> Iterator[Period]:
        """The calendar months that lie wholly inside."""
        return self._parts(1)

    def quarters(self) -> Iterator[Period]:
        """The quarters that lie wholly inside."""
        return self._parts(3)

    def halves(self) -> Iterator[Period]:
        """The half-years that lie wholly inside."""
        return self._parts(6)

    def years(self) -> Iterator[Period]:
        """The calendar years that lie wholly inside."""
        return self._parts(12)

    def _parts(self, length: int) -> Iterator[Period]:
        for year in range(self.start.year, self.end.year + 1):
            for number in range(1, 12 // length + 1):
                part = Period._of_months(year, length, number)
                if self.contains(part.start, part.end):
                    yield part


def _days_of(match: re.Match[str]) -> tuple[date, date]:
    """The days of a matched code. ValueError for a day that does not exist or is too early."""
    year, half_of, half, quarter_of, quarter, month_of, month, *rest = match.groups()
    if year:
        return date(int(year), 1, 1), date(int(year), 12, 31)
    if half_of:
        return _part_days(int(half_of), 6, int(half))
    if quarter_of:
        return _part_days(int(quarter_of), 3, int(quarter))
    if month_of:
        return _part_days(int(month_of), 1, int(month))
    first, last, start, end, count, unit, anchor = rest
    if first:
        return date(int(first), 1, 1), date(int(last), 12, 31)
    if start:
        return date.fromisoformat(start), date.fromisoformat(end)
    close = date.fromisoformat(anchor)
    opening = rolling_start(close, int(count) * (12 if unit == "y" else 1))
    if opening.year < FIRST_YEAR:
        raise ValueError(opening)
    return opening, close


def _part_days(year: int, length: int, number: int) -> tuple[date, date]:
    last = length * number
    return date(year, last - length + 1, 1), last_day(year, last)


def _whole_months(start: date, end: date) -> int:
    """How many calendar months the days are exactly; 0 when they are not whole months."""
    if start.day != 1 or (end + _DAY).day != 1:
        return 0
    return (end.year - start.year) * 12 + end.month - start.month + 1


def _code_of(start: date, end: date) -> str:
    months = _whole_months(start, end)
    fits = months in _KIND_OF_MONTHS and (start.month - 1) % months == 0
    if fits and months == 12:
        return str(start.year)
    if fits and months == 6:
        return f"{start.year}H{end.month // 6}"
    if fits and months == 3:
        return f"{start.year}Q{end.month // 3}"
    if fits:
        return f"{start.year}-{start.month:02}"
    if months and months % 12 == 0 and start.month == 1:
        return f"{start.year}..{end.year}"
    return f"{start.isoformat()}..{end.isoformat()}"


def _rolling_words(code: str) -> str:
    count, unit = int(code.split("@", maxsplit=1)[0][:-1]), code.split("@", maxsplit=1)[0][-1]
    tens, ones = divmod(count, 10)
    number = (("" if tens == 1 else _DIGITS[tens]) + "十") if tens else ""
    number += _DIGITS[ones] if ones else ""
    if unit == "y":
        return f"{'两' if count == 2 else number}年来"
    return f"{'两' if count == 2 else number}个月来"


def _span_words(start: date, end: date) -> str:
    first = f"{start.year}年{start.month}月{start.day}日"
    if start == end:
        return first
    year = "" if end.year == start.year else f"{end.year}年"
    return f"{first}至{year}{end.month}月{end.day}日"
