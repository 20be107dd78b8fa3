"""Cadences: how often a thing is done, as ledgers write it: 每周, 每季度1次, 天天, 定期."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from linli.kernel.numerals import number_of, tidy
from linli.kernel.occurrences import Cadence

_EVERY: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("天", "日", "晚", "早", "夜"), "day"),
        **dict.fromkeys(("周", "星期", "礼拜"), "week"),
        **dict.fromkeys(("月", "个月"), "month"),
        **dict.fromkeys(("季度", "季", "个季度"), "quarter"),
        **dict.fromkeys(("半年", "学期", "个学期"), "half"),
        **dict.fromkeys(("年度", "年"), "year"),
        **dict.fromkeys(("节日", "节", "逢节日", "逢佳节", "逢重大节日", "逢节假日"), "festival"),
    }
)
# Intervals that are no unit of their own: so many times in a larger one.
_ODD: Mapping[tuple[int, str], tuple[int, str]] = MappingProxyType(
    {
        (2, "week"): (26, "year"),
        (2, "month"): (6, "year"),
        (3, "month"): (1, "quarter"),
        (6, "month"): (1, "half"),
        (2, "quarter"): (1, "half"),
        (12, "month"): (1, "year"),
    }
)
_NUMBER = "[一二两三四五六七八九十\\d]+"
_INTERVAL = (
    "季度|半年|年度|个季度|个学期|学期|个月|星期|礼拜|逢重大节日|逢节假日|逢节日|逢佳节|节日"
    "|[天日晚早夜周月季年节]"
)
_COUNT = (
    rf"(?P<times>{_NUMBER})(?:[~\-至到、]{_NUMBER})?个?(?:次|回|期|场|遍|轮|篇|堂|课|上午|下午|版)"
)
_EACH = re.compile(rf"每(?P<each>{_NUMBER})?(?P<interval>{_INTERVAL})(?P<rest>.*)")
_PER = re.compile(
    rf"(?P<each>{_NUMBER}|半)?个?(?P<interval>{_INTERVAL})(?:不少于|不低于|至少|最少)?{_COUNT}"
)
_BY = re.compile(r"(?:按|逐|分)(?P<interval>季度|季|月|年度|年|周|日|半年)(?P<rest>.{0,8})")
_TIMES = re.compile(_COUNT)
_DOUBLED = re.compile(r"(?P<char>[天日周月年])(?P=char)(?P<rest>.{0,8})")
_UNSTATED = re.compile(
    r"(?:不?定期|不?定时|经常性?|常年性?|长年|随时|及时|长期|平时|日常性|常态化?|适时|经常化)"
    r"(?:地|的)?(?P<rest>.{0,8})"
)
_DAILY = re.compile(r"日常")
_FESTIVE = re.compile(
    r"(?:逢年过节|每逢佳节|节假日|重大节日|传统佳节|传统节日)(?:期间|前夕|前后|前)?"
)
_MONTHS_DAYS = re.compile(rf"(?:{_NUMBER})[日号]")
_WEEKDAYS = re.compile(
    r"[一二三四五六日天末](?:[、,，][一二三四五六日天]|[至到~-][一二三四五六日天])*"
)
_LONGEST_REST = 10  # a cadence cell says how often; a whole sentence is not one


def read_cadence(text: str) -> Cadence | None:
    """The cadence that a cell states, or None. 每两周 becomes 26 times a year, 每旬 3 a month."""
    plain = tidy("".join(text.split()))
    for read in (_fixed, _each, _per, _by):
        found = read(plain)
        if found:
            times, every = found
            return Cadence(times, every, text)
    return None


_Reading = tuple[int | None, str] | None


def _fixed(plain: str) -> _Reading:
    if _FESTIVE.fullmatch(plain) or re.fullmatch(
        r"每年(?:的)?(?:传统)?(?:佳节|节日|节假日)", plain
    ):
        return None, "festival"
    if plain in ("每旬", "逐旬"):
        return 3, "month"
    if plain in ("每半月", "半月一次", "半月"):
        return 2, "month"
    if _DAILY.fullmatch(plain):
        return None, "day"
    if _UNSTATED.fullmatch(plain):
        return None, "unstated"
    match = _DOUBLED.fullmatch(plain)
    return (_times(match["rest"]), _EVERY[match["char"]]) if match else None


def _each(plain: str) -> _Reading:
    match = _EACH.fullmatch(plain)
    if match is None or len(match["rest"]) > _LONGEST_REST:
        return None
    every, rest = _EVERY[match["interval"]], match["rest"]
    each = _number(match["each"])
    if each and each != 1:
        return _ODD.get((each, every), (None, "unstated"))
    return _times(rest) or _named_days(rest, every), every


def _named_days(rest: str, every: str) -> int | None:
    """每月5日 is once a month; 每周一、三、五 is three times a week."""
    if every in ("month", "quarter", "year") and _MONTHS_DAYS.fullmatch(rest):
        return 1
    if every == "week" and _WEEKDAYS.fullmatch(rest):
        span = re.fullmatch(r"(.)[至到~-](.)", rest)
        if span:
            order = "一二三四五六日".replace("天", "日")
            low, high = (order.find(char.replace("天", "日")) for char in span.groups())
            return high - low + 1 if high > low else None
        return len(re.findall(r"[一二三四五六日天末]", rest))
    return None


def _per(plain: str) -> _Reading:
    match = _PER.fullmatch(plain)
    if match is None:
        return None
    every, times = _EVERY[match["interval"]], _number(match["times"])
    if match["each"] == "半" and every == "month":
        return 2, "month"
    if match["each"] == "半" and every == "year":
        return times, "half"
    each = _number(match["each"]) if match["each"] != "半" else None
    if each and each != 1:
        return _ODD.get((each, every), (None, "unstated")) if times == 1 else (None, "unstated")
    return times, every


def _by(plain: str) -> _Reading:
    match = _BY.fullmatch(plain)
    return (_times(match["rest"]), _EVERY[match["interval"]]) if match else None


def _times(rest: str) -> int | None:
    match = _TIMES.search(rest)
    return _number(match["times"]) if match else None


def _number(text: str | None) -> int | None:
    value = number_of(text) if text else None
    return None if value is None else int(value)
