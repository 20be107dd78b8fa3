"""Sealed fields as they may be shown: masked. To read one whole is the action `reveal`."""

from __future__ import annotations

from uuid import UUID

from linli.core.access.rules import Actor, Permission
from linli.core.areas.rules import AreaRef
from linli.core.registers.models import PersonKey, Secret
from linli.core.registers.queries.persons import resident
from linli.core.registers.queries.standing import keys_for, known
from linli.core.registers.rules import masked
from linli.core.registers.vault import open_vault, unseal


def masked_fields(actor: Actor, area: AreaRef, person: UUID) -> dict[str, str]:
    """The sealed fields of a person that hold now, masked: {"phone": "138****1234"}."""
    keys = keys_for(actor, area, Permission.RESIDENTS, None)
    resident(actor, area, person)
    rows = list(
        Secret.objects.filter(known(), area__in=keys, person=person, until=None).order_by("key")
    )
    if not rows:
        return {}
    wrapped = PersonKey.objects.get(person=person).wrapped
    key = open_vault().key_of(person, bytes(wrapped))
    return {
        row.field: masked(unseal(key, person, row.field, bytes(row.sealed)), row.field)
        for row in rows
    }
