"""Numerals: Arabic, Chinese and mixed, to exact decimals.

Reads `1,234`, `17.4`, `3万5`, `1亿2000万`, `2千万`, `一百二十`, `两千零八`, `廿一`, `十万`, and the
spoken ranges `二三十`, `十七八`, `三五`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType

_DIGITS: Mapping[str, int] = MappingProxyType(
    {
        **{char: value for value, char in enumerate("零一二三四五六七八九")},
        "〇": 0,
        "○": 0,
        "两": 2,
        "俩": 2,
        **{char: value for value, char in enumerate("壹贰叁肆伍陆柒捌玖", start=1)},
    }
)
_SMALL: Mapping[str, int] = MappingProxyType(
    {"十": 10, "百": 100, "千": 1000, "拾": 10, "佰": 100, "仟": 1000}
)
_LARGE: Mapping[str, int] = MappingProxyType({"万": 10_000, "亿": 100_000_000})
_ZEROS = "零〇○"

ARABIC = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
"""Digits with optional thousands commas and a fraction."""

CHINESE = "[零〇○一二两三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟廿卅]"
"""One character of a Chinese numeral."""

EVERYDAY = "[零〇一二两三四五六七八九十百千万亿]"
"""The same in a sentence, where 陆 and 伍 are names and not six and five."""

_MIXED = re.compile(rf"({ARABIC})([十百千]?[万亿]*)")
_SPOKEN = re.compile(
    r"(?P<tens>[一二三四五六七八九]?十|[一二三四五六七八九]?百)?"
    r"(?P<low>[一二两三四五六七八])(?P<high>[二三四五六七八九])(?P<mark>[十百千]?[万亿]?)"
)

# Full-width digits and signs, and traditional number, unit and calendar words: one character for
# one, so that positions hold. The Chinese comma stays: `20，300` are two numbers in a sentence.
_TIDY = str.maketrans(
    "０１２３４５６７８９．％＋－／～（）＜＞＝：−"
    "戶個棟萬億餘幾場項條間層輛張隻組處歲圓畝貳兩頃門點類種級樓單車樣冊參陸時鐘週節陽後來從數內過臘體溫氣",
    "0123456789.%+-/~()<>=:-"
    "户个栋万亿余几场项条间层辆张只组处岁元亩贰两顷门点类种级楼单车样册叁陆时钟周节阳后来从数内过腊体温气",
)


def tidy(text: str) -> str:
    """Half-width digits and signs, simplified number words; every character keeps its place."""
    return text if text.isascii() else text.translate(_TIDY)


@lru_cache(maxsize=8192)
def number_of(text: str) -> Decimal | None:
    """The number that a whole numeral stands for; None when it is not one."""
    if not text:
        return None
    if text[0].isdecimal():
        return _mixed(text)
    whole = chinese_number(text)
    return None if whole is None else Decimal(whole)


def factor_of(marks: str) -> int:
    """百万 → 1000000; no marks → 1."""
    factor = 1
    for mark in marks:
        factor *= _SMALL.get(mark) or _LARGE[mark]
    return factor


def _mixed(text: str) -> Decimal | None:
    """Arabic parts with Chinese multipliers in falling order: 1亿2000万, 3万5 (= 35000)."""
    result, ceiling, place = Decimal(0), 0, 0
    while place < len(text):
        match = _MIXED.match(text, place)
        if match is None:
            return None
        factor = factor_of(match[2])
        part = Decimal(match[1].replace(",", ""))
        if ceiling:
            if factor == 1 and len(match[1]) == 1:
                factor = ceiling // 10  # 3万5: the next place down
            if part * factor >= ceiling:
                return None
        result += part * factor
        ceiling, place = factor, match.end()
    return result


def chinese_number(text: str) -> int | None:
    """The number of a Chinese numeral, spoken short forms too (一百二 = 120); None if malformed."""
    text = text.replace("廿", "二十").replace("卅", "三十")
    if len(text) > 1 and all(char in _DIGITS for char in text):
        return _spelled(text)
    whole = 0
    for mark in ("亿", "万"):
        head, found, tail = text.rpartition(mark)
        if not found:
            continue
        part = chinese_number(head) if head else 1  # 万 alone, as in 万余, is 10000
        if part is None or mark in head:
            return None
        whole += part * _LARGE[mark]
        if not tail:
            return whole
        if len(tail) == 1 and _DIGITS.get(tail):
            return whole + _DIGITS[tail] * _LARGE[mark] // 10  # 三万五
        text = tail
    below = _below_ten_thousand(text)
    return None if below is None else whole + below


def _spelled(text: str) -> int | None:
    """Digits one by one, with a nought among them: 二〇一〇. Others are no numeral (三四, 一二三)."""
    if not any(char in _ZEROS for char in text):
        return None
    return int("".join(str(_DIGITS[char]) for char in text))


def _below_ten_thousand(text: str) -> int | None:
    total, digit, ceiling, gap = 0, -1, 10_000, False
    for char in text:
        factor = _SMALL.get(char)
        if factor:
            if factor >= ceiling or digit == 0:
                return None
            total += abs(digit) * factor  # -1: 十 alone is ten
            digit, ceiling, gap = -1, factor, False
        elif char in _DIGITS and digit <= 0:
            digit = _DIGITS[char]
            gap = gap or digit == 0
        else:
            return None
    if digit > 0 and not gap and ceiling in (100, 1000):
        return total + digit * ceiling // 10  # 一百二, 两千三
    return total + max(digit, 0) if text else None


def spoken_range(text: str) -> tuple[Decimal, Decimal] | None:
    """`二三十` → 20 to 30, `十七八` → 17 to 18, `三五` → 3 to 5; None for anything else."""
    match = _SPOKEN.fullmatch(text)
    if match is None:
        return None
    low, high = _DIGITS[match["low"]], _DIGITS[match["high"]]
    if high - low != 1 and (low, high) != (3, 5):
        return None
    base = chinese_number(match["tens"]) if match["tens"] else 0
    if base is None or (base and match["mark"]):
        return None
    factor = 10 if base >= 100 else factor_of(match["mark"])  # 百二三 would be 120 to 130
    return Decimal(base + low * factor), Decimal(base + high * factor)
