"""Reads the quantity of a whole cell: `9000多`, `4万余元`, `97%以上`, `20户左右`, `2~3次`.

A cell is a quantity only if all of it is; `?281`, `12..3` or `第三` are None. Running text is read by
`find_quantities` of `running.py`, with the same grammar.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

from linli.kernel.numerals import ARABIC, CHINESE, half_width, number_of
from linli.kernel.quantities import Bounds, Qualifier, Quantity, combine
from linli.kernel.units import TRADITIONAL, UNITS, canonical_unit, spellings

__all__ = ["UNITS", "canonical_unit", "read_quantity"]

_ONE = Decimal(1)

# Words before the number. 超过 and 不足 leave the far end open; 达 and 共 only stress.
BEFORE: dict[str, Qualifier] = {
    **dict.fromkeys(("约", "大约", "约为", "大概", "大致", "估计", "上下"), Qualifier.ABOUT),
    **dict.fromkeys(("近", "将近", "接近", "几近"), Qualifier.NEARLY),
    **dict.fromkeys(("不足", "不到", "不满", "未满", "低于", "少于", "小于", "<"), Qualifier.NEARLY),
    **dict.fromkeys(
        ("超过", "超出", "超", "逾", "突破", "多于", "大于", "高于", "多达", ">"), Qualifier.OVER
    ),
    **dict.fromkeys(
        ("不低于", "不少于", "不小于", "不下", "不下于", "至少", "最少", "起码", "≥", ">=", "上"),
        Qualifier.AT_LEAST,
    ),
    **dict.fromkeys(
        ("不超过", "不多于", "不高于", "不大于", "至多", "最多", "≤", "<="), Qualifier.AT_MOST
    ),
    **dict.fromkeys(("达到", "达", "共", "共计", "总计", "合计", "累计", "计", "各"), Qualifier.EXACT),
}
OPEN_TOP = frozenset(("超过", "超出", "超", "逾", "突破", "多于", "大于", "高于", ">"))
OPEN_BOTTOM = frozenset(("不足", "不到", "不满", "未满", "低于", "少于", "小于", "<"))
BEFORE["多达"] = Qualifier.EXACT

AFTER: dict[str, Qualifier] = {
    **dict.fromkeys(("以上", "及以上", "或以上", "起", "+"), Qualifier.AT_LEAST),
    **dict.fromkeys(("以下", "及以下", "以内", "之内", "内"), Qualifier.AT_MOST),
    **dict.fromkeys(("左右", "上下", "不等", "前后"), Qualifier.ABOUT),
    **dict.fromkeys(("余", "多"), Qualifier.OVER),
}


def _either(words: object) -> str:
    return "|".join(re.escape(word) for word in sorted(map(str, words), key=len, reverse=True))  # type: ignore[call-overload]


_LEFT_OFF = "[余多来几]"
NUMBER = (
    rf"(?:{ARABIC}(?:[十百千]?[万亿]+|[十百千])?(?:\d[\d.]*[十百千]?[万亿]*)?|{CHINESE}+)"
)
AMOUNT = rf"(?P<number>-?{NUMBER})(?P<left_off>{_LEFT_OFF}?)(?P<scale>[十百千]?[万亿]*)(?P<left_off2>[余多]?)"
_UNIT = _either(spellings())
UNIT = rf"(?:{_UNIT})(?:/(?:人|户|次|天|日|周|月|季度|季|年))?"
_BEFORE = _either(BEFORE)
_AFTER = _either(AFTER)
_JOINT = r"(?:~|-|–|—{1,2}|－|至|到|、)"

_CELL = re.compile(
    rf"(?P<before>{_BEFORE})?(?P<before2>{_BEFORE})?[￥¥]?{AMOUNT}(?P<after0>{_AFTER})?"
    rf"(?P<unit>{UNIT})?(?P<after>{_AFTER})?"
)
_RANGE = re.compile(
    rf"(?P<before>{_BEFORE})?(?P<low>{NUMBER})(?P<unit_low>{UNIT})?{_JOINT}"
    rf"(?P<high>{NUMBER})(?P<unit>{UNIT})?(?P<after>左右|上下|不等)?"
)
_PERCENT_WORDS = re.compile(rf"百分之({NUMBER}|{CHINESE}+点{CHINESE}+)")
_PLAIN = re.compile(r"-?\d+(?:\.\d+)?")
_FULL_COMMA = re.compile(r"(?<=\d)，(?=\d{3}(?!\d))")


def read_quantity(
    cell: str | int | float | Decimal, *, unit: str | None = None, scale: Decimal | int = _ONE
) -> Quantity | None:
    """The quantity that a whole cell states, or None when it is not wholly one.

    `unit` and `scale` are those of the column (`筹资（万元）`: 元, 10000). A unit or a 万 that the
    cell writes itself is stronger than the column's. Floats become the decimal they show
    (17.4, not 17.399999…).
    """
    if isinstance(cell, str):
        return _read_text(cell, unit or "", Decimal(scale))
    if isinstance(cell, bool):
        return None
    value = exact_decimal(cell)
    return None if value is None else Quantity(value * scale, unit or "")


def exact_decimal(number: int | float | Decimal) -> Decimal | None:
    """The decimal that a stored number shows, at 15 significant digits for floats."""
    if isinstance(number, float):
        number = Decimal(f"{number:.15g}")
    value = Decimal(number)
    return value if value.is_finite() and value.adjusted() < 30 else None


@lru_cache(maxsize=65_536)
def _read_text(text: str, unit: str, scale: Decimal) -> Quantity | None:
    if _PLAIN.fullmatch(text):
        return Quantity(Decimal(text) * scale, unit) if len(text) < 30 else None
    text = _tidied(text)
    match = _CELL.fullmatch(text)
    if match:
        return _single(match, unit, scale)
    match = _RANGE.fullmatch(text)
    if match:
        return _range(match, unit, scale)
    return None


def _tidied(text: str) -> str:
    """Half-width, simplified, without blanks; 百分之九十七 as 97%."""
    text = half_width("".join(text.split())).translate(TRADITIONAL)
    text = _FULL_COMMA.sub(",", text).replace("−", "-")

    def percent(match: re.Match[str]) -> str:
        whole, _, part = match[1].partition("点")
        value = number_of(whole)
        digits = "".join(str(number_of(char)) for char in part)
        return match[0] if value is None else f"{value}{'.' if digits else ''}{digits}%"

    return _PERCENT_WORDS.sub(percent, text)


def _single(match: re.Match[str], unit: str, scale: Decimal) -> Quantity | None:
    value = _amount(match)
    if value is None:
        return None
    words = [match["before"], match["before2"]]
    found = [BEFORE[word] for word in words if word]
    found += [AFTER[word] for word in (match["after0"], match["after"]) if word]
    left_off = match["left_off"] or match["left_off2"]
    if left_off:
        found.append(Qualifier.OVER)
    own = match["unit"]
    value, unit = _measured(value, own, bool(match["scale"]) or "万" in match["number"] or "亿" in match["number"], unit, scale)
    qualifier = combine(found)
    return Quantity(value, unit, qualifier, None, _open(value, qualifier, words, bool(left_off)))


def _open(value: Decimal, qualifier: Qualifier, words: list[str | None], left_off: bool) -> Bounds | None:
    if qualifier is Qualifier.OVER and not left_off and OPEN_TOP.intersection(words):
        return value, None
    if qualifier is Qualifier.NEARLY and OPEN_BOTTOM.intersection(words):
        return None, value
    return None


def _amount(match: re.Match[str]) -> Decimal | None:
    text = match["number"]
    negative = text.startswith("-")
    digits = text.lstrip("-")
    value = number_of(digits)
    if value is None:
        return None
    if match["left_off"] == "几" and not digits.endswith("十"):
        return None
    if match["scale"]:
        factor = number_of("1" + match["scale"])
        if factor is None:
            return None
        value *= factor
    return -value if negative else value


def _measured(
    value: Decimal, own: str | None, own_scale: bool, unit: str, scale: Decimal
) -> tuple[Decimal, str]:
    if own:
        known = canonical_unit(own)
        if known:
            return value * known[1], known[0]
    return (value, unit) if own_scale else (value * scale, unit)


def _range(match: re.Match[str], unit: str, scale: Decimal) -> Quantity | None:
    low, high = number_of(match["low"]), number_of(match["high"])
    if low is None or high is None:
        return None
    tail = re.search(r"[十百千]?[万亿]+$", match["high"])
    if tail and not re.search(r"[万亿]", match["low"]) and match["low"][0].isdecimal():
        factor = number_of("1" + tail[0])
        low = low * factor if factor and low * factor < high else low
    own = match["unit"] or match["unit_low"]
    own_scale = bool(re.search(r"[万亿]", match["high"]))
    low, _ = _measured(low, own, own_scale, unit, scale)
    high, unit = _measured(high, own, own_scale, unit, scale)
    return Quantity(low, unit, Qualifier.RANGE, high) if low < high else None
