"""Hypothesis strategies for the kernel: quantities with a truth inside them, days, periods."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import strategies as st

from linli.kernel.quantities import Qualifier, Quantity

_STEP = Decimal("0.01")

decimals = st.one_of(
    st.integers(-(10**9), 10**9).map(Decimal),
    st.integers(0, 99).map(lambda tens: Decimal(tens) * 100),
    st.decimals(-(10**7), 10**7, places=2, allow_nan=False),
)
values = st.one_of(
    st.integers(0, 10**9).map(Decimal),
    st.tuples(st.integers(1, 99), st.integers(0, 7)).map(
        lambda pair: Decimal(pair[0] * 10 ** pair[1])
    ),
    st.decimals(0, 10**6, places=1, allow_nan=False),
)
days = st.dates(date(1900, 1, 1), date(2199, 12, 31))


@st.composite
def quantities(draw: st.DrawFn, numbers: st.SearchStrategy[Decimal] = decimals) -> Quantity:
    """A quantity as it is read: with the bounds that its words imply, or open above or below."""
    value = draw(numbers)
    qualifier = draw(st.sampled_from(Qualifier))
    if qualifier is Qualifier.RANGE:
        return Quantity(value, "人", qualifier, value + draw(st.integers(1, 1000)))
    if qualifier is Qualifier.OVER and draw(st.booleans()):
        return Quantity(value, "人", qualifier, None, (value, None))
    if qualifier is Qualifier.NEARLY and draw(st.booleans()):
        return Quantity(value, "人", qualifier, None, (None, value))
    return Quantity(value, "人", qualifier)


@st.composite
def truths(draw: st.DrawFn, quantity: Quantity) -> Decimal:
    """A true value that the quantity holds."""
    low = quantity.lo if quantity.lo is not None else _below(quantity)
    high = quantity.hi if quantity.hi is not None else low + 1000
    share = draw(st.integers(1, 99))
    return low + (high - low) * share / 100


def _below(quantity: Quantity) -> Decimal:
    return (quantity.value if quantity.hi is None else quantity.hi) - 1000
