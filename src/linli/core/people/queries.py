"""Reads of the registers of an area, as they stood on a day."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from linli.core.access.queries import readable
from linli.core.access.rules import Actor
from linli.core.areas.queries import holds
from linli.core.areas.rules import AreaRef
from linli.core.people.models import Body, Organisation, Post
from linli.core.people.rules import BodyView, OrganisationView, PostView
from linli.kernel.clock import today


def organisations(
    actor: Actor, area: AreaRef, *, on: date | None = None, sort: str | None = None
) -> list[OrganisationView]:
    """The organisations of an area on a day, by name."""
    place = readable(actor, area)
    rows = Organisation.objects.filter(holds(on or today()), area=place.key)
    if sort is not None:
        rows = rows.filter(sort=sort)
    return [
        OrganisationView(row.id, row.name, row.sort, row.since, row.until)
        for row in rows.order_by("name", "id")
    ]


def bodies(actor: Actor, area: AreaRef, *, on: date | None = None) -> list[BodyView]:
    """The bodies of an area on a day, by name."""
    place = readable(actor, area)
    rows = Body.objects.filter(holds(on or today()), area=place.key)
    return [
        BodyView(row.id, row.name, row.organisation_id, row.since, row.until)
        for row in rows.order_by("name", "id")
    ]


def posts(actor: Actor, area: AreaRef, body: UUID, *, on: date | None = None) -> list[PostView]:
    """Who holds which post of a body on a day, in the order of appointment."""
    place = readable(actor, area)
    rows = Post.objects.filter(holds(on or today()), body=body, body__area=place.key)
    return [
        PostView(row.id, row.body_id, row.title, row.holder, row.since, row.until)
        for row in rows.order_by("id")
    ]
