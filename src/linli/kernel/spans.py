"""Written days beyond a single point: spans, lists, since, until, and the years gone by."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from linli.kernel.dates import (
    YEAR,
    Anchor,
    Context,
    Days,
    NoSuchDay,
    bare_day,
    month_in,
    months_of,
    point,
    year_of,
)
from linli.kernel.numerals import chinese_number, tidy
from linli.kernel.occurrences import DateReading, Occurred, Precision
from linli.kernel.periods import Period

_ZERO = re.compile("[〇○零OoＯ]")
_NUMERAL = re.compile("[〇○零OoＯ0-9一二三四五六七八九十廿卅]+(?=个?[年月日号旬])")
_SPELLED = re.compile("[〇○零OoＯ一二三四五六七八九十廿卅]")
_CLOCK_FOLLOWS = re.compile(r"(?<=\d)\s+(?=\d\d?[:点时])")
_VAGUE = re.compile(
    "近年来?|近[几些]年来?|[几多]年以?来|近期|近来|最近|历年来?|一直以来|长期以来|以往|往年|曾经"
    "|(?:日期|时间)?(?:不详|未知|不明|待补|待定)|来源待补|今后一段时期"
)
_ROLLING = re.compile(
    r"(?P<near>近|最近|过去|这|前)?(?P<count>\d{1,2})多?(?P<unit>年|个月)(?P<back>多?来|以来|间|中)?"
)
_MONTHS = re.compile(rf"{YEAR}(?P<first>\d{{1,2}})(?:月份?)?[-~—–至到]+(?P<last>\d{{1,2}})月份?")
_QUARTERS = re.compile(
    rf"{YEAR}(?:第?(?P<first>[一二三1-3])[-~—至到](?P<last>[二三四2-4])|前(?P<count>[二两三23]))季度"
)
_SINCE = re.compile("[自从]?(?P<point>.+?)(?:开始|以来|至今|起)(?:至今)?")
_UNTIL = re.compile(
    "(?:截至|截止到?|到|至)(?P<point>.+?)(?:底止|为止|止)?|(?P<before>.+?)(?:以前|之前|前|为止|止)"
)
_LIST = re.compile("[、,，;；和及与]")
_JOINTS = (re.compile("~|—{1,2}|–|至|到"), re.compile("-"))
_ORDER = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4}

_Found = list[tuple[Days, str]] | None


def read_occurred(text: str, year: int | None, as_of: date | None) -> DateReading | None:
    """The occurrences that a text states; None when it states none."""
    anchor = Anchor(year, as_of)
    try:
        found = _whole(_plain(text), text, anchor)
    except NoSuchDay as fault:
        return DateReading(fault=str(fault))
    if found is None:
        return None
    occurred = tuple(Occurred(*days, words) for days, words in found)
    return DateReading(occurred, needs=frozenset(anchor.needs), supplied=frozenset(anchor.supplied))


def _plain(text: str) -> str:
    """Half-width and without blanks; 二0一0年五月 as 2010年5月."""
    pieces = text.split()
    if len(pieces) > 1:
        pieces = _CLOCK_FOLLOWS.sub("T", text).split()
    plain = tidy("".join(pieces))
    return _NUMERAL.sub(_arabic, plain) if _SPELLED.search(plain) else plain


def _arabic(match: re.Match[str]) -> str:
    """二0一0年 → 2010, 十二月 → 12, 廿一日 → 21; what cannot be a number stays."""
    text = _ZERO.sub("0", match[0])
    if text.isascii():
        return text
    spelled = "年" in match.string[match.end() :][:1] and not re.search("[十廿卅]", text)
    if spelled and len(text) in (2, 4):
        return "".join(char if char.isascii() else str(chinese_number(char)) for char in text)
    value = chinese_number(text) if not re.search(r"\d", text) else None
    return match[0] if value is None else str(value)


def _whole(plain: str, text: str, anchor: Anchor) -> _Found:
    if _VAGUE.fullmatch(plain):
        return [((None, None, Precision.UNKNOWN), text)]
    for read in (_single, _months, _quarters, _rolling, _span, _many, _since, _until):
        mark = set(anchor.needs), set(anchor.supplied)
        found = read(plain, text, anchor)
        if found is not None:
            return found
        anchor.needs, anchor.supplied = mark
    return None


def _single(plain: str, text: str, anchor: Anchor) -> _Found:
    days = point(plain, Context(anchor))
    return None if days is None else [(days, text)]


def _months(plain: str, text: str, anchor: Anchor) -> _Found:
    match = _MONTHS.fullmatch(plain)
    if match is None:
        return None
    first, last = (month_in(match[side], match[0]) for side in ("first", "last"))
    if first >= last:
        return None
    return [(months_of(year_of(match, Context(anchor)), first, last, Precision.SPAN), text)]


def _quarters(plain: str, text: str, anchor: Anchor) -> _Found:
    match = _QUARTERS.fullmatch(plain)
    if match is None:
        return None
    first = _order(match["first"] or "1")
    last = _order(match["last"] or match["count"])
    year = year_of(match, Context(anchor))
    return (
        [(months_of(year, first * 3 - 2, last * 3, Precision.SPAN), text)] if first < last else None
    )


def _order(text: str) -> int:
    return _ORDER.get(text) or int(text)


def _rolling(plain: str, text: str, anchor: Anchor) -> _Found:
    """三年来, 近三年: the years that end on the day of writing."""
    match = _ROLLING.fullmatch(plain)
    if match is None or not (match["near"] or match["back"]) or match["count"].strip("0") == "":
        return None
    years = match["unit"] == "年"
    precision = Precision.YEARS if years else Precision.SPAN
    end = anchor.the_day()
    if end is None:
        return [((None, None, precision), text)]
    period = Period.rolling(int(match["count"]), end, unit="y" if years else "m")
    return [((period.start, period.end, precision), text)]


def _span(plain: str, text: str, anchor: Anchor) -> _Found:
    return _within(plain, text, Context(anchor))


def _within(plain: str, text: str, context: Context) -> _Found:
    """A span; what it settles about year and month stays in the context."""
    for joint in _JOINTS:
        for match in joint.finditer(plain):
            here = replace(context)
            start = point(plain[: match.start()], here)
            right = plain[match.end() :]
            end = (point(right, here) or bare_day(right, here)) if start else None
            if start is not None and end is not None:
                context.year, context.month, context.known = here.year, here.month, here.known
                return [(_join(start, end, text), text)]
    return None


def _join(start: Days, end: Days, words: str) -> Days:
    years = start[2] is end[2] is Precision.YEAR
    precision = Precision.YEARS if years else Precision.SPAN
    if start[0] is None or end[1] is None:
        return None, None, precision
    if start[0] > end[1]:
        raise NoSuchDay(words, "“{words}”的结束早于开始")
    return start[0], end[1], precision


def _many(plain: str, text: str, anchor: Anchor) -> _Found:
    parts = [part for part in _LIST.split(plain) if part]
    if len(parts) < 2:
        return None
    context = Context(anchor)
    found: list[tuple[Days, str]] = []
    for part in parts:
        days = point(part, context) or bare_day(part, context)
        here = _within(part, part, context) if days is None else [(days, part)]
        if here is None:
            return None
        found.extend(here)
    return found


def _since(plain: str, text: str, anchor: Anchor) -> _Found:
    match = _SINCE.fullmatch(plain)
    days = point(match["point"], Context(anchor)) if match else None
    if days is None:
        return None
    return [((days[0], anchor.the_day(), Precision.SPAN), text)]


def _until(plain: str, text: str, anchor: Anchor) -> _Found:
    match = _UNTIL.fullmatch(plain)
    days = point(match["point"] or match["before"], Context(anchor)) if match else None
    return None if days is None else [((None, days[1], Precision.UNTIL), text)]
