"""Requests of persons, and what has been kept as long as it may be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from linli.core.access.queries import readable
from linli.core.access.rules import Actor, Permission
from linli.core.areas.rules import AreaRef
from linli.core.registers.models import Care, Enrolment, Request, Secret
from linli.core.registers.queries.standing import known
from linli.core.registers.rules import FIELD_NAMES
from linli.kernel.clock import today
from linli.packs.load import registry


@dataclass(frozen=True, slots=True)
class RequestView:
    """What a person asked for; late is derived."""

    id: UUID
    person: UUID
    sort: str
    received: date
    due: date
    closed: date | None
    outcome: str
    late: bool


@dataclass(frozen=True, slots=True)
class Expired:
    """Something that is kept past its time: what of whom, since when it was no longer needed."""

    person: UUID
    what: str
    ended: date
    keep_until: date


def requests(actor: Actor, area: AreaRef, *, open_only: bool = True) -> list[RequestView]:
    """The requests of an area, the one due first."""
    key, day = readable(actor, area, Permission.RIGHTS).key, today()
    rows = Request.objects.filter(area=key).order_by("due", "id")
    if open_only:
        rows = rows.filter(closed=None)
    return [
        RequestView(
            row.id, row.person, row.sort, row.received, row.due, row.closed, row.outcome,
            late=(row.closed or day) > row.due,
        )
        for row in rows
    ]  # fmt: skip


def expired(actor: Actor, area: AreaRef, *, on: date | None = None) -> list[Expired]:
    """What an area keeps of persons past the years that the pack allows, the oldest first."""
    key, day = readable(actor, area, Permission.RIGHTS).key, on or today()
    found = [*_fields(key), *_classes(key)]
    return sorted((one for one in found if one.keep_until <= day), key=lambda o: o.keep_until)


def _fields(area: int) -> Iterator[Expired]:
    """The fields of those who left: each for as long as it may be kept."""
    rows = Enrolment.objects.filter(known(), area=area)
    here = set(rows.filter(until=None).values_list("person", flat=True))
    left = {
        person: until
        for person, until in rows.exclude(until=None)
        .order_by("until")
        .values_list("person", "until")
        if until is not None and person not in here
    }
    fields = registry().personal.values()
    plain = max((f.retain_years for f in fields if not f.sealed), default=0)
    for person, ended in left.items():
        yield Expired(person, "基本信息", ended, _later(ended, plain))
    sealed: dict[str, int] = {f.what: f.retain_years for f in fields if f.sealed}
    held = Secret.objects.filter(known(), area=area, person__in=left)
    for person, name in held.values_list("person", "field"):
        ended = left[person]
        yield Expired(person, FIELD_NAMES[name], ended, _later(ended, sealed.get(name, 0)))


def _classes(area: int) -> Iterator[Expired]:
    classes = registry().care
    rows = Care.objects.filter(known(), area=area)
    for person, care_class, until in rows.values_list("person", "care_class", "until"):
        if until is None:
            continue
        declared = classes.get(care_class)
        years, title = (declared.retain_years, declared.title) if declared else (0, care_class)
        yield Expired(person, title, until, _later(until, years))


def _later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, month=3, day=1)
