"""Who is in the register of an area, with whom they live and where they lived."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from linli.core.access.rules import Actor, Permission
from linli.core.areas.rules import AreaRef
from linli.core.registers.models import Care, Enrolment, Membership, Occupancy, Relationship
from linli.core.registers.queries.standing import (
    building_names,
    enrolled,
    homes_of,
    keys_for,
    known,
    said,
    standing,
    unmerged,
)
from linli.core.registers.rules import (
    CareView,
    MemberView,
    PersonView,
    StayView,
    age_on,
    born_by,
)
from linli.kernel.clock import today
from linli.kernel.errors import Refusal
from linli.packs.load import registry


def residents(
    actor: Actor,
    area: AreaRef,
    *,
    on: date | None = None,
    at: datetime | None = None,
    tie: str | None = None,
    limit: int | None = None,
    offset: int = 0,
) -> list[PersonView]:
    """The persons in the register of an area (and all under it) on a day, by name.

    `at`: as was known at that instant. `tie`: only those (人户分离: `registered`, `living`).
    """
    day = on or today()
    rows = enrolled(keys_for(actor, area, Permission.RESIDENTS, day), day, at)
    if tie is not None:
        rows = rows.filter(tie=tie)
    end = None if limit is None else offset + limit
    return views(rows.order_by("name", "key")[offset:end], day, at)


def count(actor: Actor, area: AreaRef, *, on: date | None = None) -> int:
    """How many persons are in the register of an area on a day; a number only, no person."""
    day = on or today()
    rows = enrolled(keys_for(actor, area, Permission.READ, day), day)
    return rows.values("person").distinct().count()


def resident(
    actor: Actor, area: AreaRef, person: UUID, *, on: date | None = None, at: datetime | None = None
) -> PersonView:
    """One person as the register says on a day; of one who left, as it said last."""
    day = on or today()
    keys = keys_for(actor, area, Permission.RESIDENTS, day)
    rows = Enrolment.objects.filter(known(at), area__in=keys, person=person)
    row = rows.filter(standing(day, at)).first() or rows.order_by("-until", "-key").first()
    if row is None:
        raise Refusal("registers.unknown", id=person, what="居民")
    return views([row], day, at)[0]


def members(
    actor: Actor, area: AreaRef, person: UUID, *, on: date | None = None, at: datetime | None = None
) -> list[MemberView]:
    """The household of a person on a day, the head first."""
    day = on or today()
    keys = keys_for(actor, area, Permission.RESIDENTS, day)
    resident(actor, area, person, on=day, at=at)
    kept = Membership.objects.filter(standing(day, at), unmerged(at), area__in=keys)
    homes = kept.filter(person=person).values("household")
    rows = kept.filter(household__in=homes).order_by("key")
    found = list(rows)
    names = _names([row.person_id for row in found], keys)
    made = [
        MemberView(row.person_id, names.get(row.person_id, ""), row.relation, row.since, row.until)
        for row in found
    ]
    return sorted(made, key=lambda member: member.relation != "head")


def stays(
    actor: Actor, area: AreaRef, person: UUID, *, at: datetime | None = None
) -> list[StayView]:
    """Where a person lived, from–to: the span of the household cut to that of the membership."""
    keys = keys_for(actor, area, Permission.RESIDENTS, None)
    resident(actor, area, person, at=at)
    found = []
    memberships = Membership.objects.filter(known(at), person=person, area__in=keys)
    for member in memberships.order_by("since", "key"):
        rows = Occupancy.objects.filter(known(at), household=member.household_id, area__in=keys)
        for row in rows.select_related("dwelling__stairwell").order_by("since", "key"):
            since = _latest(member.since, row.since)
            until = _earliest(member.until, row.until)
            if since is None or until is None or since < until:
                found.append(_stay(row, since, until, at))
    return found


def dwellers(
    actor: Actor, area: AreaRef, dwelling: UUID, *, on: date, at: datetime | None = None
) -> list[PersonView]:
    """Who lived in a dwelling on a day."""
    keys = keys_for(actor, area, Permission.RESIDENTS, on)
    homes = Occupancy.objects.filter(standing(on, at), dwelling=dwelling, area__in=keys)
    persons = Membership.objects.filter(
        standing(on, at), household__in=homes.values("household"), area__in=keys
    ).values("person")
    return views(enrolled(keys, on, at).filter(person__in=persons).order_by("name", "key"), on, at)


def relationships(
    actor: Actor, area: AreaRef, person: UUID, *, on: date | None = None
) -> list[MemberView]:
    """What others are to a person outside the household, on a day."""
    day = on or today()
    keys = keys_for(actor, area, Permission.RESIDENTS, day)
    resident(actor, area, person, on=day)
    kept = Relationship.objects.filter(standing(day), person=person, area__in=keys)
    rows = list(kept.order_by("key"))
    names = _names([row.other_id for row in rows], keys)
    return [
        MemberView(row.other_id, names.get(row.other_id, ""), row.relation, row.since, row.until)
        for row in rows
    ]


def cares(actor: Actor, area: AreaRef, person: UUID, *, on: date | None = None) -> list[CareView]:
    """The care classes of a person on a day, those that follow from the birth date among them."""
    day = on or today()
    keys = keys_for(actor, area, Permission.CARE, day)
    view = resident(actor, area, person, on=day)
    classes = registry().care
    rows = Care.objects.filter(standing(day), person=person, area__in=keys)
    entered = [
        CareView(row.care_class, _title(row.care_class), row.since, row.until, row.source)
        for row in rows.order_by("care_class", "key")
    ]
    derived = [
        CareView(one.id, one.title, None, None, "")
        for one in classes.values()
        if one.from_age and view.birth and age_on(view.birth, day) >= one.from_age
    ]
    return entered + derived


def in_class(
    actor: Actor, area: AreaRef, care_class: str, *, on: date | None = None
) -> list[PersonView]:
    """Who belongs to a care class on a day, by name; needs the permission `care`."""
    day = on or today()
    keys = keys_for(actor, area, Permission.CARE, day)
    declared = registry().care_class(care_class)
    rows = enrolled(keys, day)
    if declared.from_age is not None:
        rows = rows.filter(birth__lte=born_by(declared.from_age, day))
    else:
        held = Care.objects.filter(standing(day), care_class=care_class, area__in=keys)
        rows = rows.filter(person__in=held.values("person"))
    return views(rows.order_by("name", "key"), day)


def views(rows: Iterable[Enrolment], on: date, at: datetime | None = None) -> list[PersonView]:
    """Enrolments as others see them, each with the address of the day: three queries in all."""
    found = list(rows)
    homes = homes_of([row.person_id for row in found], {row.area_id for row in found}, on, at)
    return [
        PersonView(
            id=row.person_id,
            area=row.area_id,
            name=row.name,
            sex=row.sex,
            birth=row.birth,
            tie=row.tie,
            elsewhere=row.elsewhere,
            since=row.since,
            until=row.until,
            left=row.left,
            address=homes[row.person_id].address if row.person_id in homes else "",
        )
        for row in found
    ]


def _names(persons: list[UUID], keys: list[int]) -> dict[UUID, str]:
    rows = Enrolment.objects.filter(known(), person__in=persons, area__in=keys).order_by("key")
    return dict(rows.values_list("person", "name"))


def _stay(row: Occupancy, since: date | None, until: date | None, at: datetime | None) -> StayView:
    home = row.dwelling
    building = home.stairwell.building_id
    day = since or today()
    name = building_names([building], day, at).get(building, "")
    address = said(name, home.stairwell.name, home.number)
    return StayView(row.household_id, home.id, address, row.tenure, since, until)


def _latest(first: date | None, second: date | None) -> date | None:
    return max(filter(None, (first, second)), default=None)


def _earliest(first: date | None, second: date | None) -> date | None:
    return min(filter(None, (first, second)), default=None)


def _title(care_class: str) -> str:
    declared = registry().care.get(care_class)
    return declared.title if declared else care_class
