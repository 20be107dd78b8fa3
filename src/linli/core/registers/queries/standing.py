"""Which rows hold on a day, as far as was known at an instant; and who is one with whom."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.db.models.query import QuerySet

from linli.core.access.queries import readable
from linli.core.access.rules import Actor, Permission
from linli.core.areas.queries import keys_under
from linli.core.areas.rules import AreaRef
from linli.core.registers.models import Enrolment, Membership, Merge, Occupancy, Siting
from linli.kernel.clock import today


class Home(NamedTuple):
    """Where a person lives: household, dwelling, and the address as it is said."""

    household: UUID
    dwelling: UUID
    address: str


CHUNK = 5_000  # values in one condition: SQLite takes 32,766


def known(at: datetime | None = None, path: str = "") -> Q:
    """Rows that we took to hold at an instant (None: now). `path` leads to them (`person__`)."""
    if at is None:
        return Q(**{f"{path}known_to": None})
    later = Q(**{f"{path}known_to": None}) | Q(**{f"{path}known_to__gt": at})
    return Q(**{f"{path}known_from__lte": at}) & later


def standing(on: date, at: datetime | None = None, path: str = "") -> Q:
    """Rows that hold on a day, as known at an instant."""
    begun = Q(**{f"{path}since": None}) | Q(**{f"{path}since__lte": on})
    open_ = Q(**{f"{path}until": None}) | Q(**{f"{path}until__gt": on})
    return known(at, path) & begun & open_


def unmerged(at: datetime | None = None) -> Q:
    """Rows of persons whom their area had not merged into another one."""
    return ~Q(
        Exists(Merge.objects.filter(known(at), area=OuterRef("area"), merged=OuterRef("person")))
    )


def keys_for(actor: Actor, area: AreaRef, permission: Permission, on: date | None) -> list[int]:
    """Keys of the area and all under it, if the actor holds the permission; else Refusal."""
    return keys_under(readable(actor, area, permission), on or today())


def enrolled(keys: Iterable[int], on: date, at: datetime | None = None) -> QuerySet[Enrolment]:
    """The enrolments of areas on a day; a merged person stands in the one who was kept."""
    return Enrolment.objects.filter(standing(on, at), unmerged(at), area__in=list(keys))


def homes_of(
    persons: Iterable[UUID], keys: Iterable[int], on: date, at: datetime | None = None
) -> dict[UUID, Home]:
    """Where each person lives on a day, as these areas say, through household and occupancy."""
    wanted, areas = list(persons), list(keys)
    found: dict[UUID, Home] = {}
    for start in range(0, len(wanted), CHUNK):
        found |= _homes(wanted[start : start + CHUNK], areas, on, at)
    return found


def _homes(persons: list[UUID], keys: list[int], on: date, at: datetime | None) -> dict[UUID, Home]:
    """Two plain queries: joined, SQLite may walk all memberships for each occupancy of the area."""
    members = Membership.objects.filter(standing(on, at), area__in=keys, person__in=persons)
    household_of = dict(members.values_list("person", "household"))
    stays = Occupancy.objects.filter(
        standing(on, at), area__in=keys, household__in=set(household_of.values())
    ).order_by("key")
    rows = list(
        stays.values_list(
            "household",
            "dwelling",
            "dwelling__stairwell__building",
            "dwelling__stairwell__name",
            "dwelling__number",
        )
    )
    names = building_names({row[2] for row in rows}, on, at)
    home_of = {
        household: Home(household, dwelling, said(names.get(building, ""), stairwell, number))
        for household, dwelling, building, stairwell, number in rows
    }
    return {
        person: home_of[household]
        for person, household in household_of.items()
        if household in home_of
    }


def building_names(
    buildings: Iterable[UUID], on: date, at: datetime | None = None
) -> dict[UUID, str]:
    """What each building is called on a day; where no name is known for the day, its latest."""
    rows = Siting.objects.filter(known(at), building__in=list(buildings)).order_by("key")
    found: dict[UUID, str] = {}
    fits: set[UUID] = set()
    for building, name, since, until in rows.values_list("building", "name", "since", "until"):
        fit = (since is None or since <= on) and (until is None or on < until)
        if fit or building not in fits:
            found[building] = name
        if fit:
            fits.add(building)
    return found


def said(building: str, stairwell: str, number: str) -> str:
    """An address as it is said: 3栋2单元301."""
    return f"{building}{f'{stairwell}单元' if stairwell else ''}{number}"
