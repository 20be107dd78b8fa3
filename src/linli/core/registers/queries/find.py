"""Finding a person: by name, initials, address; exactly by a sealed number, without opening one."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Q
from django.db.models.query import QuerySet

from linli.core.access.queries import readable
from linli.core.access.rules import Actor, Permission
from linli.core.areas.rules import AreaRef
from linli.core.registers.addresses import Address, read_place
from linli.core.registers.models import Dwelling, Enrolment, Membership, Occupancy, Secret, Siting
from linli.core.registers.names import plain_name
from linli.core.registers.queries.persons import views
from linli.core.registers.queries.standing import enrolled, keys_for, known, standing
from linli.core.registers.rules import PersonView, sealed_form
from linli.core.registers.vault import open_vault
from linli.kernel.clock import today
from linli.kernel.errors import Refusal

_LAST = "\U0010ffff"
_INITIALS = re.compile(r"[A-Za-z]{1,8}")
_NUMBER = re.compile(r"[\d\s\-]{7,}[Xx]?")


def find(
    actor: Actor, area: AreaRef, words: str, *, on: date | None = None, limit: int = 50
) -> list[PersonView]:
    """Persons whom the words may mean: 测试甲, 测试, csj, 3栋2单元301, 3栋; a number of identity
    or telephone is matched whole and needs the permission `reveal`. Raises Refusal
    registers.query, identity.*, registers.phone.
    """
    day = on or today()
    keys = keys_for(actor, area, Permission.RESIDENTS, day)
    text = words.strip()
    if not text:
        raise Refusal("registers.query")
    rows = enrolled(keys, day)
    place = read_place(text)
    if place is not None:
        rows = _at(rows, keys, place, day)
    elif _NUMBER.fullmatch(text):
        readable(actor, area, Permission.REVEAL)
        rows = rows.filter(person__in=_sealed(text, keys))
    elif _INITIALS.fullmatch(text):
        rows = rows.filter(_begins("initials", text.lower()))
    else:
        rows = rows.filter(_begins("name", plain_name(text)))
    return views(rows.order_by("name", "key")[:limit], day)


def _sealed(text: str, keys: list[int]) -> QuerySet[Secret, Any]:
    digits = re.sub(r"[\s\-]", "", text)
    field = "identity_number" if len(digits) in (15, 18) else "phone"
    digest = open_vault().digest(field, sealed_form(field, digits))
    held = Secret.objects.filter(known(), area__in=keys, field=field, digest=digest)
    return held.values("person")


def _begins(field: str, text: str) -> Q:
    """The prefix condition that each database answers from its index.

    SQLite uses no index for the LIKE that Django writes, PostgreSQL none for a range in a
    collation of words.
    """
    if connection.vendor == "postgresql":
        return Q(**{f"{field}__startswith": text})
    return Q(**{f"{field}__gte": text, f"{field}__lt": text + _LAST})


def _at(
    rows: QuerySet[Enrolment], keys: list[int], place: Address, day: date
) -> QuerySet[Enrolment]:
    sited = Siting.objects.filter(standing(day), area__in=keys, mark=place.building)
    homes = Dwelling.objects.filter(stairwell__building__in=sited.values("building"))
    if place.stairwell:
        homes = homes.filter(stairwell__name=place.stairwell)
    if place.number:
        homes = homes.filter(number=place.number)
    held = Occupancy.objects.filter(standing(day), area__in=keys, dwelling__in=homes.values("id"))
    living = Membership.objects.filter(
        standing(day), area__in=keys, household__in=held.values("household")
    )
    return rows.filter(person__in=living.values("person"))
