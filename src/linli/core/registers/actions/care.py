"""Care classes of persons, from–to, with who says so."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from linli.core.access.rules import Actor
from linli.core.areas.rules import AreaRef
from linli.core.audit.action import action
from linli.core.audit.rules import Permission
from linli.core.registers.actions.clerk import Clerk
from linli.core.registers.models import Care
from linli.core.registers.queries.standing import known
from linli.kernel.errors import Refusal
from linli.packs.load import registry


@action("registers.set_care", permission=Permission.CARE)
def set_care(
    *,
    actor: Actor,
    area: AreaRef,
    person: UUID,
    care_class: str,
    since: date | None = None,
    source: str = "",
) -> None:
    """Say that a person belongs to a care class from a day on; the same again changes nothing.

    `source` says who decided; without it the authority that the pack names. Raises Refusal
    packs.unknown, registers.derived.
    """
    clerk = Clerk(actor, area)
    clerk.enrolment(person)
    declared = registry().care_class(care_class)
    if declared.from_age is not None:
        raise Refusal("registers.derived", title=declared.title)
    if _open(clerk, person, care_class) is None:
        clerk.open(
            Care,
            person_id=person,
            care_class=care_class,
            since=since,
            source=source or declared.authority,
        )
    clerk.note("registers.set_care", "person", person, care_class, since)


@action("registers.end_care", permission=Permission.CARE)
def end_care(*, actor: Actor, area: AreaRef, person: UUID, care_class: str, until: date) -> None:
    """Say that a person no longer belongs to a care class from a day on."""
    clerk = Clerk(actor, area)
    row = _open(clerk, person, care_class)
    if row is None:
        raise Refusal("registers.unknown", id=person, what="关爱登记")
    clerk.end(row, until)
    clerk.note("registers.end_care", "person", person, care_class, until)


def _open(clerk: Clerk, person: UUID, care_class: str) -> Care | None:
    rows = Care.objects.filter(
        known(), area=clerk.place.key, person=person, care_class=care_class, until=None
    )
    return rows.first()
