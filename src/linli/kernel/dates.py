"""The grammar of written days: points, spans, lists and festivals, read into occurrences."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta

from linli.kernel.days import DateReading, Occurred, Precision
from linli.kernel.lunar import FESTIVALS, festival, spring_festival
from linli.kernel.numerals import chinese_number, tidy
from linli.kernel.periods import FIRST_YEAR, LAST_YEAR, last_day, months_before

_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)
Days = tuple[date | None, date | None, Precision]


class NoSuchDay(ValueError):
    """The text has the form of a date, but the calendar has no such day."""


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
class _Context:
    """What the parts of a list or span hand on: 3月5、8日 says its month once."""

    anchor: Anchor
    year: int | None = None
    month: int | None = None
    known: bool = False  # a year was written or resolved in an earlier part


_RELATIVE = {
    "今年": 0,
    "本年度": 0,
    "本年": 0,
    "当年": 0,
    "全年": 0,
    "去年": -1,
    "上年度": -1,
    "上年": -1,
    "前年": -2,
    "明年": 1,
    "后年": 2,
}
_HALF_DAYS = "上午|下午|中午|晚上|晚间|早上|早晨|凌晨|傍晚|夜间|晚|早|全天"
_TIME = r"(?:T?\d{1,2}[:点时]\d{0,2}(?::\d\d(?:\.\d+)?)?分?)"
_TAIL = rf"(?:\((?:星期|周)[一二三四五六日天]\)|星期[一二三四五六日天])?(?P<tail>(?:{_HALF_DAYS})?{_TIME}?)"
_REL = "|".join(word for word in _RELATIVE if word != "全年")
_YEAR = rf"(?:(?P<year>\d{{4}})(?:年度?|[-/.])|(?P<short>\d\d)年|(?P<rel>{_REL}))?"
_WRITTEN = rf"(?:(?P<year>\d{{4}})年|(?P<short>\d\d)年|(?P<rel>{_REL}))"
_FESTIVAL = "|".join(sorted(map(re.escape, FESTIVALS), key=len, reverse=True))
_QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}


def _p(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


_NUMERAL = _p(r"[〇○零OoＯ0-9一二三四五六七八九十廿卅]+(?=个?[年月日号旬])")
_DAY_POINT = _p(
    rf"{_YEAR}(?P<month>\d{{1,2}})(?P<mark>月份?|[-/.])(?P<day>\d{{1,2}})[日号]?{_TAIL}"
)
_COMPACT = _p(r"(?P<year>(?:19|20)\d\d)(?P<month>\d\d)(?P<day>\d\d)")
_DEKAD = _p(rf"{_YEAR}(?P<month>\d{{1,2}})月份?(?P<part>上旬|中旬|下旬|初|中|底|末)")
_MONTH = _p(rf"(?:{_YEAR}(?P<month>\d{{1,2}})月份?|(?P<year2>\d{{4}})[-/.](?P<month2>\d{{1,2}}))")
_QUARTER = _p(rf"{_YEAR}(?:第?(?P<quarter>[一二三四1-4])季度?|[Qq](?P<q>[1-4]))")
_HALF = _p(rf"{_YEAR}(?P<half>[上下])半年")
_YEAR_POINT = _p(
    r"(?:(?P<year>\d{4})年?度?|(?P<short>\d\d)年度?"
    rf"|(?P<rel>{_REL}|全年))(?P<part>年?[初底末]|年中)?"
)
_FESTIVE = _p(
    rf"{_YEAR}(?P<name>{_FESTIVAL})(?P<part>前夕|前后|期间|假期|当天|当日|那天|前|后)?(?:{_HALF_DAYS})?"
)
_BARE_DAY = _p(rf"(?P<day>\d{{1,2}})[日号]?{_TAIL}")
_NEAR_MONTH = _p(
    r"(?P<rel>本月|上月|上个月|下月|下个月|这个月)份?(?:(?P<part>上旬|中旬|下旬|初|底|末)|(?P<day>\d{1,2})[日号])?"
)
_NEAR_DAY = _p(rf"(?P<rel>今天|今日|昨天|昨日|前天|明天)(?:{_HALF_DAYS})?")
_NEAR_WEEK = _p(r"(?P<rel>本周|上周|下周|这周)")
_NEAR_QUARTER = _p(r"(?P<rel>本|上|下)个?季度")

_SINCE = _p(r"[自从]?(?P<point>.+?)(?:开始|以来|至今|起)(?:至今)?")
_UNTIL = _p(
    r"(?:截至|截止到?|到|至)(?P<point>.+?)(?:底止|为止|止)?|(?P<point2>.+?)(?:以前|之前|前|为止|止)"
)
_ROLLING = _p(
    r"(?P<near>近|最近|过去|这|前)?(?P<count>\d{1,2})多?(?P<unit>年|个月)(?P<back>多?来|以来|间|中)?"
)
_VAGUE = _p(
    r"近年来?|近[几些]年来?|[几多]年来|多年以来|近期|近来|最近|历年来?|一直以来|长期以来|以往|往年|曾经|日期不详|时间不详|不详|未知"
    r"|今后一段时期|不明|待补|来源待补"
)
_LIST = _p(r"[、,，;；]|(?<=[日号节])[和及与]")
_MONTHS = _p(rf"{_YEAR}(?P<from>\d{{1,2}})(?:月份?)?[-~—–至到]+(?P<to>\d{{1,2}})月份?")
_JOINTS = (_p(r"~|—{1,2}|–|至|到|－"), _p(r"-"))


def read_occurred(text: str, year: int | None, as_of: date | None) -> DateReading | None:
    """The occurrences that a text states; None when it states none."""
    anchor = Anchor(year, as_of)
    plain = _plain(text)
    try:
        found = _whole(plain, text, anchor)
    except NoSuchDay as fault:
        return DateReading(fault=f"没有“{fault}”这一天")
    if found is None:
        return None
    occurred = tuple(Occurred(*days, words) for days, words in found)
    return DateReading(occurred, needs=frozenset(anchor.needs), supplied=frozenset(anchor.supplied))


_Found = list[tuple[Days, str]] | None


def _plain(text: str) -> str:
    joined = " ".join(text.split())
    joined = re.sub(r"(?<=\d) (?=\d\d?[:点时])", "T", joined).replace(" ", "")
    plain = tidy(joined)
    return _NUMERAL.sub(_arabic, plain)


def _arabic(match: re.Match[str]) -> str:
    """二0一0 → 2010, 十二 → 12, 廿一 → 21; digits stay."""
    text = re.sub("[〇○零OoＯ]", "0", match[0])
    if text.isascii():
        return text
    if len(text) == 4 and not re.search("[十廿卅]", text):
        return "".join(char if char.isascii() else str(chinese_number(char)) for char in text)
    if len(text) == 2 and not re.search("[十廿卅]", text):
        return "".join(char if char.isascii() else str(chinese_number(char)) for char in text)
    value = None if re.search(r"\d", text) else chinese_number(text)
    return match[0] if value is None else str(value)


def _whole(plain: str, text: str, anchor: Anchor) -> _Found:
    if _VAGUE.fullmatch(plain):
        return [((None, None, Precision.UNKNOWN), text)]
    for read in (_single, _months_span, _rolling, _span, _many, _since, _until):
        mark = set(anchor.needs), set(anchor.supplied)
        found = read(plain, text, anchor)
        if found is not None:
            return found
        anchor.needs, anchor.supplied = mark
    return None


def _single(plain: str, text: str, anchor: Anchor) -> _Found:
    days = _point(plain, _Context(anchor))
    return None if days is None else [(days, text)]


# Points ------------------------------------------------------------------------------------------


def _point(plain: str, context: _Context) -> Days | None:
    for pattern, read in _POINTS:
        match = pattern.fullmatch(plain)
        days = read(match, context) if match else None
        if days is not None:
            return days
    return None


def _year_of(match: re.Match[str], context: _Context) -> int | None:
    """The year that a match writes, else the one of the parts before it, else the caller's."""
    groups = match.groupdict()
    written, short, relative = groups.get("year"), groups.get("short"), groups.get("rel")
    if written:
        year: int | None = int(written)
        if not FIRST_YEAR <= int(written) <= LAST_YEAR:
            raise NoSuchDay(match[0])
    elif short:
        year = int(short) + (2000 if int(short) < 70 else 1900)
    elif relative == "全年":
        year = context.anchor.the_year()
    elif relative:
        this = context.anchor.this_year()
        year = None if this is None else this + _RELATIVE[relative]
    elif context.known:
        return context.year
    else:
        return context.anchor.the_year()
    context.year, context.known = year, True
    return year


