"""What persons have judged of likeness: merges that stand, and pairs that are two."""

from __future__ import annotations

from uuid import UUID

from linli.core.access.queries import readable
from linli.core.access.rules import Actor, Permission
from linli.core.areas.rules import AreaRef
from linli.core.registers.models import Distinction, Merge
from linli.core.registers.queries.standing import known


def merges(actor: Actor, area: AreaRef) -> list[tuple[UUID, UUID, UUID]]:
    """(merge, kept, merged) of each merge of an area that stands, newest first."""
    key = readable(actor, area, Permission.ENROL).key
    rows = Merge.objects.filter(known(), area=key).order_by("-known_from")
    return list(rows.values_list("id", "kept", "merged"))


def distinct(actor: Actor, area: AreaRef) -> set[tuple[UUID, UUID]]:
    """Pairs of persons of an area of whom somebody has said that they are two."""
    key = readable(actor, area, Permission.ENROL).key
    return set(Distinction.objects.filter(area=key).values_list("first", "second"))
