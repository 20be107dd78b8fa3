"""Writes of users and grants."""

from __future__ import annotations

from datetime import date

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db.models import Q

from linli.core.access.models import Grant, User
from linli.core.access.queries import STRANGERS, sign_in_mark, still_counted
from linli.core.access.rules import ROLES, Actor
from linli.core.areas.queries import resolve
from linli.core.areas.rules import AreaRef
from linli.core.audit import trail
from linli.core.audit.action import action
from linli.core.audit.rules import INSTALLATION, Permission
from linli.kernel.clock import now, today
from linli.kernel.errors import Refusal


def _user(login: str) -> User:
    user = User.objects.filter(login=login).first()
    if user is None:
        raise Refusal("access.unknown_user", login=login)
    return user


def _strong(password: str) -> str:
    try:
        validate_password(password)
    except ValidationError as fault:
        raise Refusal("access.weak_password", why="；".join(fault.messages)) from fault
    return password


@action("access.create_user", permission=Permission.ADMINISTER, on=None)
def create_user(*, actor: Actor, login: str, name: str, password: str | None) -> User:
    """Make a user; without a password nobody can sign in as that user."""
    if User.objects.filter(login=login).exists():
        raise Refusal("access.taken", login=login)
    user = User(login=login, name=name, created=now())
    if password is None:
        user.set_unusable_password()
    else:
        user.set_password(_strong(password))
    user.save()
    _note(actor, "access.create_user", user)
    return user


@action("access.set_password", permission=Permission.ADMINISTER, on=None)
def set_password(*, actor: Actor, login: str, password: str) -> None:
    """Give a user a new password."""
    user = _user(login)
    user.set_password(_strong(password))
    user.save(update_fields=["password"])
    _note(actor, "access.set_password", user)


@action("access.deactivate", permission=Permission.ADMINISTER, on=None)
def deactivate(*, actor: Actor, login: str) -> None:
    """Let a user sign in no more; what the user did stays."""
    user = _user(login)
    user.is_active = False
    user.save(update_fields=["is_active"])
    _note(actor, "access.deactivate", user)


@action("access.grant", permission=Permission.ADMINISTER)
def grant(
    *,
    actor: Actor,
    user: str,
    role: str,
    area: AreaRef | None = None,
    since: date | None = None,
    until: date | None = None,
) -> None:
    """Give the user of that login a role in an area and all under it (None: everywhere)."""
    if role not in ROLES:
        raise Refusal("access.role", role=role, roles="、".join(ROLES))
    person = _user(user)
    place = resolve(area) if area is not None else None
    Grant.objects.create(
        user=person, role=role, area_id=place.key if place else None, since=since, until=until
    )
    _note(actor, "access.grant", person, role=role, area=place.slug if place else None)


@action("access.revoke", permission=Permission.ADMINISTER)
def revoke(
    *,
    actor: Actor,
    user: str,
    role: str,
    area: AreaRef | None = None,
    until: date | None = None,
) -> None:
    """End a grant; `until` is the first day without it (None: today)."""
    person = _user(user)
    place = resolve(area) if area is not None else None
    day = until or today()
    open_ones = Grant.objects.filter(
        Q(until=None) | Q(until__gt=day), user=person, role=role, area=place.key if place else None
    )
    if not open_ones.update(until=day):
        raise Refusal("access.no_grant", login=user)
    _note(actor, "access.revoke", person, role=role, area=place.slug if place else None)


@action("access.fail_sign_in", permission=None, on=None, idle=True)
def note_failed_sign_in(*, actor: Actor, login: str) -> None:
    """Note a wrong password; `queries.may_try` counts these.

    Names that nobody has are noted too, or their free tries would tell them apart; but only so
    many, or a stranger could fill the chain.
    """
    subjects = [("sign_in", sign_in_mark(login))]
    if not User.objects.filter(login=login).exists():
        subjects.append(("sign_in", STRANGERS))
    for subject in subjects:
        if not still_counted(subject):
            return
    for subject in subjects:
        trail.note(actor=actor, area=INSTALLATION, action="access.fail_sign_in", subject=subject)


def _note(actor: Actor, name: str, user: User, **facts: str | None) -> None:
    trail.note(
        actor=actor,
        area=INSTALLATION,
        action=name,
        subject=("user", str(user.id)),
        payload=facts,
        facts=facts,
    )