def _day(match: re.Match[str], context: _Context) -> Days | None:
    month, day = int(match["month"]), int(match["day"])
    sure = match.groupdict().get("mark", "").startswith("月") or match["year"] is not None
    # 13.5 and 3.45 are numbers, not faulty dates; 13月5日 and 2010-13-05 are faulty dates.
    if not sure and not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    year = _year_of(match, context)
    context.month = month
    return _one_day(year, month, day, match[0])


def _one_day(year: int | None, month: int, day: int, words: str) -> Days:
    try:
        found = date(2000 if year is None else year, month, day)  # 2000: 2月29日 may exist
    except ValueError as fault:
        raise NoSuchDay(words) from fault
    return (None, None, Precision.DAY) if year is None else (found, found, Precision.DAY)


def _in_month(month: int, words: str) -> int:
    if not 1 <= month <= 12:
        raise NoSuchDay(words)
    return month


_DEKADS = {"上旬": (1, 10), "初": (1, 10), "中旬": (11, 20), "中": (11, 20)}


def _dekad(match: re.Match[str], context: _Context) -> Days:
    year, month = _year_of(match, context), _in_month(int(match["month"]), match[0])
    return _dekad_of(year, month, match["part"])


def _dekad_of(year: int | None, month: int, part: str) -> Days:
    if year is None:
        return None, None, Precision.DEKAD
    first, last = _DEKADS.get(part, (21, last_day(year, month).day))
    return date(year, month, first), date(year, month, last), Precision.DEKAD


