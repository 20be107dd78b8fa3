"""Sums of quantities: sound, indifferent to order, the same in SQL and in Python."""

from __future__ import annotations

import pickle
import sqlite3
from decimal import Decimal
from functools import reduce
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.kernel.errors import Refusal
from linli.kernel.quantities import (
    FLAG,
    NO_HIGH,
    NO_LOW,
    Qualifier,
    Quantity,
    UnitMismatch,
    add,
    combine,
    flags_of,
    from_sums,
    implied_bounds,
    qualifier_of_flags,
    subtract,
    total,
)
from tests.kernel.strategies import quantities, truths

D = Decimal
qualifiers = st.sampled_from(Qualifier)
BOUNDED = [q for q in Qualifier if q is not Qualifier.RANGE]


@given(quantities(), quantities())
def test_addition_commutes(left: Quantity, right: Quantity) -> None:
    assert left + right == right + left


@given(quantities(), quantities(), quantities())
def test_addition_associates(one: Quantity, two: Quantity, three: Quantity) -> None:
    assert (one + two) + three == one + (two + three)


@given(quantities())
def test_zero_changes_nothing(quantity: Quantity) -> None:
    assert quantity + Quantity(D(0), "人") == quantity


@given(st.data(), st.lists(quantities(), min_size=1, max_size=6))
def test_a_sum_holds_the_sum_of_the_truths(data: st.DataObject, parts: list[Quantity]) -> None:
    actual = [data.draw(truths(part)) for part in parts]
    assert all(part.holds(truth) for part, truth in zip(parts, actual, strict=True))
    assert total(parts).holds(sum(actual, D(0)))


@given(st.data(), quantities(), quantities())
def test_a_difference_holds_the_difference_of_the_truths(
    data: st.DataObject, left: Quantity, right: Quantity
) -> None:
    first, second = data.draw(truths(left)), data.draw(truths(right))
    assert subtract(left, right).holds(first - second)


@given(quantities())
def test_taking_away_twice_gives_back(quantity: Quantity) -> None:
    away = -quantity
    assert -away == quantity


@given(quantities())
def test_the_value_lies_on_the_side_its_qualifier_says(quantity: Quantity) -> None:
    if quantity.qualifier in (Qualifier.OVER, Qualifier.AT_LEAST, Qualifier.RANGE):
        assert quantity.lo == quantity.value
    if quantity.qualifier in (Qualifier.NEARLY, Qualifier.AT_MOST):
        assert quantity.hi == quantity.value
    if quantity.exact:
        assert quantity.lo == quantity.hi == quantity.value


@given(st.lists(qualifiers, max_size=8), st.randoms())
def test_qualifiers_combine_in_any_order(several: list[Qualifier], random: object) -> None:
    shuffled = sorted(several, key=lambda qualifier: hash((qualifier, id(random))))
    assert combine(several) == combine(shuffled) == combine(several + several)
    bits = reduce(lambda left, right: left | FLAG[right], several, 0)
    assert qualifier_of_flags(bits) == combine(several)


@given(st.lists(quantities(), min_size=1, max_size=8))
def test_sql_sums_agree_with_python(parts: list[Quantity]) -> None:
    """SUM skips NULL and BIT_OR joins flags: from_sums must give what total gives."""
    lows = [part.lo for part in parts if part.lo is not None]
    highs = [part.hi for part in parts if part.hi is not None]
    flags = reduce(lambda bits, part: bits | flags_of(part), parts, 0)
    value = sum((part.value for part in reversed(parts)), D(0))
    low = sum(lows, D(0)) if lows else None
    high = sum(highs, D(0)) if highs else None
    assert from_sums(value, low, high, flags, "人") == total(parts)


def test_sql_really_sums_that_way() -> None:
    """The same through a database: whole numbers, NULL for open ends, a bit-or by hand."""
    parts = [
        Quantity(D(200), "人次", Qualifier.OVER),
        Quantity(D(50), "人次", Qualifier.AT_LEAST),
        Quantity(D(2), "人次", Qualifier.RANGE, D(3)),
        Quantity(D(7), "人次"),
    ]
    database = sqlite3.connect(":memory:")
    database.execute("CREATE TABLE q (value INT, lo INT, hi INT, flags INT)")
    rows = [(p.value, p.lo, p.hi, flags_of(p)) for p in parts]
    for row in rows:
        whole = [None if cell is None else int(cell) for cell in row]
        database.execute("INSERT INTO q VALUES (?, ?, ?, ?)", whole)
    value, low, high = database.execute("SELECT SUM(value), SUM(lo), SUM(hi) FROM q").fetchone()
    flags = 0
    for (bits,) in database.execute("SELECT flags FROM q"):
        flags |= bits
    database.close()
    assert from_sums(D(value), D(low), D(high), flags, "人次") == total(parts)


def test_open_ends_have_flags() -> None:
    assert flags_of(Quantity(D(1), "", Qualifier.AT_LEAST)) == FLAG[Qualifier.AT_LEAST] | NO_HIGH
    assert flags_of(Quantity(D(1), "", Qualifier.AT_MOST)) == FLAG[Qualifier.AT_MOST] | NO_LOW
    assert qualifier_of_flags(0) is Qualifier.EXACT
    assert qualifier_of_flags(NO_HIGH | NO_LOW) is Qualifier.EXACT


