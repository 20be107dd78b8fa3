"""The buildings of an area. Where a building stands is no secret; who lives in it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from linli.core.access.rules import Actor, Permission
from linli.core.areas.rules import AreaRef
from linli.core.registers.models import Siting
from linli.core.registers.queries.standing import keys_for, standing
from linli.kernel.clock import today


@dataclass(frozen=True, slots=True)
class BuildingView:
    """A building as its area says; `mark` is the name in one spelling."""

    id: UUID
    name: str
    mark: str
    street: str
    since: date | None
    until: date | None


def buildings(actor: Actor, area: AreaRef, *, on: date | None = None) -> list[BuildingView]:
    """The buildings of an area and all under it on a day, by name."""
    day = on or today()
    keys = keys_for(actor, area, Permission.READ, day)
    rows = Siting.objects.filter(standing(day), area__in=keys).order_by("name", "key")
    return [
        BuildingView(row.building_id, row.name, row.mark, row.street, row.since, row.until)
        for row in rows
    ]
