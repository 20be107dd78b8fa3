"""Festivals and fixed days of the year, lunar ones by lunar-python (GB/T 33661-2017)."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache
from types import MappingProxyType

from lunar_python import Lunar, LunarMonth, Solar

_DAY = timedelta(days=1)

# Canonical name → (lunar?, month, day). 除夕 and 清明 are computed.
_FIXED: Mapping[str, tuple[int, int]] = MappingProxyType(
    {
        "元旦": (1, 1),
        "情人节": (2, 14),
        "学雷锋日": (3, 5),
        "妇女节": (3, 8),
        "植树节": (3, 12),
        "消费者权益日": (3, 15),
        "世界水日": (3, 22),
        "地球日": (4, 22),
        "世界读书日": (4, 23),
        "劳动节": (5, 1),
        "青年节": (5, 4),
        "防灾减灾日": (5, 12),
        "国际家庭日": (5, 15),
        "助残日": (5, 0),  # the third Sunday of May
        "儿童节": (6, 1),
        "世界环境日": (6, 5),
        "国际禁毒日": (6, 26),
        "建党节": (7, 1),
        "建军节": (8, 1),
        "教师节": (9, 10),
        "烈士纪念日": (9, 30),
        "国庆节": (10, 1),
        "消防日": (11, 9),
        "艾滋病日": (12, 1),
        "志愿者日": (12, 5),
        "宪法日": (12, 4),
        "国家公祭日": (12, 13),
        "平安夜": (12, 24),
        "圣诞节": (12, 25),
    }
)
_LUNAR: Mapping[str, tuple[int, int]] = MappingProxyType(
    {
        "春节": (1, 1),
        "元宵节": (1, 15),
        "龙抬头": (2, 2),
        "端午节": (5, 5),
        "七夕节": (7, 7),
        "中元节": (7, 15),
        "中秋节": (8, 15),
        "重阳节": (9, 9),
        "腊八节": (12, 8),
        "小年": (12, 23),
    }
)
_ALIASES = """
元旦 元旦节 新年 阳历新年
学雷锋日 学雷锋纪念日 雷锋日 三五学雷锋日
妇女节 三八 三八节 三八妇女节 国际妇女节 三八国际妇女节 国际劳动妇女节
植树节 三一二植树节
消费者权益日 三一五 国际消费者权益日 消费者日
地球日 世界地球日
世界读书日 读书日
劳动节 五一 五一节 五一劳动节 国际劳动节 五一国际劳动节
青年节 五四 五四青年节
防灾减灾日 全国防灾减灾日 减灾日
助残日 全国助残日
儿童节 六一 六一节 六一儿童节 国际儿童节
世界环境日 环境日 六五环境日 六五世界环境日
国际禁毒日 禁毒日 世界禁毒日
建党节 七一 七一建党节 党的生日 建党日
建军节 八一 八一建军节
国庆节 国庆 十一国庆节 十一国庆
消防日 全国消防日 消防宣传日
艾滋病日 世界艾滋病日
志愿者日 国际志愿者日
宪法日 国家宪法日
圣诞节 圣诞
春节 大年初一 正月初一 农历新年 新春 新春佳节
元宵节 元宵 正月十五 上元节
端午节 端午
七夕节 七夕
中秋节 中秋 八月十五
重阳节 重阳 九九重阳节 九九重阳 九月初九 敬老节 老人节 老年节
腊八节 腊八
除夕 除夕夜 大年三十 年三十 大年夜
清明节 清明
冬至 冬至节
"""


def _names() -> dict[str, str]:
    names = {name: name for name in (*_FIXED, *_LUNAR)}
    for line in _ALIASES.split("\n"):
        for alias in line.split():
            names[alias] = line.split()[0]
    return names


FESTIVALS: Mapping[str, str] = MappingProxyType(_names())
"""Every name of a festival or fixed day, to its canonical name."""

_SOLAR_TERMS = ("清明节", "冬至")


@lru_cache(maxsize=4096)
def festival(name: str, year: int) -> date | None:
    """The day of a festival in a year; None for an unknown name.

    腊八, 小年 and 除夕 are those before that year's 春节: 腊八 of 2010 is 2010-01-22.
    """
    known = FESTIVALS.get(name)
    if known is None:
        return None
    if known == "助残日":
        first = date(year, 5, 1)
        return first + timedelta(days=(6 - first.weekday()) % 7 + 14)
    if known in _FIXED:
        return date(year, *_FIXED[known])
    if known == "除夕":
        return spring_festival(year) - _DAY
    if known in _SOLAR_TERMS:
        return _solar_term(year, known)
    month, day = _LUNAR[known]
    return lunar_day(year - 1 if month == 12 else year, month, day)


def spring_festival(year: int) -> date:
    """正月初一 of the year."""
    return lunar_day(year, 1, 1)


@lru_cache(maxsize=4096)
def lunar_day(year: int, month: int, day: int) -> date:
    """The calendar day of a lunar year, month and day (never a leap month)."""
    solar = Lunar.fromYmd(year, month, day).getSolar()
    return date(solar.getYear(), solar.getMonth(), solar.getDay())


def birthday(born: date, year: int, *, lunar: bool = False) -> date:
    """The birthday in a year, by the sun or by the moon (农历生日).

    29 February falls on the last day of February where the year has none; the thirtieth of a lunar
    month on its twenty-ninth where it has no more; one of a leap month in the month itself.
    """
    if not lunar:
        day = monthrange(year, 2)[1] if (born.month, born.day) == (2, 29) else born.day
        return date(year, born.month, day)
    month, number = _lunar_month_and_day(born)
    return lunar_day(year, month, min(number, _days_of_lunar_month(year, month)))


@lru_cache(maxsize=4096)
def _lunar_month_and_day(day: date) -> tuple[int, int]:
    then = Solar.fromYmd(day.year, day.month, day.day).getLunar()
    return abs(then.getMonth()), then.getDay()


@lru_cache(maxsize=4096)
def _days_of_lunar_month(year: int, month: int) -> int:
    return int(LunarMonth.fromYm(year, month).getDayCount())


def _solar_term(year: int, name: str) -> date:
    table = Solar.fromYmd(year, 6, 15).getLunar().getJieQiTable()
    solar = table["清明" if name == "清明节" else "DONG_ZHI"]  # "冬至" is that of the year before
    return date(solar.getYear(), solar.getMonth(), solar.getDay())
