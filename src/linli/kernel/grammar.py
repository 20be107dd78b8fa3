"""The grammar of written quantities, shared by whole cells and running text.

quantity = [qualifying word] number [余|多|来|几] [scale] [qualifying word] [unit] [qualifying word]
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from types import MappingProxyType

from linli.kernel.numerals import ARABIC, CHINESE, factor_of, number_of
from linli.kernel.quantities import Bounds, Qualifier, Quantity, combine
from linli.kernel.units import PER, canonical_unit, spellings

# 超过 and 不满 exclude the number and leave the far end open; 以上 and 以下 include it (Civil Code,
# art. 1259).
_EXCEEDS = ("超过", "超出", "超", "逾", "突破", "多于", "大于", "高于", ">")
_FALLS_SHORT = ("不足", "不到", "不满", "未满", "低于", "少于", "小于", "<")
_OPEN_TOP, _OPEN_BOTTOM = frozenset(_EXCEEDS), frozenset(_FALLS_SHORT)


def _table(**words: str) -> Mapping[str, Qualifier]:
    return MappingProxyType(
        {word: Qualifier[name.upper()] for name, listed in words.items() for word in listed.split()}
    )


BEFORE = _table(
    about="约 大约 约为 大概 大致 估计",
    nearly="近 将近 接近 几近 " + " ".join(_FALLS_SHORT),
    over=" ".join(_EXCEEDS),
    at_least="不低于 不少于 不小于 不下于 不下 至少 最少 起码 ≥ >= 上",
    at_most="不超过 不多于 不高于 不大于 至多 最多 ≤ <=",
)
"""Qualifying words before the number. 上 is that of 上百户."""

STRESS = _table(exact="达到 多达 高达 达 共计 共有 总计 合计 累计 共 计 各 为")
"""Words before the number that stress it and change nothing."""

AFTER = _table(
    at_least="及以上 或以上 以上",
    at_most="及以下 或以下 以下 以内 之内",
    about="左右 上下 不等",
    over="余 多",
)
"""Qualifying words after the number or its unit."""

CELL_AFTER = MappingProxyType({**AFTER, **_table(at_least="起 +", at_most="内")})
"""Words after the number that are clear in a cell, but not in a sentence."""


def either(words: Iterable[str]) -> str:
    """A pattern for any of the words, the longest first."""
    return "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))


# 千 belongs to the unit in 千克, 千米 and 千瓦时.
MULTIPLIERS = "[十百千]?[万亿]+|[十百]|千(?![克米瓦])"


def number_pattern(chinese: str) -> str:
    """A numeral, Arabic or of the given Chinese characters."""
    return (
        rf"(?:{ARABIC}(?:{MULTIPLIERS})?(?:(?<=[千万亿])\d[\d.]*(?:{MULTIPLIERS})?)?"
        rf"|(?:(?!千[克米瓦]){chinese})+)"
    )


def amount_pattern(number: str) -> str:
    """A numeral with the words that stand in it: 580余万, 4万余, 十几."""
    return (
        rf"(?P<number>{number})(?:\s?(?P<left_off>[余多来几]))?(?P<scale>(?:[十百千]?[万亿]+)?)"
        r"(?(left_off)|(?P<left_off_after>[余多])?)"
    )


NUMBER = number_pattern(CHINESE)
# A measure word is none where a longer word or an address begins with it: 2支部, 3项目标, 5家庭, 4个月饼.
_NOT_BEFORE = {
    "个月": "饼嫂",
    "家": "庭长属",
    "支": "部",
    "组": "织",
    "场": "所地馆",
    "条": "件例",
    "层": "面次",
    "本": "地市区",
    "部": "分队",
    "名": "称单额",
    "处": "理室",
    "批": "评",
    "间": "隔接",
    "人": "民均才",
    "度": "假",
    "户": "籍口外",
    "栋": r"\d",  # 5栋2单元, 11幢402室 are where somebody lives
    "幢": r"\d",
}


def _unit_pattern(word: str) -> str:
    longer = _NOT_BEFORE.get(word)
    return f"{re.escape(word)}(?![{longer}])" if longer else re.escape(word)


UNIT = rf"(?:{'|'.join(map(_unit_pattern, spellings()))})(?:/{PER})?"
JOINT = r"(?:~|-{1,2}|–|—{1,2}|至|到)"

_ONE = Decimal(1)
_LARGE = re.compile("[万亿]")
_TAIL = re.compile(rf"(?:{MULTIPLIERS})$")
_MULTIPLIER_ONLY = frozenset("百千万亿")


def is_figurative(number: str) -> bool:
    """百户, 千家, 万家: a multiplier without a digit is a number only beside a qualifier."""
    return bool(number) and all(char in _MULTIPLIER_ONLY for char in number)


def amount_of(match: re.Match[str]) -> Decimal | None:
    """The value of a matched AMOUNT; None when the numeral is malformed."""
    digits = match["number"]
    value = number_of(digits)
    if value is None or (match["left_off"] == "几" and digits[-1] not in "十0"):
        return None
    return value * factor_of(match["scale"])


def is_left_off(match: re.Match[str]) -> bool:
    """Whether the amount carries 余, 多, 来 or 几."""
    return bool(match["left_off"] or match["left_off_after"])


def has_own_scale(*numerals: str) -> bool:
    """Whether the writer put 万 or 亿 himself; then the scale of the column is not applied."""
    return any(_LARGE.search(numeral) for numeral in numerals)


def in_unit(
    value: Decimal, own: str | None, column: tuple[str, Decimal], *, scaled: bool
) -> tuple[Decimal, str]:
    """Value and canonical unit: the unit that the writer put is stronger than the column's."""
    known = canonical_unit(own) if own else None
    unit, factor = known or (column[0], Decimal(1) if scaled else column[1])
    return plain(value * factor), unit


def plain(value: Decimal) -> Decimal:
    """The same number without needless noughts after the point: 174000.0 is 174000."""
    exponent = value.as_tuple().exponent
    if exponent == 0:
        return value
    value = value.normalize()
    return value if value.as_tuple().exponent < 0 else value.quantize(_ONE)  # type: ignore[operator]


def qualified(
    value: Decimal, unit: str, words: Iterable[str | None], *, left_off: bool
) -> Quantity:
    """The quantity of a value with its qualifying words."""
    said = [word for word in words if word and word not in STRESS]
    if not said:
        return Quantity(value, unit, Qualifier.OVER if left_off else Qualifier.EXACT)
    found = [CELL_AFTER.get(word) or BEFORE[word] for word in said]
    qualifier = combine([*found, Qualifier.OVER] if left_off else found)
    bounds: Bounds | None = None
    if qualifier is Qualifier.OVER and not left_off and _OPEN_TOP.intersection(said):
        bounds = (value, None)
    if qualifier is Qualifier.NEARLY and _OPEN_BOTTOM.intersection(said):
        bounds = (None, value)
    return Quantity(value, unit, qualifier, None, bounds)


def ends_of(low: str, high: str) -> tuple[Decimal, Decimal] | None:
    """The two numbers of a range in rising order; `2-3万` is 20000 to 30000, `3-2` is none."""
    bottom, top = number_of(low), number_of(high)
    if bottom is None or top is None:
        return None
    tail = _TAIL.search(high)
    if tail and not _TAIL.search(low) and len(tail[0]) < len(high):
        bottom *= factor_of(tail[0]) if bottom < top / factor_of(tail[0]) else 1
    return (bottom, top) if bottom < top else None
