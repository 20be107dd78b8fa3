"""Actors, and the gate through which every read and write goes."""

from __future__ import annotations

import getpass
import hashlib
import hmac
from collections.abc import Iterable
from datetime import date, timedelta

from django.conf import settings

from linli.core.access.models import User
from linli.core.access.rules import PERMISSION_NAMES, ROLES, Actor, Grant, Permission
from linli.core.areas.models import Area
from linli.core.areas.queries import keys_under, resolve
from linli.core.areas.rules import AreaRef, AreaView
from linli.core.audit.queries import times_since
from linli.kernel.clock import now, today
from linli.kernel.errors import Refusal

TRIES, STRANGERS_TRIES, WAIT_MINUTES = 5, 200, 15
STRANGERS = "strangers"
OPERATOR = "operator-"
_UUID_LENGTH = 36


def actor_for_user(user: User) -> Actor:
    """The actor a signed-in user is."""
    grants = tuple(
        Grant(row.role, row.area_id, row.since, row.until) for row in user.grants.order_by("id")
    )
    return Actor(id=str(user.id), name=user.name, grants=grants)


def actor_named(login: str) -> Actor:
    """The actor of a login (`--as`). Raises Refusal access.unknown_user, access.inactive."""
    user = User.objects.filter(login=login).first()
    if user is None:
        raise Refusal("access.unknown_user", login=login)
    if not user.is_active:
        raise Refusal("access.inactive", login=login)
    return actor_for_user(user)


def actor_of(actor_id: str) -> Actor:
    """The actor whose id was kept with a request, with today's grants.

    Raises Refusal access.unknown_user, access.inactive: what was asked for is not done any more.
    """
    if actor_id.startswith(OPERATOR):
        return Actor(id=actor_id, name="operator", operator=True)
    user = User.objects.filter(id=actor_id).first() if len(actor_id) == _UUID_LENGTH else None
    if user is None:
        raise Refusal("access.unknown_user", login=actor_id)
    if not user.is_active:
        raise Refusal("access.inactive", login=user.login)
    return actor_for_user(user)


def visitor() -> Actor:
    """Who has not signed in: may nothing."""
    return Actor(id="visitor", name="访客")


def names(ids: Iterable[str]) -> dict[str, str]:
    """Names of users by actor id; operators of commands and strangers have none."""
    wanted = {one for one in ids if len(one) == _UUID_LENGTH}
    found = User.objects.filter(id__in=wanted).values_list("id", "name")
    return {str(user_id): name for user_id, name in found}


def may_try(login: str) -> None:
    """Raise Refusal access.too_many after several wrong passwords for a name in a short time."""
    if not still_counted(("sign_in", sign_in_mark(login))):
        raise Refusal("access.too_many", minutes=WAIT_MINUTES)


def still_counted(subject: tuple[str, str]) -> bool:
    """Whether a name (or all unknown names together) has tries left."""
    allowed = STRANGERS_TRIES if subject[1] == STRANGERS else TRIES
    return times_since(subject, now() - timedelta(minutes=WAIT_MINUTES)) < allowed


def sign_in_mark(login: str) -> str:
    """A keyed mark of a typed name: the audit holds no names, and people mistype passwords."""
    key = settings.SECRET_KEY.encode()
    return hmac.new(key, f"sign-in/{login}".encode(), hashlib.sha256).hexdigest()[:32]


def local_operator() -> Actor:
    """Whoever runs a command on this machine: may everything, and is audited like anyone.

    The id is keyed with the installation's secret: stable here, meaningless elsewhere, and no
    name of a person stands in the audit.
    """
    try:
        name = getpass.getuser()
    except (OSError, KeyError):  # a container without a user entry
        name = "operator"
    mark = hmac.new(settings.SECRET_KEY.encode(), name.encode(), hashlib.sha256).hexdigest()
    return Actor(id=f"{OPERATOR}{mark[:24]}", name=name, operator=True)


def permit(
    actor: Actor, permission: Permission, area: AreaRef | None, *, on: date | None = None
) -> AreaView | None:
    """Return the resolved area, or raise Refusal access.denied."""
    place = resolve(area) if area is not None else None
    if not actor.may(permission, place, on):
        raise Refusal(
            "access.denied",
            name=actor.name,
            area=f"“{place.name}”" if place else "本系统",
            permission=PERMISSION_NAMES[permission],
        )
    return place


def readable(
    actor: Actor, area: AreaRef, permission: Permission = Permission.READ, *, on: date | None = None
) -> AreaView:
    """The area, if the actor may read it; else Refusal access.denied."""
    place = resolve(area, on)
    permit(actor, permission, place)
    return place


def areas_of(actor: Actor, permission: Permission, *, on: date | None = None) -> frozenset[int]:
    """Keys of all areas in which the actor holds a permission on a day."""
    day = on or today()
    grants = [
        grant
        for grant in actor.grants
        if grant.holds(day) and permission in ROLES[grant.role].permissions
    ]
    if actor.operator or any(grant.area is None for grant in grants):
        return frozenset(Area.objects.values_list("key", flat=True))
    own = {
        grant.area
        for grant in actor.grants
        if grant.area is not None and grant.holds(day) and permission in ROLES[grant.role].own
    }
    return frozenset(own).union(
        key for grant in grants if grant.area is not None for key in keys_under(grant.area, day)
    )
