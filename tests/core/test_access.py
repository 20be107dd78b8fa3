"""Who may do what, where, and when."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from linli.core.access import actions, queries
from linli.core.access.rules import ROLES, Actor, Grant, Permission
from linli.core.areas.actions import create_area
from linli.core.areas.rules import AreaView
from linli.core.audit.models import Entry
from linli.core.records.actions import record_one
from linli.core.records.queries import records
from linli.core.records.rules import NewRecord
from linli.kernel.clock import today
from linli.kernel.errors import Refusal

pytestmark = [pytest.mark.django_db, pytest.mark.database]
PASSWORD = "three-quiet-lanterns"


@pytest.fixture
def user(operator: Actor) -> Callable[..., Actor]:
    def make(login: str, role: str, area: str | None = "garden", **dates: date) -> Actor:
        actions.create_user(actor=operator, login=login, name=login, password=None)
        actions.grant(actor=operator, user=login, role=role, area=area, **dates)
        return queries.actor_named(login)

    return make


RESIDENTS = "residents enrol care reveal "
# What each role may do in its own area; a row for every role.
TABLE = {
    "worker": RESIDENTS + "read record handle import evidence register",
    "director": RESIDENTS
    + "rights read record handle import evidence register close schedule remind report audit",
    "street": "read record handle evidence report schedule remind audit",
    "district": "read record handle evidence report schedule remind audit",
    "inspector": "read audit",
    "admin": "read audit administer",
}


@pytest.mark.parametrize("role", ROLES)
def test_roles(role: str, user: Callable[..., Actor], community: AreaView) -> None:
    actor = user("someone", role)
    may = {str(one) for one in Permission if actor.may(one, community)}
    assert may == set(TABLE[role].split())


def test_a_grant_on_a_street_covers_its_communities(
    user: Callable[..., Actor], community: AreaView, operator: Actor
) -> None:
    create_area(actor=operator, slug="far", name="远处", level="community")
    actor = user("officer", "street", "street")
    assert queries.readable(actor, "garden") == community
    assert len(queries.areas_of(actor, Permission.READ)) == 2
    with pytest.raises(Refusal) as refused:
        queries.readable(actor, "far")
    assert refused.value.code == "access.denied"
    assert refused.value.sentence == "officer在“远处”没有“查看”的权限。"


def test_a_worker_does_not_see_the_street(user: Callable[..., Actor], community: AreaView) -> None:
    actor = user("worker", "worker")
    assert queries.areas_of(actor, Permission.READ) == {community.key}
    with pytest.raises(Refusal):
        list(records(actor, "street"))


@pytest.mark.parametrize(
    ("since", "until", "holds"),
    [
        (None, None, True),
        (0, None, True),
        (1, None, False),  # from tomorrow
        (None, 0, False),  # until is the first day without it
        (None, 1, True),
    ],
)
def test_a_grant_has_dates(since: int | None, until: int | None, holds: bool) -> None:
    def day(offset: int | None) -> date | None:
        return None if offset is None else today() + timedelta(days=offset)

    actor = Actor("1", "a", (Grant("admin", None, day(since), day(until)),))
    assert actor.may(Permission.ADMINISTER, None) is holds


def test_an_inspector_reads_and_cannot_write(
    user: Callable[..., Actor],
    community: AreaView,
    a_visit: Callable[..., NewRecord],
    operator: Actor,
) -> None:
    inspector = user("inspector", "inspector")
    before = Entry.objects.count()
    with pytest.raises(Refusal):
        record_one(actor=inspector, area="garden", new=a_visit())
    assert Entry.objects.count() == before
    record_one(actor=operator, area="garden", new=a_visit())
    assert len(list(records(inspector, "garden"))) == 1


def test_a_revoked_grant_ends(
    user: Callable[..., Actor], community: AreaView, operator: Actor
) -> None:
    user("worker", "worker")
    actions.revoke(actor=operator, user="worker", role="worker", area="garden")
    assert not queries.actor_named("worker").may(Permission.READ, community)
    with pytest.raises(Refusal):
        actions.revoke(actor=operator, user="worker", role="worker", area="garden")


def test_passwords_are_argon2_and_weak_ones_refused(operator: Actor) -> None:
    made = actions.create_user(actor=operator, login="a", name="甲", password=PASSWORD)
    assert made.password.startswith("argon2$argon2id$")
    assert made.check_password(PASSWORD)
    for weak in ("short", "1234567890"):
        with pytest.raises(Refusal) as refused:
            actions.set_password(actor=operator, login="a", password=weak)
        assert refused.value.code == "access.weak_password"


def test_a_user_is_refused_twice_and_when_inactive(operator: Actor) -> None:
    actions.create_user(actor=operator, login="a", name="甲", password=None)
    with pytest.raises(Refusal, match="已经有人用了"):
        actions.create_user(actor=operator, login="a", name="乙", password=None)
    actions.deactivate(actor=operator, login="a")
    with pytest.raises(Refusal, match="已停用"):
        queries.actor_named("a")
    with pytest.raises(Refusal, match="没有登录名为“b”的用户"):
        queries.actor_named("b")


def test_the_local_operator_is_stable_and_bears_no_name(operator: Actor) -> None:
    assert queries.local_operator() == operator
    assert operator.name not in operator.id
    assert len(operator.id) <= 64


def test_the_audit_holds_no_name(operator: Actor) -> None:
    actions.create_user(actor=operator, login="zhangsan", name="张三", password=PASSWORD)
    entry = Entry.objects.get(action="access.create_user")
    assert not any(
        word in f"{entry.facts}{entry.subject}{entry.actor}" for word in ("张三", "zhangsan")
    )
