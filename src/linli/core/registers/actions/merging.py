"""Two persons are one, or are not: a person decides, and may take it back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from linli.core.access.rules import Actor
from linli.core.areas.rules import AreaRef
from linli.core.audit.action import action
from linli.core.audit.rules import Permission
from linli.core.registers.actions.clerk import Clerk
from linli.core.registers.models import (
    Care,
    Dated,
    Distinction,
    Enrolment,
    Membership,
    Merge,
    Relationship,
    Secret,
)
from linli.core.registers.queries.standing import known
from linli.core.registers.vault import seal
from linli.kernel.errors import Refusal

_COPIED: tuple[tuple[type[Any], tuple[str, ...]], ...] = (
    (Enrolment, ()),
    (Membership, ()),
    (Care, ("care_class",)),
    (Relationship, ("other_id", "relation")),
)
"""What goes over to the person who is kept, unless there is one alike in these columns already."""

_TABLES: dict[str, type[Dated]] = {
    model.__name__: model for model in (Enrolment, Membership, Care, Relationship, Secret)
}


@action("registers.merge", permission=Permission.ENROL)
def merge(*, actor: Actor, area: AreaRef, kept: UUID, merged: UUID) -> UUID:
    """Take two persons of a register for one; answers the merge's id, with which it is undone.

    What stands open of the merged person and lacks in the kept one is copied; the rows of the
    merged person stay as they are and are no longer listed.
    """
    clerk = Clerk(actor, area)
    if kept == merged:
        raise Refusal("registers.same")
    clerk.enrolment(kept)
    clerk.enrolment(merged)
    copied = _copy(clerk, kept, merged) + _copy_secrets(clerk, kept, merged)
    row = Merge.objects.create(
        area_id=clerk.place.key,
        kept_id=kept,
        merged_id=merged,
        copied=copied,
        known_from=clerk.at,
    )
    clerk.note("registers.merge", "person", kept, merged, facts={"merge": str(row.id)})
    return row.id


@action("registers.unmerge", permission=Permission.ENROL)
def unmerge(*, actor: Actor, area: AreaRef, merge: UUID) -> None:
    """Undo a merge: both are listed again, and what was copied is known no more."""
    clerk = Clerk(actor, area)
    row = Merge.objects.filter(known(), area=clerk.place.key, id=merge).first()
    if row is None:
        raise Refusal("registers.not_merged", id=merge)
    if Merge.objects.filter(known(), area=clerk.place.key, merged=row.kept_id).exists():
        raise Refusal("registers.later_merge")
    for table, copy in row.copied:
        _TABLES[table]._default_manager.filter(known(), id=copy).update(known_to=clerk.at)
    row.known_to = clerk.at
    row.save(update_fields=["known_to"])
    clerk.note("registers.unmerge", "person", row.kept_id, row.merged_id)


@action("registers.distinguish", permission=Permission.ENROL)
def distinguish(*, actor: Actor, area: AreaRef, first: UUID, second: UUID) -> None:
    """Say that two persons who look alike are two; they are not proposed again."""
    clerk = Clerk(actor, area)
    if first == second:
        raise Refusal("registers.same")
    one, other = sorted((first, second))
    clerk.enrolment(one)
    clerk.enrolment(other)
    Distinction.objects.get_or_create(
        area_id=clerk.place.key, first_id=one, second_id=other, defaults={"judged": clerk.at}
    )
    clerk.note("registers.distinguish", "person", one, other)


def _copy(clerk: Clerk, kept: UUID, merged: UUID) -> list[list[str]]:
    copied = []
    for model, columns in _COPIED:
        here = model._default_manager.filter(known(), area=clerk.place.key, until=None)
        for row in here.filter(person=merged):
            alike = here.filter(person=kept, **{name: getattr(row, name) for name in columns})
            if not alike.exists():
                new = clerk.open(model, **_values(row) | {"person_id": kept})
                copied.append([model.__name__, str(new.id)])
    return copied


def _values(row: Dated) -> dict[str, Any]:
    return {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if field.name not in ("key", "id", "known_from", "known_to")
    }


def _copy_secrets(clerk: Clerk, kept: UUID, merged: UUID) -> list[list[str]]:
    """Sealed fields go over under the key of the person who is kept."""
    held, copied = clerk.secrets(kept), []
    for name, value in clerk.opened(merged).items():
        if name not in held:
            sealed = seal(clerk.key_of(kept), kept, name, value)
            digest = clerk.vault.digest(name, value)
            new = clerk.open(Secret, person_id=kept, field=name, sealed=sealed, digest=digest)
            copied.append([Secret.__name__, str(new.id)])
    return copied
