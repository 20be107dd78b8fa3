"""Intervals: how often or by when something is due, read from the words an office writes.

每周一、三、五 · 每月首个工作日 · 每季度后10个工作日内 · 中秋节前7天 · 5个工作日内 · 生日前3天. Words that
state no interval (定期, 经常, 及时, 届) are read as `unstated`: nothing is due until one is named.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from linli.kernel.cadences import read_cadence
from linli.kernel.lunar import FESTIVALS
from linli.kernel.numerals import number_of, tidy

Every = Literal[
    "day", "workday", "week", "month", "quarter", "half", "year",  # the calendar goes round
    "festival",  # each year at a festival
    "deadline",  # so long after a day that a record states
    "date",  # around a day that a record states, once
    "birthday",  # around that day, each year
    "unstated",  # the words name no interval
    "never",  # not done here
]  # fmt: skip
PERIODS = ("day", "workday", "week", "month", "quarter", "half", "year")
ANCHORED = ("deadline", "date", "birthday")
"""Intervals that run from a day which a record states."""
TRADITIONAL = ("春节", "元宵节", "清明节", "端午节", "中秋节", "重阳节")
"""The festivals meant by 传统佳节 where none is named."""
FIRST_WORKDAY, LAST_WORKDAY, LAST_DAY = 101, -101, 31


@dataclass(frozen=True, slots=True)
class Interval:
    """How often, or by when.

    `times` in each `step` × `every`. `days` narrow a week (1 Monday … 7), a month (1–31, beyond its
    end the last day; FIRST_WORKDAY, LAST_WORKDAY) or a year (month × 100 + day). `months` narrow a
    year to whole months. `by`: the day closes a window that begins with the period (每月25日前).
    `before`, `after`: days around a day. `within`: days after the period, or after the stated day
    (None: the period itself); `workdays`: these days are working days. `lunar`: 农历生日.
    """

    every: Every
    times: int = 1
    step: int = 1
    days: tuple[int, ...] = ()
    months: tuple[int, ...] = ()
    by: bool = False
    festivals: tuple[str, ...] = ()
    before: int = 0
    after: int = 0
    within: int | None = None
    workdays: bool = False
    lunar: bool = False
    words: str = ""

    @property
    def anchored(self) -> bool:
        """Whether it runs from a day that a record states."""
        return self.every in ANCHORED


def read_interval(text: str) -> Interval | None:
    """The interval that words state, `unstated` where they name none, None where unreadable."""
    plain = tidy("".join(text.split()))
    for read in _READERS:
        found = read(plain)
        if found is not None:
            return _sound(found, text.strip())
    return None


def _sound(found: dict[str, object], words: str) -> Interval | None:
    """The interval, if its numbers can be."""
    made = Interval(**found, words=words)  # type: ignore[arg-type]
    most = {"day": 50, "workday": 50, "week": 50, "month": 200, "festival": 50}.get(made.every, 366)
    counts = (made.before, made.after, made.within or 0)
    return made if 1 <= made.times <= most and max(counts) <= _LONGEST else None


_LONGEST = 3660  # days: ten years
_N = "[一二两三四五六七八九十百\\d]+"
_UNIT = {
    "天": "day", "日": "day", "周": "week", "星期": "week", "个星期": "week", "个月": "month",
    "月": "month", "季": "quarter", "季度": "quarter", "个季度": "quarter", "半年": "half", "年": "year",
}  # fmt: skip
_TIMES = rf"(?:(?:不少于|不低于|至少)?(?P<times>{_N})(?:次|回|期|场|堂|课))?"
_WEEKDAYS = "一二三四五六日"
_Reading = dict[str, object] | None


def _int(text: str | None, default: int = 1) -> int:
    value = number_of(text) if text else None
    return default if value is None else int(value)


_NEVER = re.compile(r"不办|不再办理|停办|不开展")
_OPEN = re.compile(r"届|每届|换届|多年(?:一次)?|立即|一有情?况?[及即]时|及时|[及即]时.{1,4}|按需")


def _without(plain: str) -> _Reading:
    if _NEVER.fullmatch(plain):
        return {"every": "never"}
    return {"every": "unstated"} if _OPEN.fullmatch(plain) else None


_DEADLINE = re.compile(
    rf"(?:.{{0,8}}?后)?(?P<n>{_N})个?(?P<unit>工作日|自然日|小时|分钟|日|天|周|月)(?:以|之)?内"
)
_SAME_DAY = re.compile(r"(?:当日|当天)(?:(?:以|之)?内)?")
_DAYS_OF = {"工作日": 1, "自然日": 1, "日": 1, "天": 1, "周": 7, "月": 30}


def _deadline(plain: str) -> _Reading:
    if _SAME_DAY.fullmatch(plain):
        return {"every": "deadline", "within": 0}
    match = _DEADLINE.fullmatch(plain)
    if match is None or plain.startswith("每"):
        return None
    count, unit = _int(match["n"]), match["unit"]
    if unit in ("小时", "分钟"):  # windows are days: less than a day is the same day
        return {"every": "deadline", "within": count // 24 if unit == "小时" else 0}
    return {"every": "deadline", "within": count * _DAYS_OF[unit], "workdays": unit == "工作日"}


_AROUND = (
    rf"(?:前(?P<before>{_N})个?(?P<unit>工作日|天|日|个月|月)(?:内|至)?)?"
    rf"(?:后(?P<after>{_N})[天日](?:内)?)?(?:前后(?P<both>{_N})[天日])?(?:当[天日]|期间)?"
)
_STATED = re.compile(rf"(?P<lunar>农历)?(?P<what>生日|到期|届满|期满){_AROUND}")


def _stated(plain: str) -> _Reading:
    match = _STATED.fullmatch(plain)
    if match is None:
        return None
    every = "birthday" if match["what"] == "生日" else "date"
    return {"every": every, "lunar": bool(match["lunar"])} | _around(match)


def _around(match: re.Match[str]) -> dict[str, object]:
    both = _int(match["both"], 0)
    unit = match["unit"] or "天"
    before = _int(match["before"], 0) * (30 if unit.endswith("月") else 1)
    after = _int(match["after"], 0)
    return {"before": before or both, "after": after or both, "workdays": unit == "工作日"}


_NAMES = "|".join(sorted(FESTIVALS, key=len, reverse=True))
_FESTIVAL = re.compile(rf"(?:每年)?(?P<names>(?:{_NAMES})(?:[、,，和及](?:{_NAMES}))*){_AROUND}")
_ANY_FESTIVAL = re.compile(
    rf"(?:每年|每逢|逢)?(?:的)?(?:传统|重大)?(?:佳节|节日|节假日|过年过节)(?:前夕)?{_AROUND}"
)


def _festival(plain: str) -> _Reading:
    match = _FESTIVAL.fullmatch(plain)
    if match is not None:
        named = re.findall(_NAMES, match["names"])
        names = tuple(dict.fromkeys(FESTIVALS[name] for name in named))
        return {"every": "festival", "festivals": names} | _around(match)
    match = _ANY_FESTIVAL.fullmatch(plain)
    if match is not None or plain == "逢年过节":
        around = _around(match) if match else {}
        return {"every": "festival", "festivals": TRADITIONAL} | around
    return None


_FOLLOWING = re.compile(
    rf"每(?P<unit>周|月|季度?|半年|年)度?(?:结束|终了)?后(?P<n>{_N})个?(?P<day>工作日|日|天)(?:以|之)?内"
)


def _following(plain: str) -> _Reading:
    match = _FOLLOWING.fullmatch(plain)
    if match is None:
        return None
    every = _UNIT[match["unit"]]
    return {"every": every, "within": _int(match["n"]), "workdays": match["day"] == "工作日"}


_YEARLY = re.compile(
    rf"每年(?P<month>{_N})月(?:份)?(?:(?:至|到|-)(?P<last>{_N})月(?:份)?)?{_TIMES}"
)
_YEARLY_DAY = re.compile(
    rf"每年(?P<month>{_N})月(?P<day>{_N})[日号](?:(?P<by>(?:之|以)?前)|{_AROUND})"
)


def _yearly(plain: str) -> _Reading:
    match = _YEARLY_DAY.fullmatch(plain)
    if match is not None:
        month, day = _int(match["month"]), _int(match["day"])
        if not (1 <= month <= 12 and 1 <= day <= 31):
            return None
        by = bool(match["by"])
        return {"every": "year", "days": (month * 100 + day,), "by": by} | _around(match)
    match = _YEARLY.fullmatch(plain)
    if match is None:
        return None
    first = _int(match["month"])
    months = tuple(range(first, _int(match["last"], first) + 1))
    if not months or months[0] < 1 or months[-1] > 12:
        return None
    return {"every": "year", "months": months, "times": _int(match["times"])}


_MONTHLY = re.compile(rf"每月(?P<days>{_N}[日号](?:[、,，]{_N}[日号])*)(?P<by>(?:之|以)?前)?")
_MONTHLY_WORKDAY = re.compile(r"每月(?P<which>首个|第一个|第1个|最后一个|最后1个|末个)工作日")
_MONTH_END = re.compile(r"每?月[底末]")


def _monthly(plain: str) -> _Reading:
    match = _MONTHLY_WORKDAY.fullmatch(plain)
    if match is not None:
        last = match["which"][0] in "最末"
        return {"every": "month", "days": (LAST_WORKDAY if last else FIRST_WORKDAY,)}
    if _MONTH_END.fullmatch(plain):
        return {"every": "month", "days": (LAST_DAY,)}
    match = _MONTHLY.fullmatch(plain)
    if match is None:
        return None
    days = tuple(sorted({_int(one) for one in re.findall(_N, match["days"])}))
    by = bool(match["by"])
    sound = days[0] >= 1 and days[-1] <= 31 and (not by or len(days) == 1)
    return {"every": "month", "days": days, "by": by} if sound else None


_WEEKLY = re.compile(
    r"每(?:个)?(?:周|星期|礼拜)(?P<days>[一二三四五六日天](?:[、,，]?(?:周|星期)?[一二三四五六日天])*)"
    r"(?:[至到~-](?:周|星期)?(?P<last>[一二三四五六日天]))?(?:上午|下午|晚上?)?"
)


def _weekly(plain: str) -> _Reading:
    match = _WEEKLY.fullmatch(plain)
    if match is None:
        return None
    days = [_weekday(one) for one in re.findall("[一二三四五六日天]", match["days"])]
    if match["last"]:
        if len(days) != 1 or _weekday(match["last"]) < days[0]:
            return None
        days = list(range(days[0], _weekday(match["last"]) + 1))
    return {"every": "week", "days": tuple(sorted(set(days)))}


def _weekday(char: str) -> int:
    return _WEEKDAYS.index("日" if char == "天" else char) + 1


_WORKDAY = re.compile(rf"(?:每个?)工作日{_TIMES}")
_STEPPED = re.compile(
    rf"每?(?P<step>{_N})(?P<unit>天|日|周|个?星期|个?月|个?季度|年)(?:度)?{_TIMES}"
)


def _stepped(plain: str) -> _Reading:
    """每两年一次, 每三个月: so many periods together. Nothing is rounded to times in a year."""
    match = _WORKDAY.fullmatch(plain)
    if match is not None:
        return {"every": "workday", "times": _int(match["times"])}
    match = _STEPPED.fullmatch(plain)
    if match is None or (not plain.startswith("每") and match["times"] is None):
        return None
    step, every = _int(match["step"]), _UNIT[match["unit"]]
    if step < 1 or step > 50:
        return None
    return {"every": every, "step": step, "times": _int(match["times"])}


_VERB = "(?:组织|开展|召开|举办|更换|更新|报告|检查|走访)?"
_PLAIN = re.compile(
    rf"(?:(?:每|按|逐)(?:个|一)?|一)?(?P<unit>天|日|周|星期|月|季度?|半年|年)度?{_VERB}{_TIMES}"
)
_DOUBLED = re.compile(rf"(?P<unit>[天日周月年])(?P=unit){_VERB}")


def _plain(plain: str) -> _Reading:
    """每周2次, 天天, 按季度, 半年一次; and 定期, which a ledger's cell may say as well."""
    match = _DOUBLED.fullmatch(plain)
    if match is not None:
        return {"every": _UNIT[match["unit"]]}
    match = _PLAIN.fullmatch(plain)
    if match is not None and (plain[0] in "每按逐" or match["times"]):
        return {"every": _UNIT[match["unit"]], "times": _int(match["times"])}
    found = read_cadence(plain)
    return {"every": "unstated"} if found is not None and found.every == "unstated" else None


_READERS: tuple[Callable[[str], _Reading], ...] = (
    _without,
    _deadline,
    _stated,
    _following,
    _yearly,
    _monthly,
    _weekly,
    _stepped,
    _plain,
    _festival,
)