def _month(match: re.Match[str], context: _Context) -> Days | None:
    if match["year2"]:
        year: int | None = int(match["year2"])
        if (
            not 1 <= int(match["month2"]) <= 12
            or not FIRST_YEAR <= int(match["year2"]) <= LAST_YEAR
        ):
            return None
        month = int(match["month2"])
        context.year, context.known = year, True
    else:
        month = _in_month(int(match["month"]), match[0])
        year = _year_of(match, context)
    context.month = month
    if year is None:
        return None, None, Precision.MONTH
    return date(year, month, 1), last_day(year, month), Precision.MONTH


def _months_of(year: int | None, first: int, last: int, precision: Precision) -> Days:
    if year is None:
        return None, None, precision
    return date(year, first, 1), last_day(year, last), precision


def _quarter(match: re.Match[str], context: _Context) -> Days:
    last = 3 * _QUARTERS[match["quarter"] or match["q"]]
    return _months_of(_year_of(match, context), last - 2, last, Precision.QUARTER)


def _half(match: re.Match[str], context: _Context) -> Days:
    first = 1 if match["half"] == "上" else 7
    return _months_of(_year_of(match, context), first, first + 5, Precision.HALF)


def _year(match: re.Match[str], context: _Context) -> Days:
    """A year; 年初 is its first quarter, 年中 its second, 年底 its last."""
    year = _year_of(match, context)
    part = (match["part"] or "")[-1:]
    if not part:
        return _months_of(year, 1, 12, Precision.YEAR)
    first = {"初": 1, "中": 4}.get(part, 10)
    return _months_of(year, first, first + 2, Precision.QUARTER)


def _festive(match: re.Match[str], context: _Context) -> Days:
    """A festival's day; 前, 后, 期间 widen it: 7 days before it (春节: before 除夕 ends), and so on."""
    year = _year_of(match, context)
    day = None if year is None else festival(match["name"], year)
    if day is None:
        return None, None, Precision.FESTIVAL
    long = FESTIVALS[match["name"]] in ("春节", "国庆节")
    match match["part"]:
        case "前夕" | "前":
            start, end = (
                day - _WEEK - (_DAY if long and day == spring_festival(day.year) else _DAY * 0),
                day - _DAY,
            )
        case "后":
            start, end = day + _DAY, day + _WEEK
        case "前后":
            start, end = day - _WEEK, day + _WEEK
        case "期间" | "假期":
            start, end = day, day + _DAY * (6 if long else 2)
        case _:
            start, end = day, day
    return start, end, Precision.FESTIVAL


def _bare_day(match: re.Match[str], context: _Context) -> Days | None:
    """8日 after 3月5日: the month stands before it."""
    if context.month is None:
        return None
    year = context.year if context.known else context.anchor.the_year()
    return _one_day(year, context.month, int(match["day"]), f"{context.month}月{match[0]}")


def _near_month(match: re.Match[str], context: _Context) -> Days:
    day = context.anchor.the_day()
    if day is None:
        part = (
            Precision.DEKAD if match["part"] else Precision.DAY if match["day"] else Precision.MONTH
        )
        return None, None, part
    back = {"上": 1, "下": -1}.get(match["rel"][0], 0)
    start = months_before(day.replace(day=1), back)
    context.year, context.month, context.known = start.year, start.month, True
    if match["part"]:
        return _dekad_of(start.year, start.month, match["part"])
    if match["day"]:
        return _one_day(start.year, start.month, int(match["day"]), match[0])
    return start, last_day(start.year, start.month), Precision.MONTH


