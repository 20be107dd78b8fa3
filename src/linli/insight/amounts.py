"""Arithmetic on quantities that figures need beyond sums: scale, divide, round once."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal, localcontext

from linli.kernel.quantities import Qualifier, Quantity, combine

_WIDE = Context(prec=80)


def plain(value: Decimal) -> Decimal:
    """The same number without trailing zeros or exponent: 20 for 20.000000."""
    whole = value.to_integral_value()
    if value == whole:
        return whole
    with localcontext(_WIDE):
        return value.normalize()


def tidy(quantity: Quantity) -> Quantity:
    """The same quantity with plain numbers."""
    if quantity.qualifier is Qualifier.EXACT:
        return Quantity(plain(quantity.value), quantity.unit)
    if quantity.qualifier is Qualifier.RANGE and quantity.value_max is not None:
        top = plain(quantity.value_max)
        return Quantity(plain(quantity.value), quantity.unit, Qualifier.RANGE, top)
    bounds = (_plain(quantity.lo), _plain(quantity.hi))
    return Quantity(plain(quantity.value), quantity.unit, quantity.qualifier, None, bounds)


def scaled(quantity: Quantity, factor: Decimal, unit: str) -> Quantity:
    """The quantity times an exact number that is not negative."""
    with localcontext(_WIDE):
        value = quantity.value * factor
        if quantity.qualifier is Qualifier.EXACT or factor == 0:
            return Quantity(value, unit)
        if quantity.qualifier is Qualifier.RANGE and quantity.value_max is not None:
            return Quantity(value, unit, Qualifier.RANGE, quantity.value_max * factor)
        lo = None if quantity.lo is None else quantity.lo * factor
        hi = None if quantity.hi is None else quantity.hi * factor
        return Quantity(value, unit, quantity.qualifier, None, (lo, hi))


def product(left: Quantity, right: Quantity, unit: str) -> Quantity:
    """Left times right. Only one of them may be inexact; both inexact gives about, unbounded."""
    if right.exact:
        return scaled(left, right.value, unit)
    if left.exact:
        return scaled(right, left.value, unit)
    with localcontext(_WIDE):
        return Quantity(left.value * right.value, unit, Qualifier.ABOUT, None, (None, None))


def ratio(
    top: Quantity, bottom: Quantity, factor: Decimal, decimals: int, unit: str
) -> Quantity | None:
    """Top divided by bottom, once, rounded half up; None when there is nothing to divide by.

    An inexact bottom turns the qualifier round: 20 of over 100 is less than one fifth.
    """
    if bottom.value <= 0:
        return None
    step = Decimal(1).scaleb(-decimals)
    with localcontext(_WIDE):
        value = (top.value * factor / bottom.value).quantize(step, ROUND_HALF_UP)
        if top.exact and bottom.exact:
            return Quantity(value, unit)
        lo = _divide(top.lo, bottom.hi, factor, step, ROUND_FLOOR)
        hi = _divide(top.hi, bottom.lo, factor, step, ROUND_CEILING)
    qualifier = combine((top.qualifier, (-bottom).qualifier))
    if qualifier is Qualifier.RANGE:
        qualifier = Qualifier.ABOUT
    low = lo if lo is None else min(lo, value)
    high = hi if hi is None else max(hi, value)
    return Quantity(value, unit, qualifier, None, (low, high))


def _divide(
    top: Decimal | None, bottom: Decimal | None, factor: Decimal, step: Decimal, rounding: str
) -> Decimal | None:
    if top is None or bottom is None or bottom <= 0:
        return None
    return (top * factor / bottom).quantize(step, rounding)


def _plain(value: Decimal | None) -> Decimal | None:
    return None if value is None else plain(value)
