"""Numerals: Arabic, Chinese and mixed, to exact decimals.

Reads `1,234`, `17.4`, `3万5`, `1亿2000万`, `2千万`, `一百二十`, `两千零八`, `廿一`, `十万`.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

_CHINESE_DIGITS = {
    **{char: value for value, char in enumerate("零一二三四五六七八九")},
    **{"〇": 0, "○": 0, "两": 2, "俩": 2, "仨": 3},
    **{char: value for value, char in enumerate("壹贰叁肆伍陆柒捌玖", start=1)},
}
_SMALL = {"十": 10, "百": 100, "千": 1000, "拾": 10, "佰": 100, "仟": 1000}
_LARGE = {"万": 10_000, "亿": 100_000_000, "萬": 10_000, "億": 100_000_000}

ARABIC = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
"""Digits with optional thousands commas and a fraction."""

CHINESE = "[零〇○一二两三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟廿卅]"
"""One character of a Chinese numeral."""

_MIXED = re.compile(rf"({ARABIC})([十百千]?[万亿]*)")
_WIDTH = {ord("０") + digit: str(digit) for digit in range(10)} | {
    ord(full): half
    for full, half in zip("．％＋－／～（）＜＞＝：", ".%+-/~()<>=:", strict=True)
}


def half_width(text: str) -> str:
    """Full-width digits and signs made half-width, one character for one (，stays a comma)."""
    return text if text.isascii() else text.translate(_WIDTH)


@lru_cache(maxsize=8192)
def number_of(text: str) -> Decimal | None:
    """The number that a whole numeral stands for; None when it is not one."""
    if not text:
        return None
    if text[0].isdecimal():
        return _mixed(text)
    whole = chinese_number(text)
    return None if whole is None else Decimal(whole)


def _mixed(text: str) -> Decimal | None:
    """Arabic parts with Chinese multipliers in falling order: 1亿2000万, 3万5 (= 35000)."""
    result, ceiling, place = Decimal(0), None, 0
    while place < len(text):
        match = _MIXED.match(text, place)
        if match is None:
            return None
        factor = _factor(match[2])
        if factor is None:
            return None
        part = Decimal(match[1].replace(",", ""))
        if ceiling is not None:
            if factor == 1 and len(match[1]) == 1:
                factor = ceiling // 10  # 3万5: the next place down
            if part * factor >= ceiling:
                return None
        result += part * factor
        ceiling, place = factor, match.end()
        if factor == 1 and place < len(text):
            return None
    return result


def _factor(marks: str) -> int | None:
    """百万 → 1000000; None for a nonsense such as 万百."""
    factor = 1
    for mark in marks:
        factor *= _SMALL.get(mark) or _LARGE[mark]
    return factor


def chinese_number(text: str) -> int | None:
    """The number of a Chinese numeral, spoken short forms too (一百二 = 120); None if malformed."""
    text = text.replace("廿", "二十").replace("卅", "三十")
    if len(text) > 1 and all(char in _CHINESE_DIGITS for char in text):
        return _spelled(text)
    whole, rest = 0, text
    for mark in ("亿", "万"):
        head, found, tail = rest.rpartition(mark)
        if not found:
            continue
        part = 1 if not head else chinese_number(head)  # 万余 stands for 10000
        if part is None:
            return None
        whole += part * _LARGE[mark]
        short = _CHINESE_DIGITS.get(tail) if len(tail) == 1 else None
        if short:
            return whole + short * _LARGE[mark] // 10  # 三万五
        rest = tail
        if not rest:
            return whole
    below = _below_ten_thousand(rest)
    return None if below is None else whole + below


def _spelled(text: str) -> int | None:
    """Digits one by one, as in years and numbers: 二〇一〇. Two digits are not a numeral (三四)."""
    if len(text) == 2 and text[0] not in "零〇○":
        return None
    return int("".join(str(_CHINESE_DIGITS[char]) for char in text))


def _below_ten_thousand(text: str) -> int | None:
    total, digit, ceiling, zero = 0, None, 10_000, False
    for char in text:
        if char in _SMALL:
            factor = _SMALL[char]
            if factor >= ceiling or digit == 0:
                return None
            total += (1 if digit is None else digit) * factor
            digit, ceiling, zero = None, factor, False
        elif char in _CHINESE_DIGITS:
            if digit:
                return None
            digit = _CHINESE_DIGITS[char]
            zero = zero or digit == 0
        else:
            return None
    if digit and not zero and ceiling in (100, 1000):
        return total + digit * ceiling // 10  # 一百二, 两千三
    return total + (digit or 0) if text else None