def _near_day(match: re.Match[str], context: _Context) -> Days:
    day = context.anchor.the_day()
    if day is None:
        return None, None, Precision.DAY
    day += _DAY * {"昨": -1, "前": -2, "明": 1}.get(match["rel"][0], 0)
    return day, day, Precision.DAY


def _near_week(match: re.Match[str], context: _Context) -> Days:
    day = context.anchor.the_day()
    if day is None:
        return None, None, Precision.SPAN
    monday = day - _DAY * day.weekday() + _WEEK * {"上": -1, "下": 1}.get(match["rel"][0], 0)
    return monday, monday + _DAY * 6, Precision.SPAN


def _near_quarter(match: re.Match[str], context: _Context) -> Days:
    day = context.anchor.the_day()
    if day is None:
        return None, None, Precision.QUARTER
    start = date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    start = months_before(start, {"上": 3, "下": -3}.get(match["rel"], 0))
    return start, last_day(start.year, start.month + 2), Precision.QUARTER


_POINTS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], _Context], Days | None]], ...] = (
    (_COMPACT, _day),
    (_DAY_POINT, _day),
    (_DEKAD, _dekad),
    (_MONTH, _month),
    (_QUARTER, _quarter),
    (_HALF, _half),
    (_YEAR_POINT, _year),
    (_FESTIVE, _festive),
    (_NEAR_MONTH, _near_month),
    (_NEAR_DAY, _near_day),
    (_NEAR_WEEK, _near_week),
    (_NEAR_QUARTER, _near_quarter),
)

# Spans, lists, since and until -------------------------------------------------------------------


def _months_span(plain: str, text: str, anchor: Anchor) -> _Found:
    match = _MONTHS.fullmatch(plain)
    if match is None:
        return None
    first, last = (_in_month(int(match[side]), match[0]) for side in ("from", "to"))
    if first >= last:
        return None
    return [(_months_of(_year_of(match, _Context(anchor)), first, last, Precision.SPAN), text)]


def _span(plain: str, text: str, anchor: Anchor) -> _Found:
    for joint in _JOINTS:
        for match in joint.finditer(plain):
            context = _Context(anchor)
            start = _point(plain[: match.start()], context)
            if start is None:
                continue
            right = plain[match.end() :]
            end = _point(right, context) or _bare(right, context)
            if end is not None:
                return [(_join(start, end, text), text)]
    return None


def _bare(plain: str, context: _Context) -> Days | None:
    match = _BARE_DAY.fullmatch(plain)
    return _bare_day(match, context) if match else None


def _join(start: Days, end: Days, words: str) -> Days:
    years = start[2] is end[2] is Precision.YEAR
    precision = Precision.YEARS if years else Precision.SPAN
    if start[0] is None or end[1] is None:
        return None, None, precision
    if start[0] > end[1]:
        raise NoSuchDay(words)
    return start[0], end[1], precision


def _many(plain: str, text: str, anchor: Anchor) -> _Found:
    parts = [part for part in _LIST.split(plain) if part]
    if len(parts) < 2:
        return None
    context, found = _Context(anchor), []
    for part in parts:
        days = _point(part, context) or _bare(part, context)
        if days is None:
            spans = _span(part, part, anchor)
            if spans is None:
                return None
            days = spans[0][0]
        found.append((days, part))
    return found


def _since(plain: str, text: str, anchor: Anchor) -> _Found:
    match = _SINCE.fullmatch(plain)
    days = _point(match["point"], _Context(anchor)) if match else None
    if days is None:
        return None
    return [((days[0], anchor.the_day(), Precision.SPAN), text)]


def _until(plain: str, text: str, anchor: Anchor) -> _Found:
    match = _UNTIL.fullmatch(plain)
    days = _point(match["point"] or match["point2"], _Context(anchor)) if match else None
    return None if days is None else [((None, days[1], Precision.UNTIL), text)]


def _rolling(plain: str, text: str, anchor: Anchor) -> _Found:
    """三年来, 近三年: the years that end on the day of writing."""
    match = _ROLLING.fullmatch(plain)
    if match is None or not (match["near"] or match["back"]):
        return None
    years = match["unit"] == "年"
    precision = Precision.YEARS if years else Precision.SPAN
    end = anchor.the_day()
    if end is None:
        return [((None, None, precision), text)]
    start = months_before(end, int(match["count"]) * (12 if years else 1)) + _DAY
    return [((start, end, precision), text)]
