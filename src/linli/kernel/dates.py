"""Points of time as people write them: a day, a dekad, a month, a festival, last year, this week."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from types import MappingProxyType

from linli.kernel.lunar import FESTIVALS, festival
from linli.kernel.occurrences import Precision
from linli.kernel.periods import FIRST_YEAR, LAST_YEAR, last_day, months_before

_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)
Days = tuple[date | None, date | None, Precision]
"""First day, last day, and how exactly they are known."""


class NoSuchDay(ValueError):
    """The text has the form of a date, but the calendar has no such days; says so in Chinese."""

    def __init__(self, words: str, sentence: str = "日历上没有“{words}”") -> None:
        super().__init__(sentence.format(words=words))


@dataclass(slots=True)
class Anchor:
    """What the caller knows, what of it was used and what was missing."""

    year: int | None
    as_of: date | None
    needs: set[str] = field(default_factory=set)
    supplied: set[str] = field(default_factory=set)

    def the_year(self) -> int | None:
        """The year of the sheet; noted as needed when it is not known."""
        (self.needs if self.year is None else self.supplied).add("year")
        return self.year

    def the_day(self) -> date | None:
        """The day of writing; noted as needed when it is not known."""
        (self.needs if self.as_of is None else self.supplied).add("as_of")
        return self.as_of

    def this_year(self) -> int | None:
        """今年: the year of writing, else the sheet's year."""
        if self.as_of is None and self.year is not None:
            return self.the_year()
        day = self.the_day()
        return day.year if day else None


@dataclass(slots=True)
class Context:
    """What the parts of a list or span hand on: 3月5、8日 says its month once."""

    anchor: Anchor
    year: int | None = None
    month: int | None = None
    known: bool = False  # an earlier part settled the year

    def settle(self, year: int | None) -> int | None:
        """Keep the year for the parts that follow."""
        self.year, self.known = year, True
        return year


_RELATIVE: Mapping[str, int] = MappingProxyType(
    {
        **dict.fromkeys(("今年", "本年度", "本年", "当年"), 0),
        **dict.fromkeys(("去年", "上年度", "上年"), -1),
        "前年": -2,
        "明年": 1,
        "后年": 2,
    }
)
# Seasons and holidays of school are known to about a month only.
_SEASONS: Mapping[str, tuple[int, int]] = MappingProxyType(
    {
        **dict.fromkeys(("春季", "春天"), (3, 5)),
        **dict.fromkeys(("夏季", "夏天"), (6, 8)),
        **dict.fromkeys(("秋季", "秋天"), (9, 11)),
        **dict.fromkeys(("暑假", "暑期"), (7, 8)),
        "寒假": (1, 2),
    }
)
_QUARTERS: Mapping[str, int] = MappingProxyType(
    {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}
)
_DEKADS: Mapping[str, tuple[int, int]] = MappingProxyType(
    {"上旬": (1, 10), "初": (1, 10), "中旬": (11, 20), "中": (11, 20)}
)
_HALF_DAYS = "上午|下午|中午|晚上|晚间|早上|早晨|凌晨|傍晚|夜间|晚|早|全天"
_CLOCK = r"\d{1,2}[:点时]\d{0,2}(?::\d\d(?:\.\d+)?)?分?"
_TAIL = (
    r"(?:\((?:星期|周)[一二三四五六日天]\)|(?:星期|周)[一二三四五六日天])?"
    rf"(?:{_HALF_DAYS})?(?:T?{_CLOCK}(?:[-~至到]{_CLOCK})?)?"
)
_REL = "|".join(_RELATIVE)
YEAR = rf"(?:(?P<year>\d{{4}})(?:年度?|[-/.])|(?P<short>\d\d)年|(?P<rel>{_REL}))?"
"""An optional year before the rest of a date; the groups are read by `year_of`."""
_LOOSE_YEAR = YEAR.replace("[-/.])", "[-/.])?", 1)  # 2011上半年
_FESTIVAL = "|".join(sorted(map(re.escape, FESTIVALS), key=len, reverse=True))
_AROUND = "(?P<part>前夕|前后|期间|假期|当天|当日|那天|前|后)?"

