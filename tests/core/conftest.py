"""A community under a street, and records to put into it.

Django is not yet set up when this file is read; what needs it is imported where it is used.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from linli.core.access.rules import Actor
from linli.core.areas.rules import AreaView
from linli.core.records.rules import NewQuantity, NewRecord, NewSource, SourceKind
from linli.kernel.days import Occurred, Precision
from linli.kernel.ids import uuid7
from linli.kernel.quantities import Qualifier, Quantity

KIND = "base.visit"
WORKBOOK = NewSource(SourceKind.WORKBOOK, "台账.xlsx", "ab" * 32)


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, settings: Any) -> None:
    settings.LINLI_HOME = tmp_path / "installation"


@pytest.fixture
def operator(db: None) -> Actor:
    from linli.core.access.queries import local_operator

    return local_operator()


@pytest.fixture
def street(operator: Actor) -> AreaView:
    from linli.core.areas.actions import create_area

    return create_area(actor=operator, slug="street", name="东街街道", level="street")


@pytest.fixture
def community(operator: Actor, street: AreaView) -> AreaView:
    from linli.core.areas.actions import create_area

    return create_area(
        actor=operator, slug="garden", name="花园社区", level="community", parent=street
    )


def on(day: str) -> Occurred:
    """A day, exactly."""
    return Occurred(date.fromisoformat(day), date.fromisoformat(day), Precision.DAY, day)


def people(value: int, qualifier: Qualifier = Qualifier.EXACT, **more: Any) -> NewQuantity:
    """So many households."""
    return NewQuantity("base.households", "户数", Quantity(Decimal(value), "户", qualifier), **more)


@pytest.fixture
def a_visit() -> Callable[..., NewRecord]:
    """Makes a visit; `number` makes it another one."""

    def make(number: int = 1, day: str = "2010-03-05", **more: Any) -> NewRecord:
        mark = hashlib.blake2b(f"{number}/{day}".encode(), digest_size=16).digest()
        values: dict[str, Any] = {
            "id": uuid7(),
            "kind": KIND,
            "grain": "event",
            "occurred": on(day),
            "title": f"走访困难家庭（{number}）",
            "fields": {"content": "节前走访"},
            "quantities": (people(20, cell="C3"), people(2, cell="C4", part_of="C3")),
            "identity": mark,
            "sheet": "一季度",
            "row": number,
            "shape": "shape-a",
        }
        return NewRecord(**(values | more))

    return make


@pytest.fixture
def visits(a_visit: Callable[..., NewRecord]) -> Callable[[int], Iterator[NewRecord]]:
    """Makes so many visits."""
    return lambda count: (a_visit(number) for number in range(count))
