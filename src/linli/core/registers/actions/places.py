"""Buildings and dwellings, and what becomes of them when areas are split or merged."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from linli.core.access.queries import permit
from linli.core.access.rules import Actor
from linli.core.areas.rules import AreaRef
from linli.core.audit.action import action
from linli.core.audit.rules import Permission
from linli.core.registers.actions.clerk import Clerk
from linli.core.registers.addresses import building_mark, stairwell_mark
from linli.core.registers.models import (
    Building,
    Care,
    Dated,
    Dwelling,
    Enrolment,
    Membership,
    Occupancy,
    Relationship,
    Secret,
    Siting,
    Stairwell,
)
from linli.core.registers.queries.standing import standing
from linli.core.registers.rules import Left
from linli.kernel.errors import Refusal


@action("registers.add_building", permission=Permission.ENROL)
def add_building(
    *, actor: Actor, area: AreaRef, name: str, street: str = "", since: date | None = None
) -> UUID:
    """Enter a building; one of the same name (3号楼, 3栋) is answered, not repeated."""
    clerk = Clerk(actor, area)
    mark = building_mark(name)
    if not mark:
        raise Refusal("registers.nameless", what="楼栋", missing="名称")
    row = Siting.objects.filter(area=clerk.place.key, mark=mark, until=None, known_to=None).first()
    if row is None:
        building = Building.objects.create()
        said = f"{mark}栋" if name.strip() == mark else name.strip()
        values = {"name": said, "mark": mark, "street": street.strip()}
        row = clerk.open(Siting, building=building, since=since, **values)
    clerk.note("registers.add_building", "building", row.building_id, mark)
    return row.building_id


@action("registers.add_dwelling", permission=Permission.ENROL)
def add_dwelling(
    *, actor: Actor, area: AreaRef, building: UUID, number: str, stairwell: str = ""
) -> UUID:
    """Enter a dwelling on a stairwell of a building; the same one is answered, not repeated."""
    clerk = Clerk(actor, area)
    if not clerk.sitings(building).exists():
        raise Refusal("registers.unknown", id=building, what="楼栋")
    if not number.strip():
        raise Refusal("registers.nameless", what="房屋", missing="房号")
    name = stairwell_mark(stairwell)
    stair, _ = Stairwell.objects.get_or_create(building_id=building, name=name)
    home, _ = Dwelling.objects.get_or_create(stairwell=stair, number=number.strip().upper())
    clerk.note("registers.add_dwelling", "dwelling", home.id)
    return home.id


@action("registers.end_building", permission=Permission.ENROL)
def end_building(*, actor: Actor, area: AreaRef, building: UUID, until: date) -> None:
    """Let a building end (demolished); `until` is the first day without it."""
    clerk = Clerk(actor, area)
    row = clerk.sitings(building).order_by("-key").first()
    if row is None:
        raise Refusal("registers.unknown", id=building, what="楼栋")
    clerk.end(row, until)
    clerk.note("registers.end_building", "building", building, until)


@action("registers.divide", permission=Permission.ADMINISTER)
def divide(
    *, actor: Actor, area: AreaRef, to: AreaRef, buildings: Sequence[UUID], since: date
) -> int:
    """Move buildings, with all who live in them, from one area to another from a day on.

    Splitting an area moves some of its buildings, merging it moves all of them. Before that day the
    old area's registers stand as they were. Answers how many persons moved.
    """
    clerk, target = Clerk(actor, area), Clerk(actor, to)
    permit(actor, Permission.ADMINISTER, target.place)
    sitings = Siting.objects.filter(standing(since), area=clerk.place.key, building__in=buildings)
    missing = set(buildings) - set(sitings.values_list("building", flat=True))
    if missing:
        raise Refusal("registers.unknown", id=min(map(str, missing)), what="楼栋")
    stays = Occupancy.objects.filter(
        standing(since), area=clerk.place.key, dwelling__stairwell__building__in=buildings
    )
    homes = list(stays.values_list("household", flat=True))
    members = Membership.objects.filter(standing(since), area=clerk.place.key, household__in=homes)
    persons = list(members.values_list("person", flat=True).distinct())
    mine = {"area": clerk.place.key, "person__in": persons}
    moved = Enrolment.objects.filter(standing(since), **mine)
    count = len(persons)
    _move(clerk, target, moved, since, left=Left.DIVIDED)
    for model in (Care, Secret, Relationship):
        _move(clerk, target, model._default_manager.filter(standing(since), **mine), since)
    for rows in (members, stays, sitings):
        _move(clerk, target, rows, since)
    for one, other in ((clerk, target), (target, clerk)):
        one.note(
            "registers.divide",
            "area",
            clerk.place.id,
            *sorted(map(str, persons)),
            facts={"other": other.place.slug, "since": since.isoformat(), "persons": count},
        )
    return count


def _move(clerk: Clerk, target: Clerk, rows: QuerySet[Dated], since: date, **ended: str) -> None:
    """End rows in one area and open the like in the other, with the same `id`."""
    for row in list(rows):
        values = {
            f.attname: getattr(row, f.attname)
            for f in row._meta.concrete_fields
            if f.name not in ("key", "known_from", "known_to", "area", "since")
        }
        clerk.revise(row, until=since, **ended)
        target.open(type(row), **(values | {"since": since}))