_COMPACT = re.compile(r"(?P<year>(?:19|20)\d\d)(?P<month>\d\d)(?P<day>\d\d)")
_DAY_POINT = re.compile(
    rf"{YEAR}(?P<month>\d{{1,2}})(?P<mark>月份?|[-/.])(?P<day>\d{{1,2}})[日号]?{_TAIL}"
)
_DEKAD = re.compile(rf"{YEAR}(?P<month>\d{{1,2}})月份?(?P<part>上旬|中旬|下旬|初|中|底|末)")
_MONTH = re.compile(rf"{YEAR}(?P<month>\d{{1,2}})月份?")
_YEAR_MONTH = re.compile(r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})")
_QUARTER = re.compile(rf"{_LOOSE_YEAR}(?:第?(?P<quarter>[一二三四1-4])季度?|[Qq](?P<q>[1-4]))")
_HALF = re.compile(rf"{_LOOSE_YEAR}(?P<half>[上下])半年")
_YEAR_POINT = re.compile(
    rf"(?:(?P<year>\d{{4}})年?度?|(?P<short>\d\d)年度?|(?P<rel>{_REL}))(?P<part>年?[初底末]|年中)?"
    "|(?P<whole>全年)|(?P<bare>年初|年中|年底|年末|岁末)"
)
_FESTIVE = re.compile(rf"{_LOOSE_YEAR}(?P<name>{_FESTIVAL}){_AROUND}(?:{_HALF_DAYS})?")
_SEASON = re.compile(rf"{_LOOSE_YEAR}(?P<name>{'|'.join(_SEASONS)})(?:期间)?")
_BARE_DAY = re.compile(rf"(?P<day>\d{{1,2}})[日号]?{_TAIL}")
_NEAR_MONTH = re.compile(
    "(?P<rel>本月|上月|上个月|下月|下个月|这个月)份?"
    rf"(?:(?P<part>上旬|中旬|下旬|初|底|末)|(?P<day>\d{{1,2}})[日号]{_TAIL})?"
)
_NEAR_DAY = re.compile(rf"(?P<rel>今天|今日|昨天|昨日|前天|明天)(?:{_HALF_DAYS})?")
_NEAR_WEEK = re.compile("(?P<rel>本周|上周|下周|这周)")
_NEAR_QUARTER = re.compile("(?P<rel>本|上|下)个?季度")


def point(plain: str, context: Context) -> Days | None:
    """The days of one written point of time; None when it is not one. Raises NoSuchDay."""
    for pattern, read in _POINTS:
        match = pattern.fullmatch(plain)
        days = read(match, context) if match else None
        if days is not None:
            return days
    return None


def bare_day(plain: str, context: Context) -> Days | None:
    """`8日` after `3月5日`: the month stands before it."""
    match = _BARE_DAY.fullmatch(plain)
    if match is None or context.month is None:
        return None
    year = context.year if context.known else context.anchor.the_year()
    return _one_day(year, context.month, int(match["day"]), f"{context.month}月{match[0]}")


def year_of(match: re.Match[str], context: Context) -> int | None:
    """The year that a match writes, else the one of the parts before it, else the caller's."""
    written, short, relative = match["year"], match["short"], match["rel"]
    if written:
        return context.settle(_in_years(int(written), match[0]))
    if short:
        return context.settle(int(short) + (2000 if int(short) < 70 else 1900))
    if relative:
        this = context.anchor.this_year()
        return context.settle(None if this is None else this + _RELATIVE[relative])
    return context.year if context.known else context.settle(context.anchor.the_year())


def months_of(year: int | None, first: int, last: int, precision: Precision) -> Days:
    """The days from the first to the last month of a year, where the year is known."""
    if year is None:
        return None, None, precision
    return date(year, first, 1), last_day(year, last), precision


def month_in(text: str, words: str) -> int:
    """The month of its digits. Raises NoSuchDay."""
    if not 1 <= int(text) <= 12:
        raise NoSuchDay(words)
    return int(text)


def _in_years(year: int, words: str) -> int:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise NoSuchDay(words)
    return year


def _compact(match: re.Match[str], context: Context) -> Days | None:
    """20100305; other runs of eight digits are numbers."""
    try:
        return _one_day(int(match["year"]), int(match["month"]), int(match["day"]), match[0])
    except NoSuchDay:
        return None


def _day(match: re.Match[str], context: Context) -> Days | None:
    month, day = int(match["month"]), int(match["day"])
    # 13.5 and 3.45 are numbers, not faulty dates; 13月5日 and 2010-13-05 are faulty dates.
    sure = match["mark"].startswith("月") or match["year"] is not None
    if not sure and not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    year = year_of(match, context)
    context.month = month
    return _one_day(year, month, day, match[0])


def _one_day(year: int | None, month: int, day: int, words: str) -> Days:
    try:
        found = date(2000 if year is None else year, month, day)  # 2000: 2月29日 may exist
    except ValueError as fault:
        raise NoSuchDay(words) from fault
    return (None, None, Precision.DAY) if year is None else (found, found, Precision.DAY)


def _dekad(match: re.Match[str], context: Context) -> Days:
    year, context.month = year_of(match, context), month_in(match["month"], match[0])
    return _dekad_of(year, context.month, match["part"])


def _dekad_of(year: int | None, month: int, part: str) -> Days:
    if year is None:
        return None, None, Precision.DEKAD
    first, last = _DEKADS.get(part, (21, last_day(year, month).day))
    return date(year, month, first), date(year, month, last), Precision.DEKAD


