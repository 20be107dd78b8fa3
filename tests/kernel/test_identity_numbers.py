"""Identity numbers: the check of GB 11643, old numbers, the damage Excel does, nothing guessed."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.kernel.errors import Refusal
from linli.kernel.identity_numbers import check_character, masked, read_identity_number

MAN = "430102195003070014"


def test_the_invented_number_holds() -> None:
    first = MAN[:17]
    assert check_character(first) == MAN[17]


def test_what_a_number_says() -> None:
    number = read_identity_number(f" {MAN[:6]} {MAN[6:14]}-{MAN[14:]}")
    assert (number.text, number.birth, number.sex) == (MAN, date(1950, 3, 7), "男")
    assert number.region == "430102"


def test_the_example_of_the_standard() -> None:
    """GB 11643-1999 computes 11010519491231002X and 44052418800101001-."""
    number = read_identity_number("１１０１０５１９４９１２３１００２ｘ")
    assert (number.text, number.birth, number.sex) == (
        "11010519491231002X",
        date(1949, 12, 31),
        "女",
    )


def test_fifteen_digits_become_eighteen() -> None:
    old = MAN[:6] + MAN[8:17]
    assert read_identity_number(old).text == MAN
    assert read_identity_number(int(old)).text == MAN


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        (int(MAN[:15] + "000"), "identity.zeros"),
        (float(MAN), "identity.zeros"),
        (MAN[:15] + "000", "identity.zeros"),
        ("4.30102E+17", "identity.zeros"),
        (MAN[:17] + "8", "identity.check"),
        (MAN[:17], "identity.length"),
        ("", "identity.length"),
        (MAN[:17] + "Y", "identity.characters"),
        ("X" + MAN[1:], "identity.characters"),
        ("99" + MAN[2:], "identity.region"),
        ("430102195002300010", "identity.birth"),
        ("430102299001010010", "identity.birth"),
        ("430102500307996", "identity.century"),
    ],
)
def test_what_is_wrong_is_named(cell: str | float, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        read_identity_number(cell)
    assert refused.value.code == code
    assert MAN[6:14] not in refused.value.sentence or code == "identity.birth"


def test_a_true_number_that_ends_in_zeros_is_read() -> None:
    """The zeros alone are no damage: one number in eleven that ends so has a right check."""
    first = next(
        f"430102195003{day:02}{order:03}"
        for day in range(1, 29)
        for order in range(0, 1000, 100)
        if check_character(f"430102195003{day:02}{order:03}") == "0"
    )
    assert first.endswith("00")
    assert read_identity_number(first + "0").text == first + "0"


@given(
    st.dates(date(1900, 1, 1), date(2020, 12, 31)),
    st.integers(0, 999),
    st.integers(0, 16),
    st.data(),
)
def test_one_wrong_digit_is_always_found(
    day: date, order: int, at: int, data: st.DataObject
) -> None:
    first = f"430102{day:%Y%m%d}{order:03}"
    number = first + check_character(first)
    assert read_identity_number(number).birth == day
    other = data.draw(st.sampled_from([d for d in "0123456789" if d != number[at]]))
    with pytest.raises(Refusal):
        read_identity_number(number[:at] + other + number[at + 1 :])


def test_masking_keeps_region_and_tail() -> None:
    assert masked(MAN) == "4301************14"
    assert masked("12") == "**"
