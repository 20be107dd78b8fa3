"""Writes of the registers. Nothing is removed but a holder's name, which can be erased."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from linli.core.access.rules import Actor
from linli.core.areas.queries import resolve
from linli.core.areas.rules import AreaRef, AreaView
from linli.core.audit import trail
from linli.core.audit.action import action
from linli.core.audit.rules import Permission
from linli.core.people.models import Body, Organisation, Post
from linli.core.people.rules import BodyView, OrganisationView, PostView
from linli.kernel.errors import Refusal


@action("people.add_organisation", permission=Permission.REGISTER)
def add_organisation(
    *, actor: Actor, area: AreaRef, name: str, sort: str = "", since: date | None = None
) -> OrganisationView:
    """Register an organisation; the same name in the same area is answered, not repeated."""
    place, name = resolve(area), _named("单位", name)
    trail.lock(place.key)
    row = Organisation.objects.filter(area=place.key, name=name, until=None).first()
    if row is None:
        row = Organisation.objects.create(area_id=place.key, name=name, sort=sort, since=since)
    _note(actor, place, "people.add_organisation", "organisation", row.id)
    return OrganisationView(row.id, row.name, row.sort, row.since, row.until)


@action("people.add_body", permission=Permission.REGISTER)
def add_body(
    *,
    actor: Actor,
    area: AreaRef,
    name: str,
    organisation: UUID | None = None,
    since: date | None = None,
) -> BodyView:
    """Register a leading group, committee or team; the same name is answered, not repeated."""
    place, name = resolve(area), _named("机构", name)
    trail.lock(place.key)
    if organisation is not None:
        _organisation(place, organisation)
    row = Body.objects.filter(area=place.key, name=name, until=None).first()
    if row is None:
        row = Body.objects.create(
            area_id=place.key, name=name, organisation_id=organisation, since=since
        )
    _note(actor, place, "people.add_body", "body", row.id)
    return BodyView(row.id, row.name, row.organisation_id, row.since, row.until)


@action("people.end_organisation", permission=Permission.REGISTER)
def end_organisation(*, actor: Actor, area: AreaRef, organisation: UUID, until: date) -> None:
    """Let an organisation end; `until` is the first day without it."""
    place = resolve(area)
    row = _organisation(place, organisation)
    _check_end("单位", row.name, row.since, row.until, until)
    row.until = until
    row.save(update_fields=["until"])
    _note(actor, place, "people.end_organisation", "organisation", row.id)


@action("people.appoint", permission=Permission.REGISTER)
def appoint(
    *,
    actor: Actor,
    area: AreaRef,
    body: UUID,
    title: str,
    holder: str,
    since: date | None = None,
) -> PostView:
    """Say who holds a post of a body from a day on."""
    place = resolve(area)
    found = Body.objects.filter(area=place.key, id=body).first()
    if found is None:
        raise Refusal("people.unknown", id=body, what="机构")
    row = Post.objects.create(
        body=found, title=_named("职务", title), holder=holder.strip(), since=since
    )
    _note(actor, place, "people.appoint", "post", row.id)
    return PostView(row.id, row.body_id, row.title, row.holder, row.since, row.until)


@action("people.leave_post", permission=Permission.REGISTER)
def leave_post(*, actor: Actor, area: AreaRef, post: UUID, until: date) -> None:
    """End a term; `until` is the first day on which the post is no longer held."""
    place = resolve(area)
    row = _post(place, post)
    _check_end("职务", row.title, row.since, row.until, until)
    row.until = until
    row.save(update_fields=["until"])
    _note(actor, place, "people.leave_post", "post", row.id)


@action("people.erase_holder", permission=Permission.REGISTER)
def erase_holder(*, actor: Actor, area: AreaRef, post: UUID) -> None:
    """Erase who held a post; the term stays, the name is gone, and the audit never held it."""
    place = resolve(area)
    row = _post(place, post)
    row.holder = ""
    row.save(update_fields=["holder"])
    _note(actor, place, "people.erase_holder", "post", row.id)


def _named(what: str, name: str) -> str:
    if not name.strip():
        raise Refusal("people.nameless", what=what)
    return name.strip()


def _organisation(place: AreaView, organisation: UUID) -> Organisation:
    row = Organisation.objects.filter(area=place.key, id=organisation).first()
    if row is None:
        raise Refusal("people.unknown", id=organisation, what="单位")
    return row


def _post(place: AreaView, post: UUID) -> Post:
    row = Post.objects.filter(body__area=place.key, id=post).first()
    if row is None:
        raise Refusal("people.unknown", id=post, what="任职")
    return row


def _check_end(what: str, name: str, since: date | None, ended: date | None, until: date) -> None:
    if ended is not None:
        raise Refusal("people.ended", what=what, name=name, until=ended)
    if since is not None and until < since:
        raise Refusal("people.dates", what=what, name=name, since=since, until=until)


def _note(actor: Actor, place: AreaView, name: str, kind: str, subject: UUID) -> None:
    trail.note(actor=actor, area=place.key, action=name, subject=(kind, str(subject)))
