"""The real reports: every quantity that people marked in them is read as they read it.

The truth is `facts.jsonl` of the shared folder: 62 quantities in six documents, and the dates,
conditions, slogans and names that are not quantities.
"""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

from linli.kernel.days import read_date
from linli.kernel.lexer import find_quantities, read_quantity


def _facts(shared: Path) -> list[dict[str, Any]]:
    lines = (shared / "seeds" / "facts.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def _found(text: str) -> set[tuple[Decimal, str, str]]:
    return {
        (one.quantity.value, one.quantity.unit, one.quantity.qualifier.value)
        for one in find_quantities(text)
    }


def _truth(fact: dict[str, Any]) -> tuple[Decimal, str, str]:
    return Decimal(str(fact["value"])), fact["unit"], fact["qualifier"]


def test_every_marked_quantity_is_found(shared: Path) -> None:
    facts = [fact for fact in _facts(shared) if fact["class"] == "quantity"]
    assert len(facts) >= 62
    missed = [fact["quote"] for fact in facts if _truth(fact) not in _found(fact["quote"])]
    assert not missed


def test_nothing_but_quantities_is_found(shared: Path) -> None:
    """Dates, ages, slogans, cadences and zero words give no quantity of their own."""
    facts = _facts(shared)
    truths = {_truth(fact) for fact in facts if fact["class"] == "quantity"}
    others = [fact for fact in facts if fact["class"] not in ("quantity", "name")]
    assert len(others) >= 70
    wrong = [(fact["quote"], found) for fact in others for found in _found(fact["quote"]) - truths]
    assert not wrong


def test_the_whole_reports_hold_no_false_quantity(shared: Path) -> None:
    """In the full texts, where sentences are long; two are true but were not marked."""
    facts = [fact for fact in _facts(shared) if isinstance(fact["value"], int | float)]
    marked = {_truth(fact) for fact in facts if fact["class"] not in ("date", "slogan_or_ordinal")}
    texts = sorted((shared / "seeds" / "repaired").glob("*.txt"))
    assert texts
    found = [one for path in texts for one in find_quantities(path.read_text(encoding="utf-8"))]
    extra = [
        one.text
        for one in found
        if (one.quantity.value, one.quantity.unit, one.quantity.qualifier.value) not in marked
    ]
    assert len(found) > 60
    assert len(extra) <= 2, extra


def test_marked_days_are_read(shared: Path) -> None:
    """The dates of the facts, where they are written as a cell would hold them."""
    read = {"元宵节": "2010-02-28", "中秋节": "2010-09-22", "九九重阳节": "2010-10-16"}
    for text, day in read.items():
        reading = read_date(text, year=2010)
        assert reading is not None
        assert str(reading.occurred[0].start) == day
    for fact in _facts(shared):
        if fact["class"] != "date" or not fact.get("period_text"):
            continue
        reading = read_date(fact["period_text"])
        assert reading is not None, fact["period_text"]
        assert reading.fault is None


def test_expected_cells_of_the_real_workbooks_are_read(shared: Path) -> None:
    from openpyxl import load_workbook

    lines = (shared / "real" / "expected.jsonl").read_text(encoding="utf-8").splitlines()
    expected = [fact for fact in map(json.loads, lines) if "value" in fact]
    books = {fact["workbook"] for fact in expected}
    opened = {book: load_workbook(shared / "real" / book, data_only=True) for book in books}
    wrong = []
    for fact in expected:
        cell = opened[fact["workbook"]][fact["sheet"]][fact["cell"]].value
        # The unit of the column and its scale are intake's to find; here both are given.
        quantities = [
            read_quantity(cell, unit=fact["unit"], scale=scale) for scale in (1, 10_000, 100)
        ]
        quantities += (
            [one.quantity for one in find_quantities(cell)] if isinstance(cell, str) else []
        )
        truth = _truth(fact)
        if not any(q and (q.value, q.qualifier.value) == (truth[0], truth[2]) for q in quantities):
            wrong.append((fact["cell"], cell, truth))
    assert not wrong
