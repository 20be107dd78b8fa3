"""Reads quantities: `read_quantity` a whole cell, `find_quantities` a running text.

A cell is a quantity only if all of it is: `?281`, `12..3` and `第三` are None.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

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
_SIGNIFICANT = 15  # what a float of a workbook holds for sure

_BEFORE = grammar.either([*grammar.BEFORE, *grammar.STRESS])
_AFTER = grammar.either(grammar.CELL_AFTER)
_CELL = re.compile(
    rf"(?P<before>{_BEFORE})?(?P<stress>{_BEFORE})?(?P<currency>[￥¥])?(?P<minus>[-负])?"
    rf"{grammar.AMOUNT}(?P<after_number>{_AFTER})?(?P<unit>{grammar.UNIT})?(?P<after>{_AFTER})?"
)
_RANGE = re.compile(
    rf"(?:{_BEFORE})?(?P<low>{grammar.NUMBER})(?P<unit_low>{grammar.UNIT})?{grammar.JOINT}"
    rf"(?P<high>{grammar.NUMBER})(?P<unit>{grammar.UNIT})?(?:左右|上下|不等)?"
)
_SPOKEN = re.compile(rf"(?P<numeral>{CHINESE}{{2,}})(?P<unit>{grammar.UNIT})?")
_PERCENT_WORDS = re.compile(rf"百分之({grammar.NUMBER})(?:点({CHINESE}+))?")
_PLAIN = re.compile(r"-?\d+(?:\.\d+)?")
_FULL_COMMA = re.compile(r"(?<=\d)，(?=\d{3}(?!\d))")
_IN_BRACKETS = re.compile(r"\((.+)\)")


def read_quantity(
    cell: str | int | float | Decimal, *, unit: str | None = None, scale: Decimal | int = _ONE
) -> Quantity | None:
    """The quantity that a whole cell states, or None when it is not wholly one.

    `unit` and `scale` are those of the column (`筹资（万元）`: 元, 10000). A unit or a 万 that the
    cell writes itself is stronger than the column's. Floats become the decimal that they show
    (17.4, and 0.30000000000000004 as 0.3).
    """
    if isinstance(cell, str):
        return _read_text(cell, unit or "", Decimal(scale))
    if isinstance(cell, bool):
        return None
    value = exact_decimal(cell)
    if value is None:
        return None
    return Quantity(value if scale == 1 else grammar.plain(value * scale), unit or "")


def exact_decimal(number: float | Decimal) -> Decimal | None:
    """The decimal that a stored number shows; None for NaN, infinity and the absurdly large."""
    if isinstance(number, float):
        number = Decimal(f"{number:.{_SIGNIFICANT}g}")
    value = Decimal(number)
    return value if value.is_finite() and value.adjusted() < _WHOLE_DIGITS else None


@lru_cache(maxsize=65_536)
def _read_text(text: str, unit: str, scale: Decimal) -> Quantity | None:
    if _PLAIN.fullmatch(text):
        if len(text) > _WHOLE_DIGITS:
            return None
        return Quantity(grammar.plain(Decimal(text) * scale), unit)
    text = _tidied(text)
    column = unit, scale
    for pattern, read in ((_CELL, _single), (_RANGE, _range), (_SPOKEN, _spoken)):
        match = pattern.fullmatch(text)
        found = read(match, column) if match else None
        if found is not None:
            return found
    return None


def _tidied(text: str) -> str:
    """Half-width, simplified, without blanks, outer brackets and final stop; 百分之九十七 as 97%."""
    text = tidy("".join(text.split())).rstrip("。；;，,、")
    bracketed = _IN_BRACKETS.fullmatch(text)
    text = bracketed[1] if bracketed else text
    return _PERCENT_WORDS.sub(_percent, _FULL_COMMA.sub(",", text))


def _percent(match: re.Match[str]) -> str:
    whole = number_of(match[1])
    part = "".join(str(number_of(char)) for char in match[2] or "")
    return match[0] if whole is None else f"{whole}{'.' if part else ''}{part}%"


_Column = tuple[str, Decimal]


def _single(match: re.Match[str], column: _Column) -> Quantity | None:
    value = grammar.amount_of(match)
    if value is None or len(match["number"]) > _WHOLE_DIGITS:
        return None
    left_off = grammar.is_left_off(match)
    words = [match[name] for name in ("before", "stress", "after_number", "after")]
    own = match["unit"] or match["currency"]
    if grammar.is_figurative(match["number"]) and not (left_off or own or any(words)):
        return None
    if match["before"] == "上" and not grammar.is_figurative(match["number"]):
        return None
    scaled = grammar.has_own_scale(match["number"], match["scale"])
    value, unit = grammar.in_unit(
        -value if match["minus"] else value, own, column, scaled=scaled
    )
    return grammar.qualified(value, unit, words, left_off=left_off)


def _range(match: re.Match[str], column: _Column) -> Quantity | None:
    return _between(grammar.ends_of(match["low"], match["high"]), match, column)


def _spoken(match: re.Match[str], column: _Column) -> Quantity | None:
    return _between(spoken_range(match["numeral"]), match, column)


def _between(
    ends: tuple[Decimal, Decimal] | None, match: re.Match[str], column: _Column
) -> Quantity | None:
    if ends is None:
        return None
    own = match["unit"] or match.groupdict().get("unit_low")
    scaled = grammar.has_own_scale(match[0])
    low, unit = grammar.in_unit(ends[0], own, column, scaled=scaled)
    high, _ = grammar.in_unit(ends[1], own, column, scaled=scaled)
    return Quantity(low, unit, Qualifier.RANGE, high)
