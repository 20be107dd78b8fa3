"""Persons: enrolling, correcting, leaving; showing a sealed field."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from linli.core.access.rules import Actor
from linli.core.areas.rules import AreaRef
from linli.core.audit.action import action
from linli.core.audit.rules import Permission
from linli.core.registers.actions.clerk import Clerk
from linli.core.registers.models import Care, Enrolment, Membership, Relationship
from linli.core.registers.names import masked_name
from linli.core.registers.queries.standing import known, standing
from linli.core.registers.rules import (
    FIELD_NAMES,
    LEFT_NAMES,
    Left,
    Particulars,
    checked,
    one_of,
    relation_of,
)
from linli.kernel.clock import today
from linli.kernel.errors import Refusal


@action("registers.enrol", permission=Permission.ENROL)
def enrol(
    *,
    actor: Actor,
    area: AreaRef,
    given: Particulars,
    since: date | None = None,
    source: str = "",
) -> UUID:
    """Enter a person in the register of an area from a day on; answers the person's id.

    A person whom another register of the installation knows by the identity number keeps the id.
    Raises Refusal registers.enrolled, registers.taken, registers.mismatch, identity.*.
    """
    clerk = Clerk(actor, area, source)
    given = checked(given, today())
    person = clerk.known_by_number(given.secrets)
    if person is None:
        person = clerk.new_person().id
    else:
        here = Enrolment.objects.filter(known(), area=clerk.place.key, person=person, until=None)
        if here.exists():
            raise Refusal("registers.enrolled", shown=masked_name(given.name))
    row = clerk.open(Enrolment, person_id=person, since=since, **clerk.described(given))
    clerk.keep_secrets(person, given.secrets)
    clerk.note("registers.enrol", "person", person, row.name, row.birth, since)
    return person


@action("registers.correct", permission=Permission.ENROL)
def correct(
    *, actor: Actor, area: AreaRef, person: UUID, given: Particulars, source: str = ""
) -> list[str]:
    """Correct what the register says of a person; answers the names of what changed.

    What was said before stays, with the time until which it was known. Sealed fields that are not
    given stay as they are.
    """
    clerk = Clerk(actor, area, source)
    row = clerk.enrolment(person)
    given = checked(given, today())
    values = clerk.described(given)
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    if changed:
        clerk.revise(row, **values, source=clerk.source)
    changed += clerk.keep_secrets(person, given.secrets)
    clerk.note("registers.correct", "person", person, *changed, facts={"fields": len(changed)})
    return [name for name in changed if name != "initials"]


@action("registers.leave", permission=Permission.ENROL)
def leave(*, actor: Actor, area: AreaRef, person: UUID, until: date, why: str = Left.MOVED) -> None:
    """End an enrolment: moved away, died, entered by mistake; `until` is the first day without.

    The memberships and care classes of the person end with it.
    """
    clerk = Clerk(actor, area)
    one_of(why, LEFT_NAMES, "离册原因")
    clerk.end(clerk.enrolment(person), until, left=why)
    for model in (Membership, Care, Relationship):
        rows = model._default_manager.filter(
            standing(until), area=clerk.place.key, person=person, until=None
        )
        for row in rows:
            clerk.end(row, until)
    clerk.note("registers.leave", "person", person, until, facts={"why": str(why)})


@action("registers.relate", permission=Permission.ENROL)
def relate(
    *,
    actor: Actor,
    area: AreaRef,
    person: UUID,
    other: UUID,
    relation: str,
    since: date | None = None,
) -> None:
    """Say what `other` is to `person` outside the household: child elsewhere, guardian, contact."""
    clerk = Clerk(actor, area)
    clerk.enrolment(person)
    clerk.enrolment(other)
    code = relation_of(relation)
    clerk.open(Relationship, person_id=person, other_id=other, relation=code, since=since)
    clerk.note("registers.relate", "person", person, other, code)


@action("registers.part_ways", permission=Permission.ENROL)
def part_ways(*, actor: Actor, area: AreaRef, person: UUID, other: UUID, until: date) -> None:
    """End what `other` is to `person` outside the household."""
    clerk = Clerk(actor, area)
    rows = Relationship.objects.filter(
        known(), area=clerk.place.key, person=person, other=other, until=None
    )
    row = rows.first()
    if row is None:
        raise Refusal("registers.unknown", id=other, what="关系")
    clerk.end(row, until)
    clerk.note("registers.part_ways", "person", person, other, until)


@action("registers.reveal", permission=Permission.REVEAL)
def reveal(
    *, actor: Actor, area: AreaRef, person: UUID, fields: Sequence[str], purpose: str
) -> dict[str, str]:
    """Show sealed fields of a person in the clear, for a purpose that the audit keeps.

    Raises Refusal registers.purpose, registers.nothing.
    """
    clerk = Clerk(actor, area)
    row = clerk.enrolment(person)
    if len(purpose.strip()) < 2:
        raise Refusal("registers.purpose")
    if row.name in purpose:
        raise Refusal("registers.purpose_name")
    opened = clerk.opened(person)
    for name in fields:
        one_of(name, FIELD_NAMES, "敏感信息项")
        if name not in opened:
            shown, field = masked_name(row.name), FIELD_NAMES[name]
            raise Refusal("registers.nothing", shown=shown, field=field)
    clerk.note(
        "registers.reveal",
        "person",
        person,
        purpose.strip(),
        facts={"fields": "、".join(fields), "purpose": purpose.strip()[:60]},
    )
    return {name: opened[name] for name in fields}
