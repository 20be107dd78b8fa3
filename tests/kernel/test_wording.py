"""Every phrase reads back to what it words."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.kernel.lexer import find_quantities, read_quantity
from linli.kernel.money import grouped, yuan
from linli.kernel.quantities import Qualifier, Quantity
from linli.kernel.units import UNITS
from linli.kernel.wording import phrase
from tests.kernel.strategies import quantities, values

units = st.sampled_from(sorted(UNITS))
plain_units = st.sampled_from(["人", "人次", "户", "名", "元", "平方米", "%", "场次", ""])


def _in(quantity: Quantity, unit: str) -> Quantity:
    return Quantity(quantity.value, unit, quantity.qualifier, quantity.value_max, quantity.bounds)


@given(quantities(values), units)
def test_a_phrase_reads_back_to_its_quantity(quantity: Quantity, unit: str) -> None:
    quantity = _in(quantity, unit)
    assert read_quantity(phrase(quantity)) == quantity


@given(st.lists(quantities(values), min_size=2, max_size=5), plain_units)
def test_a_phrase_of_a_sum_is_true(parts: list[Quantity], unit: str) -> None:
    """Value, unit and qualifier come back; what is read holds all that the sum held."""
    whole = sum((_in(part, unit) for part in parts[1:]), _in(parts[0], unit))
    again = read_quantity(phrase(whole))
    assert again is not None
    assert (again.value, again.unit, again.qualifier) == (whole.value, unit, whole.qualifier)
    assert again.value_max == whole.value_max
    if whole.qualifier is not Qualifier.ABOUT:  # 约 promises no more than its number
        assert again.lo is None or (whole.lo is not None and again.lo <= whole.lo)
        assert again.hi is None or (whole.hi is not None and whole.hi <= again.hi)


@given(quantities(values), plain_units.filter(bool))
def test_a_phrase_is_found_in_a_sentence(quantity: Quantity, unit: str) -> None:
    quantity = _in(quantity, unit)
    if unit not in ("元", "平方米", "%") and quantity.value != int(quantity.value):
        return  # a fraction of a person is never found, rightly
    if quantity.value_max is not None and quantity.value_max != int(quantity.value_max):
        return
    found = find_quantities(f"据统计，{phrase(quantity)}。")
    assert [one.quantity for one in found] == [quantity]


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        ("12500000", "元", "1250万元"),
        ("120000000", "元", "1.2亿元"),
        ("123456789", "元", "123456789元"),
        ("9999.5", "元", "9999.5元"),
        ("20000", "人次", "20000人次"),
        ("30000", "平方米", "3万平方米"),
        ("0", "户", "0户"),
        ("-30000", "元", "-3万元"),
        ("1E+3", "人", "1000人"),
    ],
)
def test_large_amounts_are_said_in_wan(value: str, unit: str, words: str) -> None:
    assert phrase(Quantity(Decimal(value), unit)) == words


def test_a_range_across_scales_is_spelled_out() -> None:
    quantity = Quantity(Decimal(9000), "元", Qualifier.RANGE, Decimal(20000))
    assert phrase(quantity) == "9000至20000元"
    assert read_quantity("9000至20000元") == quantity


def test_money() -> None:
    assert yuan("17.405") == Quantity(Decimal("17.41"), "元")
    assert yuan(20) == Quantity(Decimal(20), "元")
    assert f"{yuan(2000).value:f}" == "2000"
    assert grouped(Decimal("1234567.8")) == "1,234,567.80"
