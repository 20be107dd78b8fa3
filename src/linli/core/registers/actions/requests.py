"""What persons ask about their own data: access, correction, erasure (个人信息保护法 44–50)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from linli.core.access.rules import Actor
from linli.core.areas.rules import AreaRef
from linli.core.audit.action import action
from linli.core.audit.queries import about
from linli.core.audit.rules import Permission
from linli.core.registers.actions.clerk import Clerk
from linli.core.registers.models import (
    Care,
    Dated,
    Distinction,
    Enrolment,
    Household,
    Membership,
    Merge,
    Occupancy,
    Person,
    PersonKey,
    Relationship,
    Request,
    Secret,
)
from linli.core.registers.queries.standing import known
from linli.core.registers.rules import FIELD_NAMES, Sort, one_of
from linli.core.registers.vault import unseal
from linli.kernel.clock import today
from linli.kernel.errors import Refusal
from linli.packs.load import registry

ANSWER_DAYS = 30
"""GB/T 35273-2020 §8: requests of persons are answered within thirty days."""

_OF_PERSON: tuple[type[Any], ...] = (Enrolment, Membership, Care, Relationship, Secret)
_HIDDEN = {"key", "id", "area_id", "person_id", "initials", "sealed", "digest"}


@dataclass(frozen=True, slots=True)
class Erased:
    """What was destroyed: rows by table; and what to look for elsewhere, which nobody may keep."""

    destroyed: Mapping[str, int]
    key_destroyed: bool
    sought: tuple[str, ...] = field(repr=False, default=())


@action("registers.open_request", permission=Permission.RIGHTS)
def open_request(
    *, actor: Actor, area: AreaRef, person: UUID, sort: str, received: date | None = None
) -> UUID:
    """Note that a person asked for access, correction or erasure; due within thirty days."""
    clerk = Clerk(actor, area)
    _somebody(clerk, person)
    one_of(sort, tuple(Sort), "请求的种类")
    day = received or today()
    row = Request.objects.create(
        area_id=clerk.place.key,
        person=person,
        sort=sort,
        received=day,
        due=day + timedelta(days=ANSWER_DAYS),
    )
    clerk.note("registers.open_request", "request", row.id, person, facts={"sort": sort})
    return row.id


@action("registers.close_request", permission=Permission.RIGHTS)
def close_request(
    *, actor: Actor, area: AreaRef, request: UUID, granted: bool, reason: str = ""
) -> None:
    """Say what came of a request; a refusal needs its reason (个人信息保护法 50)."""
    clerk = Clerk(actor, area)
    row = Request.objects.filter(area=clerk.place.key, id=request, closed=None).first()
    if row is None:
        raise Refusal("registers.request", id=request)
    if not granted and not reason.strip():
        raise Refusal("registers.nameless", what="拒绝请求", missing="理由")
    row.closed, row.outcome = today(), "granted" if granted else "refused"
    row.reason = reason.strip()[:200]
    row.save(update_fields=["closed", "outcome", "reason"])
    clerk.note("registers.close_request", "request", row.id, facts={"outcome": row.outcome})


@action("registers.export", permission=Permission.RIGHTS)
def export(*, actor: Actor, area: AreaRef, person: UUID) -> dict[str, Any]:
    """All that this area holds about a person, sealed fields in the clear, with purpose and basis.

    Every version with its dates and source, and every audit entry that names the person: who saw or
    changed what. For the person alone.
    """
    clerk = Clerk(actor, area)
    _somebody(clerk, person)
    held = [_held(clerk, one) for one in _together(clerk, person)]
    fields = registry().personal.values()
    purposes = [{"title": f.title, "purpose": f.purpose, "basis": f.basis} for f in fields]
    clerk.note("registers.export", "person", person)
    trail = [
        {"at": entry.at, "action": entry.action, "actor": entry.actor, "facts": entry.facts}
        for entry in about(clerk.place.key, ("person", str(person)))
    ]
    return {"person": str(person), "held": held, "purposes": purposes, "audit": trail}


@action("registers.erase", permission=Permission.RIGHTS)
def erase(*, actor: Actor, area: AreaRef, person: UUID, reason: str) -> Erased:
    """Destroy what this area holds about a person; with the last area the person and the key too.

    Without the key what old backups hold of the sealed fields opens no more. The audit keeps the
    id and keyed digests, so the chain still verifies. Whoever calls this looks through the rest of
    the installation for `Erased.sought`.
    """
    clerk = Clerk(actor, area)
    if not reason.strip():
        raise Refusal("registers.nameless", what="删除", missing="理由")
    _somebody(clerk, person)
    together, sought = _together(clerk, person), []
    for one in together:
        sought += [said for said in _said(clerk, one) if said]
    destroyed: Counter[str] = Counter()
    for one in together:
        destroyed.update(dict(_destroy(clerk, one)))
    forgotten = [_forget_key(one) for one in together]
    clerk.note(
        "registers.erase", "person", person, reason.strip(),
        facts={"rows": sum(destroyed.values()), "key": all(forgotten)},
    )  # fmt: skip
    return Erased(destroyed, all(forgotten), tuple(dict.fromkeys(sought)))


def _together(clerk: Clerk, person: UUID) -> list[UUID]:
    """The person, and all whom this area has merged into them."""
    found = [person]
    for one in found:
        rows = Merge.objects.filter(known(), area=clerk.place.key, kept=one)
        found += rows.values_list("merged", flat=True)
    return found


def _said(clerk: Clerk, person: UUID) -> Iterator[str]:
    """The names and sealed values of a person, of all versions: what to look for elsewhere."""
    key = clerk.key_of(person)
    for row in _rows(clerk, Secret, person):
        yield unseal(key, person, row.field, bytes(row.sealed))
    for row in _rows(clerk, Enrolment, person):
        yield row.name


def _forget_key(person: UUID) -> bool:
    """Destroy person and key, unless another area still holds something of the person."""
    if any(model.objects.filter(person=person).exists() for model in _OF_PERSON):
        return False
    if Relationship.objects.filter(other=person).exists():
        return False
    PersonKey.objects.filter(person=person).delete()
    Person.objects.filter(id=person).delete()
    return True


def _destroy(clerk: Clerk, person: UUID) -> Iterator[tuple[str, int]]:
    here = {"area": clerk.place.key}
    households = list(
        Membership.objects.filter(**here, person=person).values_list("household", flat=True)
    )
    for model in _OF_PERSON:
        count, _ = model.objects.filter(**here, person=person).delete()
        yield model.__name__, count
    count, _ = Relationship.objects.filter(**here, other=person).delete()
    yield "Relationship.other", count
    for judged, columns in ((Merge, ("kept", "merged")), (Distinction, ("first", "second"))):
        for column in columns:
            count, _ = judged.objects.filter(**here, **{column: person}).delete()
            yield f"{judged.__name__}.{column}", count
    empty = Household.objects.filter(id__in=households, memberships=None)
    count, _ = Occupancy.objects.filter(household__in=empty).delete()
    yield "Occupancy", count
    count, _ = empty.delete()
    yield "Household", count


def _held(clerk: Clerk, person: UUID) -> dict[str, Any]:
    """All rows of a person, table by table, every version."""
    key = clerk.key_of(person)
    held: dict[str, Any] = {
        model.__name__: [_shown(row, key) for row in _rows(clerk, model, person)]
        for model in _OF_PERSON
    }
    households = {row.household_id for row in _rows(clerk, Membership, person)}
    stays = Occupancy.objects.filter(area=clerk.place.key, household__in=households)
    held["Occupancy"] = [
        _shown(row, key) | {"address": f"{row.dwelling.stairwell.name}-{row.dwelling.number}"}
        for row in stays.select_related("dwelling__stairwell").order_by("key")
    ]
    return {"person": str(person), **held}


def _rows(clerk: Clerk, model: type[Any], person: UUID) -> list[Any]:
    rows = model.objects.filter(area=clerk.place.key, person=person)
    return list(rows.order_by("key"))


def _somebody(clerk: Clerk, person: UUID) -> None:
    """Refuse a person of whom this area holds nothing; one who left or was merged has rights too."""
    if not Enrolment.objects.filter(area=clerk.place.key, person=person).exists():
        raise Refusal("registers.unknown", id=person, what="居民")


def _shown(row: Dated, key: bytes) -> dict[str, Any]:
    values = {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if field.attname not in _HIDDEN
    }
    if isinstance(row, Secret):
        values["title"] = FIELD_NAMES[row.field]
        values["value"] = unseal(key, row.person_id, row.field, bytes(row.sealed))
    return values
