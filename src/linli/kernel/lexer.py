"""Reads quantities: `read_quantity` a whole cell, `find_quantities` a running text.

A cell is a quantity only if all of it is: `?281`, `12..3`, `第三` and `2019年` are None.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from linli.kernel import grammar
from linli.kernel.numerals import CHINESE, number_of, spoken_range, tidy
from linli.kernel.quantities import Qualifier, Quantity
from linli.kernel.running import Found, find_quantities
from linli.kernel.units import UNITS, Unit, canonical_unit, kind_of

__all__ = [
    "UNITS",
    "Found",
    "Unit",
    "canonical_unit",
    "exact_decimal",
    "find_quantities",
    "kind_of",
    "read_quantity",
]

_ONE = Decimal(1)
_WHOLE_DIGITS = 24  # longer runs of digits are numbers of cards and accounts, not quantities
_LONGEST = 40  # a longer cell is prose

_BEFORE = grammar.either([*grammar.BEFORE, *grammar.STRESS])
_AFTER = grammar.either(grammar.CELL_AFTER)
_AFTER_NUMBER = grammar.either(set(grammar.CELL_AFTER) - {"起"})  # 3起 are three cases
_PLAIN = re.compile(r"-?\d+(?:\.\d+)?")
_CELL = re.compile(
    rf"(?P<head>[^\d{CHINESE[1:]}*){grammar.amount_pattern(grammar.NUMBER)}(?P<tail>.*)"
)
_HEAD = re.compile(
    rf"(?P<first>{_BEFORE})?(?P<second>{_BEFORE})?(?P<currency>[￥¥])?(?P<minus>[-负])?"
)
_TAIL = re.compile(rf"(?P<first>{_AFTER_NUMBER})?(?P<unit>{grammar.UNIT})?(?P<second>{_AFTER})?")
_RANGE = re.compile(
    rf"(?:{_BEFORE})?(?P<low>{grammar.NUMBER})(?P<unit_low>{grammar.UNIT})?{grammar.JOINT}"
    rf"(?P<high>{grammar.NUMBER})(?P<unit>{grammar.UNIT})?(?:左右|上下|不等)?"
)
_SPOKEN = re.compile(rf"(?P<numeral>{CHINESE}{{2,}})(?P<unit>{grammar.UNIT})?")
_PERCENT_WORDS = re.compile(rf"百分之({grammar.NUMBER})(?:点({CHINESE}+))?")
_CALENDAR_YEAR = re.compile(r"(?:19|20)\d\d")  # 2019年 is a year, not so many years
_FULL_COMMA = re.compile(r"(?<=\d)，(?=\d{3}(?!\d))")


def read_quantity(
    cell: str | int | float | Decimal, *, unit: str | None = None, scale: Decimal | int = _ONE
) -> Quantity | None:
    """The quantity that a whole cell states, or None when it is not wholly one.

    `unit` and `scale` are those of the column (`筹资（万元）`: 元, 10000). A unit or a 万 that the
    cell writes itself is stronger than the column's. Floats become the decimal that they show
    (17.4, and 0.30000000000000004 as 0.3).
    """
    if isinstance(cell, str):
        return _read_text(cell, unit or "", scale)
    if isinstance(cell, bool):
        return None
    return _read_number(cell, unit or "", scale)


def exact_decimal(number: float | Decimal) -> Decimal | None:
    """The decimal that a stored number shows; None for NaN, infinity and the absurdly large."""
    if isinstance(number, float):
        value = Decimal(f"{number:.15g}")  # what a float of a workbook holds for sure
    else:
        value = Decimal(number)
    return value if value.is_finite() and value.adjusted() < _WHOLE_DIGITS else None


# Ledgers repeat their numbers and words: most cells of an import come from the two caches.
@lru_cache(maxsize=65_536)
def _read_number(number: float | Decimal, unit: str, scale: Decimal | int) -> Quantity | None:
    value = exact_decimal(number)
    if value is None:
        return None
    return Quantity(value if scale == 1 else grammar.plain(value * scale), unit)


@lru_cache(maxsize=65_536)
def _read_text(text: str, unit: str, scale: Decimal | int) -> Quantity | None:
    if _PLAIN.fullmatch(text):
        if len(text) > _WHOLE_DIGITS:
            return None
        if scale == 1 and "." not in text:
            return Quantity(Decimal(text), unit)
        return Quantity(grammar.plain(Decimal(text) * scale), unit)
    text = _tidied(text)
    match = _CELL.fullmatch(text) if len(text) <= _LONGEST else None
    if match is None:
        return None
    column = unit, Decimal(scale)
    return _single(match, column) or _double(text, column)


def _tidied(text: str) -> str:
    """Half-width, simplified, without blanks, outer brackets and final stop; 百分之九十七 as 97%."""
    text = tidy("".join(text.split())).rstrip("。；;，,、")
    if text[:1] == "(" and text[-1:] == ")":
        text = text[1:-1]
    if "，" in text:
        text = _FULL_COMMA.sub(",", text)
    return _PERCENT_WORDS.sub(_percent, text) if "百分之" in text else text


def _percent(match: re.Match[str]) -> str:
    whole = number_of(match[1])
    part = "".join(str(number_of(char)) for char in match[2] or "")
    return match[0] if whole is None else f"{whole}{'.' if part else ''}{part}%"


_Column = tuple[str, Decimal]


class _Head(NamedTuple):
    """What stands before the number."""

    words: tuple[str, ...]
    currency: str | None
    minus: bool


class _Tail(NamedTuple):
    """What stands after the number."""

    words: tuple[str, ...]
    unit: str | None


@lru_cache(maxsize=4096)
def _head(text: str) -> _Head | None:
    match = _HEAD.fullmatch(text)
    if match is None:
        return None
    words = tuple(word for word in (match["first"], match["second"]) if word)
    return _Head(words, match["currency"], bool(match["minus"]))


@lru_cache(maxsize=4096)
def _tail(text: str) -> _Tail | None:
    match = _TAIL.fullmatch(text)
    if match is None:
        return None
    return _Tail(tuple(word for word in (match["first"], match["second"]) if word), match["unit"])


def _single(match: re.Match[str], column: _Column) -> Quantity | None:
    head, tail = _head(match["head"]), _tail(match["tail"])
    value = grammar.amount_of(match) if head and tail else None
    if head is None or tail is None or value is None or len(match["number"]) > _WHOLE_DIGITS:
        return None
    left_off = grammar.is_left_off(match)
    words, own = head.words + tail.words, tail.unit or head.currency
    figurative = grammar.is_figurative(match["number"])
    if figurative and not (left_off or own or words):
        return None
    if ("上" in head.words and not figurative) or (left_off and {"余", "多"}.intersection(words)):
        return None
    if own == "年" and _CALENDAR_YEAR.fullmatch(match["number"]):
        return None
    scaled = grammar.has_own_scale(match["number"], match["scale"])
    value, unit = grammar.in_unit(-value if head.minus else value, own, column, scaled=scaled)
    return grammar.qualified(value, unit, words, left_off=left_off)


def _double(text: str, column: _Column) -> Quantity | None:
    """A range: 2~3次, or spoken: 二三十户."""
    match = _RANGE.fullmatch(text)
    if match:
        ends = grammar.ends_of(match["low"], match["high"])
        return _between(ends, match["unit"] or match["unit_low"], match[0], column)
    match = _SPOKEN.fullmatch(text)
    if match:
        return _between(spoken_range(match["numeral"]), match["unit"], match[0], column)
    return None


def _between(
    ends: tuple[Decimal, Decimal] | None, own: str | None, text: str, column: _Column
) -> Quantity | None:
    if ends is None:
        return None
    scaled = grammar.has_own_scale(text)
    low, unit = grammar.in_unit(ends[0], own, column, scaled=scaled)
    high, _ = grammar.in_unit(ends[1], own, column, scaled=scaled)
    return Quantity(low, unit, Qualifier.RANGE, high)
