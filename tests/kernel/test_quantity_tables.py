"""docs/quantities.md row by row: the page is the specification, and every row of it is run."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest

from linli.kernel.lexer import find_quantities, read_quantity
from linli.kernel.quantities import (
    FLAG,
    NO_HIGH,
    NO_LOW,
    Qualifier,
    Quantity,
    UnitMismatch,
    add,
    combine,
    subtract,
)
from linli.kernel.wording import phrase

PAGE = Path(__file__).resolve().parents[2] / "docs" / "quantities.md"


def _tables() -> dict[str, list[list[str]]]:
    """Every table of the page by its first header cells, without the header."""
    tables: dict[str, list[list[str]]] = {}
    head: str | None = None
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if not line.startswith("|"):
            head = None
        elif head is None:
            head = " | ".join(cells)
            tables[head] = []
        elif not set(line) <= set("|- "):
            tables[head].append(cells)
    return tables


TABLES = _tables()
SINGLE = "written | value | unit | qualifier | the truth lies in"
JOIN = "+ | exact | range | over | at_least | nearly | at_most | about"
SUMS = "left | right | sum | the truth lies in"
DIFFERENCES = "left | right | difference | the truth lies in"
CELLS = "cell | unit of the column | scale | value | unit | qualifier"


def _read(text: str) -> Quantity:
    quantity = read_quantity(text)
    assert quantity is not None, text
    return quantity


def _span(quantity: Quantity) -> str:
    low, high = ("∞" if end is None else f"{end:f}" for end in (quantity.lo, quantity.hi))
    left, right = "()" if quantity.qualifier in (Qualifier.OVER, Qualifier.NEARLY) else "[]"
    return f"{left}{low}, {high}{right}"


def test_the_page_has_all_its_tables() -> None:
    assert {head: len(rows) for head, rows in TABLES.items()} == {
        SINGLE: 24,
        JOIN: 7,
        SUMS: 12,
        DIFFERENCES: 7,
        "left | right": 5,
        "flag | bit": 9,
        CELLS: 26,
        "text | found": 21,
        "quantity | words": 15,
        "unseen excerpts, November 2026 | quantities in them | read rightly | read though none": 3,
    }


@pytest.mark.parametrize("row", TABLES[SINGLE], ids=lambda row: row[0])
def test_what_a_qualifier_says(row: list[str]) -> None:
    written, value, unit, qualifier, span = row
    quantity = _read(written)
    assert (quantity.value, quantity.unit) == (Decimal(value), unit)
    assert quantity.qualifier.value == qualifier
    assert _span(quantity) == span


@pytest.mark.parametrize("row", TABLES[JOIN], ids=lambda row: row[0])
def test_qualifiers_join(row: list[str]) -> None:
    columns = JOIN.split(" | ")[1:]
    for column, joined in zip(columns, row[1:], strict=True):
        assert combine([Qualifier(row[0]), Qualifier(column)]) == Qualifier(joined)


@pytest.mark.parametrize("row", TABLES[SUMS], ids=lambda row: f"{row[0]}+{row[1]}")
def test_sums(row: list[str]) -> None:
    left, right, result, span = row
    for found in (add(_read(left), _read(right)), _read(right) + _read(left)):
        assert f"{found.value:f} {found.qualifier}" == result
        assert _span(found) == span


@pytest.mark.parametrize("row", TABLES[DIFFERENCES], ids=lambda row: f"{row[0]}-{row[1]}")
def test_differences(row: list[str]) -> None:
    left, right, result, span = row
    for found in (subtract(_read(left), _read(right)), _read(left) - _read(right)):
        assert f"{found.value:f} {found.qualifier}" == result
        assert _span(found) == span


@pytest.mark.parametrize("row", TABLES["left | right"], ids=lambda row: f"{row[0]}+{row[1]}")
def test_units_are_never_mixed(row: list[str]) -> None:
    left, right = map(_read, row)
    for operation in (add, subtract):
        with pytest.raises(UnitMismatch) as refusal:
            operation(left, right)
        assert refusal.value.code == "quantity.units"
        assert left.unit in str(refusal.value)
        assert right.unit in str(refusal.value)


def test_flags_are_bits() -> None:
    bits = {flag.value: bit for flag, bit in FLAG.items()}
    bits |= {"NO_LOW": NO_LOW, "NO_HIGH": NO_HIGH}
    assert bits == {flag: int(bit) for flag, bit in TABLES["flag | bit"]}


@pytest.mark.parametrize("row", TABLES[CELLS], ids=lambda row: f"{row[0]} {row[1]} {row[2]}")
def test_cells(row: list[str]) -> None:
    cell, column, scale, value, unit, qualifier = row
    quantity = read_quantity(cell, unit=column or None, scale=Decimal(scale))
    assert quantity is not None
    assert (quantity.value, quantity.unit) == (Decimal(value), unit)
    assert quantity.qualifier.value == qualifier


def _not_quantities() -> list[str]:
    text = PAGE.read_text(encoding="utf-8")
    listed = text[text.index("Not quantities:") : text.index("## Running text")]
    return re.findall("`([^`]+)`", listed)


def test_the_page_lists_what_is_not_a_quantity() -> None:
    assert len(_not_quantities()) == 20


@pytest.mark.parametrize("cell", _not_quantities())
def test_not_quantities(cell: str) -> None:
    assert read_quantity(cell) is None
    assert read_quantity(cell, unit="元", scale=10_000) is None


@pytest.mark.parametrize("row", TABLES["text | found"], ids=lambda row: row[0])
def test_running_text(row: list[str]) -> None:
    text, expected = row
    found = find_quantities(text)
    said = [
        f"{one.quantity.value:f} {one.quantity.unit} {one.quantity.qualifier} {one.noun}"
        for one in found
    ]
    assert "; ".join(said) == expected
    assert all(text[one.start : one.end] == one.text for one in found)


def _quantity_of(words: str) -> Quantity:
    if "+" in words:
        left, right = words.split(" + ")
        return _read(left) + _read(right)
    value, unit, qualifier, *top = words.split()
    return Quantity(Decimal(value), unit, Qualifier(qualifier), Decimal(top[0]) if top else None)


@pytest.mark.parametrize("row", TABLES["quantity | words"], ids=lambda row: row[1])
def test_words(row: list[str]) -> None:
    quantity, words = _quantity_of(row[0]), row[1]
    assert phrase(quantity) == words
    again = _read(words)
    assert (again.value, again.unit) == (quantity.value, quantity.unit)
    assert (again.qualifier, again.value_max) == (quantity.qualifier, quantity.value_max)
