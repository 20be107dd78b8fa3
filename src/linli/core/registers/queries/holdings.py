"""The whole register of one area in a handful of queries, to hold a workbook against it."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from uuid import UUID

from linli.core.access.queries import readable
from linli.core.access.rules import Actor, Permission
from linli.core.areas.rules import AreaRef
from linli.core.registers.addresses import Address
from linli.core.registers.batches import Holding
from linli.core.registers.models import Care, Membership, Occupancy, Secret, Siting
from linli.core.registers.queries.standing import enrolled, known, standing
from linli.core.registers.vault import Vault, open_vault
from linli.kernel.clock import today


def holdings(actor: Actor, area: AreaRef, *, on: date | None = None) -> list[Holding]:
    """What the register of one area holds of each person on a day; needs `enrol`."""
    day, key = on or today(), readable(actor, area, Permission.ENROL).key
    here = {"area": key}
    members = {
        person: (household, relation)
        for person, household, relation in Membership.objects.filter(
            standing(day), **here
        ).values_list("person", "household", "relation")
    }
    homes = _homes(key, day)
    digests: defaultdict[UUID, set[tuple[str, bytes]]] = defaultdict(set)
    secrets = Secret.objects.filter(known(), until=None, **here)
    for person, field, digest in secrets.values_list("person", "field", "digest"):
        digests[person].add((field, bytes(digest)))
    classes: defaultdict[UUID, set[str]] = defaultdict(set)
    cares = Care.objects.filter(standing(day), **here)
    for person, care_class in cares.values_list("person", "care_class"):
        classes[person].add(care_class)
    found = []
    for row in enrolled([key], day).order_by("key"):
        household, relation = members.get(row.person_id, (None, ""))
        found.append(
            Holding(
                row.person_id,
                row.name,
                row.sex,
                row.birth,
                row.tie,
                row.elsewhere,
                household,
                relation,
                homes.get(household) if household else None,
                frozenset(digests[row.person_id]),
                frozenset(classes[row.person_id]),
            )
        )
    return found


def blind(actor: Actor, area: AreaRef) -> Vault:
    """The vault, to compute digests of what a workbook says; needs `enrol`."""
    readable(actor, area, Permission.ENROL)
    return open_vault()


def _homes(area: int, day: date) -> dict[UUID, Address]:
    marks = dict(Siting.objects.filter(standing(day), area=area).values_list("building", "mark"))
    rows = Occupancy.objects.filter(standing(day), area=area).order_by("key")
    return {
        household: Address(marks.get(building, ""), stairwell, number)
        for household, building, stairwell, number in rows.values_list(
            "household",
            "dwelling__stairwell__building",
            "dwelling__stairwell__name",
            "dwelling__number",
        )
    }
