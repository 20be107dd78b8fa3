"""A street with a community, and a quick way to record that a thing was done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from linli.core.access.rules import Actor
from linli.core.areas.rules import AreaView
from linli.core.records.rules import NewQuantity, new_record
from linli.kernel.days import Occurred, Precision
from linli.kernel.quantities import Quantity

Record = Callable[..., UUID]


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, settings: Any) -> None:
    settings.LINLI_HOME = tmp_path / "installation"


@pytest.fixture
def operator(db: None) -> Actor:
    from linli.core.access.queries import local_operator

    return local_operator()


@pytest.fixture
def community(operator: Actor) -> AreaView:
    from linli.core.areas.actions import create_area

    street = create_area(actor=operator, slug="street", name="东街街道", level="street")
    return create_area(
        actor=operator, slug="garden", name="花园社区", level="community", parent=street
    )


@pytest.fixture
def record(operator: Actor, community: AreaView) -> Record:
    """Records one piece of work: ``record("base.patrol", "2025-03-01")`` gives its id."""
    from linli.core.records.actions import record_one

    def keep(
        kind: str,
        start: str,
        end: str = "",
        *,
        title: str = "",
        area: str = "garden",
        grain: str = "event",
        state: str = "done",
        stated: tuple[str, int, str] | None = None,
        **fields: str,
    ) -> UUID:
        first, last = date.fromisoformat(start), date.fromisoformat(end or start)
        quantities = (
            [NewQuantity(stated[0], stated[0], Quantity(Decimal(stated[1]), stated[2]))]
            if stated
            else []
        )
        new = new_record(
            kind,
            title or kind,
            Occurred(first, last, Precision.DAY if first == last else Precision.SPAN),
            quantities=quantities,
            fields=fields,
            grain=grain,
            state=state,
        )
        record_one(actor=operator, area=area, new=new)
        return new.id

    return keep