@pytest.mark.parametrize(
    ("quantity", "inside", "outside"),
    [
        (Quantity(D(200), "人", Qualifier.OVER), "200.01 299.99", "200 300 199"),
        (Quantity(D(1000), "人", Qualifier.NEARLY), "900.5 999", "1000 900"),
        (Quantity(D(97), "%", Qualifier.AT_LEAST), "97 100", "96.99"),
        (Quantity(D(5), "天", Qualifier.AT_MOST), "5 0 -3", "5.01"),
        (Quantity(D(30), "人", Qualifier.ABOUT), "20 40 30", "19 41"),
        (Quantity(D(2), "次", Qualifier.RANGE, D(3)), "2 2.5 3", "1 4"),
        (Quantity(D(20), "户"), "20", "19 21"),
        (Quantity(D(9), "人", Qualifier.OVER, None, (D(9), None)), "10 99999", "9"),
        (Quantity(D(9), "人", Qualifier.NEARLY, None, (None, D(9))), "8 -99", "9"),
    ],
    ids=str,
)
def test_what_a_quantity_holds(quantity: Quantity, inside: str, outside: str) -> None:
    assert all(quantity.holds(D(number)) for number in inside.split())
    assert not any(quantity.holds(D(number)) for number in outside.split())


@pytest.mark.parametrize("qualifier", BOUNDED)
@pytest.mark.parametrize("value", [D(0), D(-200), D(-1000), D(-17), D("-0.5")])
def test_bounds_keep_their_side_below_zero_too(value: Decimal, qualifier: Qualifier) -> None:
    low, high = implied_bounds(value, qualifier)
    assert low is None or low <= value
    assert high is None or value <= high


def test_a_power_of_ten_is_nearly_reached_from_a_tenth_below() -> None:
    assert implied_bounds(D(1000), Qualifier.NEARLY) == (900, 1000)
    assert implied_bounds(D(-1000), Qualifier.OVER) == (-1000, -900)
    assert implied_bounds(D(10), Qualifier.NEARLY) == (0, 10)
    assert implied_bounds(D(10), Qualifier.ABOUT) == (9, 11)


def test_bounds_that_the_words_imply_are_not_kept_twice() -> None:
    plain = Quantity(D(200), "人", Qualifier.OVER)
    assert Quantity(D(200), "人", Qualifier.OVER, None, (D(200), D(300))) == plain
    assert Quantity(D(200), "人", Qualifier.EXACT, None, (D(1), D(2))) == Quantity(D(200), "人")
    assert hash(Quantity(D("200.0"), "人", Qualifier.OVER)) == hash(plain)


@pytest.mark.parametrize(
    ("value", "qualifier", "top", "bounds"),
    [
        (D("NaN"), Qualifier.EXACT, None, None),
        (D("Infinity"), Qualifier.OVER, None, None),
        (D(10) ** 30, Qualifier.EXACT, None, None),
        (D(2), Qualifier.EXACT, D(3), None),
        (D(2), Qualifier.OVER, D(3), None),
        (D(2), Qualifier.RANGE, None, None),
        (D(3), Qualifier.RANGE, D(2), None),
        (D(3), Qualifier.RANGE, D("NaN"), None),
        (D(3), Qualifier.ABOUT, None, (D(5), D(4))),
    ],
)
def test_misshapen_quantities_are_refused(
    value: Decimal,
    qualifier: Qualifier,
    top: Decimal | None,
    bounds: tuple[Decimal, Decimal] | None,
) -> None:
    with pytest.raises(Refusal) as refusal:
        Quantity(value, "人", qualifier, top, bounds)
    assert refusal.value.code == "quantity.shape"
    assert str(value) in refusal.value.sentence


def test_a_quantity_cannot_be_changed() -> None:
    quantity = Quantity(D(3), "户")
    with pytest.raises(AttributeError):
        quantity.value = D(4)  # type: ignore[misc]


def test_large_sums_stay_exact() -> None:
    """The default decimal context would round at 28 digits and lose the last 分."""
    large, small = Quantity(D("9" * 28), "元"), Quantity(D("0.01"), "元")
    assert (large + small - large).value == D("0.01")


def test_the_sum_of_nothing() -> None:
    assert total([], unit="户") == Quantity(D(0), "户")
    with pytest.raises(Refusal) as refusal:
        total([])
    assert refusal.value.code == "quantity.nothing"


def test_the_total_of_a_unit_takes_no_other() -> None:
    with pytest.raises(UnitMismatch):
        total([Quantity(D(20), "人次")], unit="人")


def test_a_mismatch_survives_the_way_between_processes() -> None:
    with pytest.raises(UnitMismatch) as refusal:
        add(Quantity(D(1), "人"), Quantity(D(1), "户"))
    again = pickle.loads(pickle.dumps(refusal.value))
    assert isinstance(again, UnitMismatch)
    assert str(again) == str(refusal.value)


def test_quantities_survive_pickling() -> None:
    quantity = Quantity(D(200), "人次", Qualifier.OVER, None, (D(200), None))
    assert pickle.loads(pickle.dumps(quantity)) == quantity


def test_weaker_words_come_later_in_a_chain() -> None:
    chain = [Qualifier.EXACT, Qualifier.RANGE, Qualifier.OVER, Qualifier.AT_LEAST, Qualifier.ABOUT]
    assert all(combine(pair) is pair[1] for pair in pairwise(chain))
