"""Arithmetic of figures: one rounding, bounds that hold, conditions that imply each other."""

from __future__ import annotations

from decimal import Decimal

import pytest

from linli.insight.amounts import plain, product, ratio, scaled
from linli.insight.comparison import surely_differ, surely_greater
from linli.insight.compile.implies import implies
from linli.kernel.quantities import Qualifier, Quantity
from linli.packs.schema_predicate import Predicate


def q(value: str, qualifier: str = "exact", unit: str = "户") -> Quantity:
    return Quantity(Decimal(value), unit, Qualifier(qualifier))


@pytest.mark.parametrize(
    ("top", "bottom", "decimals", "value"),
    [("1", "3", 1, "33.3"), ("1", "8", 1, "12.5"), ("1", "16", 1, "6.3"), ("2", "3", 0, "67")],
)
def test_a_ratio_is_rounded_half_up_once(top: str, bottom: str, decimals: int, value: str) -> None:
    found = ratio(q(top), q(bottom), Decimal(100), decimals, "%")
    assert found == Quantity(Decimal(value), "%")


def test_nothing_to_divide_by() -> None:
    assert ratio(q("1"), q("0"), Decimal(100), 1, "%") is None


def test_an_inexact_bottom_turns_the_words_round() -> None:
    found = ratio(q("20"), q("100", "over"), Decimal(100), 1, "%")
    assert found is not None
    assert (found.value, found.qualifier, found.hi) == (20, Qualifier.NEARLY, 20)
    assert found.lo is not None
    assert found.lo < 20


def test_scaled_and_product_keep_the_words() -> None:
    assert scaled(q("200", "over"), Decimal(4), "户").hi == 1200
    assert product(q("200", "over"), q("4"), "户") == scaled(q("200", "over"), Decimal(4), "户")
    assert product(q("2", "over"), q("3", "over"), "户").qualifier is Qualifier.ABOUT


@pytest.mark.parametrize(
    ("given", "shown"), [("20.000000", "20"), ("0.800000", "0.8"), ("1E+2", "100"), ("0E-6", "0")]
)
def test_plain(given: str, shown: str) -> None:
    assert f"{plain(Decimal(given)):f}" == shown


@pytest.mark.parametrize(
    ("left", "right", "greater"),
    [
        (q("21"), q("20"), True), (q("20"), q("20"), False),
        (q("9000", "over"), q("9500"), False), (q("9000", "over"), q("9000"), True),
        (q("300"), q("200", "over"), True), (q("50", "at_least"), q("49"), True),
        (q("49"), q("50", "at_least"), False), (q("9", unit="人"), q("1"), False),
    ],
)  # fmt: skip
def test_contradictions_are_sure(left: Quantity, right: Quantity, greater: bool) -> None:
    assert surely_greater(left, right) is greater
    assert not surely_differ(left, left)


HIGH = Predicate(eq=("level", "市级"))
SAID = Predicate(**{"not": Predicate(is_null="level")})


@pytest.mark.parametrize(
    ("one", "other", "holds"),
    [
        (HIGH, None, True), (None, HIGH, False), (HIGH, HIGH, True), (HIGH, SAID, True),
        (SAID, HIGH, False), (Predicate(ne=("level", "市级")), SAID, False),
        (Predicate(**{"and": (HIGH, SAID)}), HIGH, True),
        (HIGH, Predicate(**{"and": (HIGH, SAID)}), True),
        (Predicate(**{"or": (HIGH, SAID)}), HIGH, False),
        (Predicate(eq=("sum", 1)), SAID, False),
    ],
)  # fmt: skip
def test_implications(one: Predicate | None, other: Predicate | None, holds: bool) -> None:
    assert implies(one, other) is holds
