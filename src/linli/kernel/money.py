"""Money: yuan as Decimal, worded and rounded. Never a float."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from linli.kernel.quantities import Quantity

_FEN = Decimal("0.01")
UNIT = "元"


def yuan(value: Decimal | int | str) -> Quantity:
    """An exact amount of 元, rounded half up to 分 (accounting practice)."""
    return Quantity(Decimal(value).quantize(_FEN, rounding=ROUND_HALF_UP).normalize() + 0, UNIT)


def grouped(value: Decimal) -> str:
    """`1,234,567.80`: as a ledger prints an amount of 元."""
    return f"{value.quantize(_FEN, rounding=ROUND_HALF_UP):,}"
