"""An installation in the test database: areas, and a short way to record.

Django is not yet set up when this file is read; what needs it is imported where it is used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from linli.core.access.rules import Actor
from linli.core.records.rules import NewQuantity, RecordView, new_record
from linli.kernel.days import Occurred, Precision
from linli.kernel.quantities import Qualifier, Quantity

Record = Callable[..., RecordView]


@pytest.fixture
def actor(db: None, tmp_path: Path, settings: Any) -> Iterator[Actor]:
    """The local operator of an installation with a street and two communities."""
    from linli.core.access.queries import local_operator
    from linli.core.areas.actions import create_area
    from linli.insight.reading import forget

    settings.LINLI_HOME = tmp_path / "installation"
    who = local_operator()
    create_area(actor=who, slug="city", name="某市", level="city")
    create_area(actor=who, slug="district", name="某区", level="district", parent="city")
    create_area(actor=who, slug="street", name="某街道", level="street", parent="district")
    create_area(actor=who, slug="north", name="北社区", level="community", parent="street")
    create_area(actor=who, slug="south", name="南社区", level="community", parent="street")
    yield who
    forget()


@pytest.fixture
def record(actor: Actor) -> Record:
    """``record("base.visit", "走访", "2010-03-05", {"base.visit.households": (20, "户")})``."""
    from linli.core.records.actions import record_one

    def keep(
        kind: str,
        title: str,
        day: str,
        amounts: dict[str, tuple[object, ...]] | None = None,
        *,
        area: str = "north",
        until: str | None = None,
        precision: Precision = Precision.DAY,
        **changes: object,
    ) -> RecordView:
        start = date.fromisoformat(day)
        end = date.fromisoformat(until) if until else start
        quantities = [_quantity(measure, *amount) for measure, amount in (amounts or {}).items()]
        new = new_record(
            kind,
            title,
            Occurred(start, end, precision),
            quantities=quantities,
            **changes,  # type: ignore[arg-type]
        )
        return record_one(actor=actor, area=area, new=new)

    return keep


def _quantity(
    measure: str, value: object, unit: str, qualifier: str = "exact", part_of: str | None = None
) -> NewQuantity:
    amount = Quantity(Decimal(str(value)), unit, Qualifier(qualifier))
    return NewQuantity(measure, measure, amount, part_of=part_of)