def _month(match: re.Match[str], context: Context) -> Days:
    context.month = month_in(match["month"], match[0])
    return months_of(year_of(match, context), context.month, context.month, Precision.MONTH)


def _year_month(match: re.Match[str], context: Context) -> Days | None:
    """2009.3; but 2009.30 is a number and 2006-2008 are two years."""
    year, month = int(match["year"]), int(match["month"])
    if not (1 <= month <= 12 and FIRST_YEAR <= year <= LAST_YEAR):
        return None
    context.settle(year)
    context.month = month
    return months_of(year, month, month, Precision.MONTH)


def _quarter(match: re.Match[str], context: Context) -> Days:
    last = 3 * _QUARTERS[match["quarter"] or match["q"]]
    return months_of(year_of(match, context), last - 2, last, Precision.QUARTER)


def _half(match: re.Match[str], context: Context) -> Days:
    first = 1 if match["half"] == "上" else 7
    return months_of(year_of(match, context), first, first + 5, Precision.HALF)


def _year(match: re.Match[str], context: Context) -> Days | None:
    """A year; 年初 is its first quarter, 年中 its second, 年底 its last."""
    if match["year"] and not FIRST_YEAR <= int(match["year"]) <= LAST_YEAR and match[0].isdigit():
        return None  # 8000 is a number
    year = year_of(match, context)
    part = (match["part"] or match["bare"] or "")[-1:]
    if not part:
        return months_of(year, 1, 12, Precision.YEAR)
    first = {"初": 1, "中": 4}.get(part, 10)
    return months_of(year, first, first + 2, Precision.QUARTER)


def _festive(match: re.Match[str], context: Context) -> Days:
    """A festival's day; 前 is the week before it, 后 the week after, 期间 its holidays."""
    year = year_of(match, context)
    day = None if year is None else festival(match["name"], year)
    if day is None:
        return None, None, Precision.FESTIVAL
    known = FESTIVALS[match["name"]]
    first = day - _DAY if known == "春节" else day  # its holidays begin on 除夕
    holidays = 6 if known in ("春节", "国庆节") else 2
    start, end = {
        "前夕": (first - _WEEK, day - _DAY),
        "前": (first - _WEEK, day - _DAY),
        "后": (day + _DAY, day + _WEEK),
        "前后": (day - _WEEK, day + _WEEK),
        "期间": (first, day + _DAY * holidays),
        "假期": (first, day + _DAY * holidays),
    }.get(match["part"], (day, day))
    return start, end, Precision.FESTIVAL


def _season(match: re.Match[str], context: Context) -> Days:
    first, last = _SEASONS[match["name"]]
    return months_of(year_of(match, context), first, last, Precision.FESTIVAL)


def _near_month(match: re.Match[str], context: Context) -> Days:
    day = context.anchor.the_day()
    if day is None:
        exact = Precision.DAY if match["day"] else Precision.MONTH
        return None, None, Precision.DEKAD if match["part"] else exact
    back = {"上": 1, "下": -1}.get(match["rel"][0], 0)
    start = months_before(day.replace(day=1), back)
    context.settle(start.year)
    context.month = start.month
    if match["part"]:
        return _dekad_of(start.year, start.month, match["part"])
    if match["day"]:
        return _one_day(start.year, start.month, int(match["day"]), match[0])
    return start, last_day(start.year, start.month), Precision.MONTH


def _near_day(match: re.Match[str], context: Context) -> Days:
    day = context.anchor.the_day()
    if day is None:
        return None, None, Precision.DAY
    day += _DAY * {"昨": -1, "前": -2, "明": 1}.get(match["rel"][0], 0)
    return day, day, Precision.DAY


def _near_week(match: re.Match[str], context: Context) -> Days:
    day = context.anchor.the_day()
    if day is None:
        return None, None, Precision.SPAN
    monday = day - _DAY * day.weekday() + _WEEK * {"上": -1, "下": 1}.get(match["rel"][0], 0)
    return monday, monday + _DAY * 6, Precision.SPAN


def _near_quarter(match: re.Match[str], context: Context) -> Days:
    day = context.anchor.the_day()
    if day is None:
        return None, None, Precision.QUARTER
    start = date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    start = months_before(start, {"上": 3, "下": -3}.get(match["rel"], 0))
    return start, last_day(start.year, start.month + 2), Precision.QUARTER


_POINTS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], Context], Days | None]], ...] = (
    (_COMPACT, _compact),
    (_DAY_POINT, _day),
    (_DEKAD, _dekad),
    (_MONTH, _month),
    (_YEAR_MONTH, _year_month),
    (_QUARTER, _quarter),
    (_HALF, _half),
    (_YEAR_POINT, _year),
    (_FESTIVE, _festive),
    (_SEASON, _season),
    (_NEAR_MONTH, _near_month),
    (_NEAR_DAY, _near_day),
    (_NEAR_WEEK, _near_week),
    (_NEAR_QUARTER, _near_quarter),
)
