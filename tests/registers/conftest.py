"""Two communities under a street, their keys, and invented residents."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from linli.core.access.rules import Actor
from linli.core.areas.rules import AreaView
from linli.core.registers.rules import Particulars
from linli.kernel.identity_numbers import check_character


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, settings: Any) -> None:
    from linli.core.access.keys import make_keys

    settings.LINLI_HOME = tmp_path / "installation"
    make_keys()


@pytest.fixture
def operator(db: None) -> Actor:
    from linli.core.access.queries import local_operator

    return local_operator()


@pytest.fixture
def street(operator: Actor) -> AreaView:
    from linli.core.areas.actions import create_area

    return create_area(actor=operator, slug="street", name="东街街道", level="street")


@pytest.fixture
def garden(operator: Actor, street: AreaView) -> AreaView:
    from linli.core.areas.actions import create_area

    return create_area(
        actor=operator, slug="garden", name="花园社区", level="community", parent=street
    )


@pytest.fixture
def lake(operator: Actor, street: AreaView) -> AreaView:
    from linli.core.areas.actions import create_area

    return create_area(
        actor=operator, slug="lake", name="湖边社区", level="community", parent=street
    )


def number(birth: str, order: int) -> str:
    """An invented identity number of a region that was never issued (430199)."""
    first = f"430199{birth.replace('-', '')}{order:03}"
    return first + check_character(first)


@pytest.fixture
def enrol(operator: Actor, garden: AreaView) -> Callable[..., UUID]:
    """Enters a person in the garden: enrol("测试甲", phone="13800000001", birth=…)."""
    from linli.core.registers import actions

    def make(
        name: str, *, since: date | None = date(2000, 1, 1), area: str = "garden", **more: Any
    ) -> UUID:
        secrets = {k: more.pop(k) for k in ("identity_number", "phone", "certificate") if k in more}
        given = Particulars(name, secrets=secrets, **more)
        return actions.enrol(actor=operator, area=area, given=given, since=since)

    return make


@pytest.fixture
def home(operator: Actor, garden: AreaView) -> Callable[..., UUID]:
    """Enters a dwelling of the garden: home("3栋", "301", "2")."""
    from linli.core.registers import actions

    def make(building: str = "3栋", number: str = "301", stairwell: str = "2") -> UUID:
        where: dict[str, Any] = {"actor": operator, "area": "garden"}
        made = actions.add_building(**where, name=building)
        return actions.add_dwelling(**where, building=made, stairwell=stairwell, number=number)

    return make
