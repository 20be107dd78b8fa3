"""Households: who keeps house with whom, in which dwelling; splitting and uniting them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from linli.core.access.rules import Actor
from linli.core.areas.rules import AreaRef
from linli.core.audit.action import action
from linli.core.audit.rules import Permission
from linli.core.registers.actions.clerk import Clerk
from linli.core.registers.models import Household, Membership, Occupancy
from linli.core.registers.names import masked_name
from linli.core.registers.queries.standing import known, standing
from linli.core.registers.rules import relation_of
from linli.kernel.errors import Refusal


@action("registers.form_household", permission=Permission.ENROL)
def form_household(
    *,
    actor: Actor,
    area: AreaRef,
    members: Mapping[UUID, str],
    dwelling: UUID | None = None,
    since: date | None = None,
    number: str = "",
    tenure: str = "",
) -> UUID:
    """Form a household of persons, each with the relation to its head (户主, 配偶 …)."""
    clerk = Clerk(actor, area)
    household = _form(clerk, members, since, number)
    if dwelling is not None:
        _occupy(clerk, household, dwelling, since, tenure)
    _note(clerk, "registers.form_household", household, *map(str, members))
    return household


@action("registers.join", permission=Permission.ENROL)
def join(
    *,
    actor: Actor,
    area: AreaRef,
    household: UUID,
    person: UUID,
    relation: str,
    since: date | None = None,
) -> None:
    """Let a person join a household: a birth, a marriage, a return."""
    clerk = Clerk(actor, area)
    _join(clerk, clerk.household(household), person, relation, since)
    _note(clerk, "registers.join", household, person)


@action("registers.part", permission=Permission.ENROL)
def part(*, actor: Actor, area: AreaRef, person: UUID, until: date) -> None:
    """Let a person leave the household; the person stays in the register."""
    clerk = Clerk(actor, area)
    row = _membership(clerk, person)
    if row is None:
        raise Refusal("registers.unknown", id=person, what="家庭成员")
    clerk.end(row, until)
    _note(clerk, "registers.part", row.household_id, person)


@action("registers.occupy", permission=Permission.ENROL)
def occupy(
    *,
    actor: Actor,
    area: AreaRef,
    household: UUID,
    dwelling: UUID,
    since: date | None = None,
    tenure: str = "",
) -> None:
    """Let a household occupy a dwelling from a day on, beside any other that it has."""
    clerk = Clerk(actor, area)
    _occupy(clerk, clerk.household(household), dwelling, since, tenure)
    _note(clerk, "registers.occupy", household, dwelling)


@action("registers.vacate", permission=Permission.ENROL)
def vacate(*, actor: Actor, area: AreaRef, household: UUID, dwelling: UUID, until: date) -> None:
    """Let a household leave a dwelling; `until` is the first day on which it is gone."""
    clerk = Clerk(actor, area)
    rows = Occupancy.objects.filter(
        known(), area=clerk.place.key, household=household, dwelling=dwelling, until=None
    )
    row = rows.first()
    if row is None:
        raise Refusal("registers.unknown", id=dwelling, what="入住")
    clerk.end(row, until)
    _note(clerk, "registers.vacate", household, dwelling)


@action("registers.split_household", permission=Permission.ENROL)
def split_household(
    *,
    actor: Actor,
    area: AreaRef,
    household: UUID,
    members: Mapping[UUID, str],
    since: date,
    dwelling: UUID | None = None,
    number: str = "",
) -> UUID:
    """Let some members form a household of their own (分户) from a day on.

    Without another dwelling they go on living where they live.
    """
    clerk = Clerk(actor, area)
    clerk.household(household)
    for person in members:
        row = _membership(clerk, person)
        if row is None or row.household_id != household:
            raise Refusal("registers.unknown", id=person, what="家庭成员")
        clerk.end(row, since)
    formed = _form(clerk, members, since, number)
    for home in [dwelling] if dwelling else _homes(clerk, household, since):
        _occupy(clerk, formed, home, since, "")
    _note(clerk, "registers.split_household", household, formed, *map(str, members))
    return formed


@action("registers.unite_households", permission=Permission.ENROL)
def unite_households(
    *,
    actor: Actor,
    area: AreaRef,
    kept: UUID,
    ended: UUID,
    relations: Mapping[UUID, str],
    since: date,
) -> None:
    """Let the members of one household join another (并户) from a day on, and end the first.

    `relations` says what each of them is to the head of the one that is kept.
    """
    clerk = Clerk(actor, area)
    clerk.household(kept)
    clerk.household(ended)
    if kept == ended:
        raise Refusal("registers.same")
    rows = Membership.objects.filter(standing(since), area=clerk.place.key, household=ended)
    for row in list(rows):
        clerk.end(row, since)
        _join(clerk, kept, row.person_id, relations.get(row.person_id, "other"), since)
    for stay in Occupancy.objects.filter(standing(since), area=clerk.place.key, household=ended):
        clerk.end(stay, since)
    _note(clerk, "registers.unite_households", kept, ended)


def _form(clerk: Clerk, members: Mapping[UUID, str], since: date | None, number: str) -> UUID:
    household = Household.objects.create(number=number.strip()).id
    for person, relation in members.items():
        _join(clerk, household, person, relation, since)
    return household


def _join(clerk: Clerk, household: UUID, person: UUID, relation: str, since: date | None) -> None:
    enrolment = clerk.enrolment(person)
    if _membership(clerk, person) is not None:
        raise Refusal("registers.member", shown=masked_name(enrolment.name))
    clerk.open(
        Membership,
        household_id=household,
        person_id=person,
        relation=relation_of(relation),
        since=since,
    )


def _membership(clerk: Clerk, person: UUID) -> Membership | None:
    """The open membership; a person belongs to one household of an area at a time."""
    rows = Membership.objects.filter(known(), area=clerk.place.key, person=person, until=None)
    return rows.order_by("-key").first()


def _occupy(clerk: Clerk, household: UUID, dwelling: UUID, since: date | None, tenure: str) -> None:
    home = clerk.dwelling(dwelling)
    clerk.open(Occupancy, household_id=household, dwelling=home, since=since, tenure=tenure.strip())


def _homes(clerk: Clerk, household: UUID, on: date) -> list[UUID]:
    rows = Occupancy.objects.filter(standing(on), area=clerk.place.key, household=household)
    return list(rows.values_list("dwelling", flat=True))


def _note(clerk: Clerk, name: str, household: UUID, *content: object) -> None:
    clerk.note(name, "household", household, *content)
