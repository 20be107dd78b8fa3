"""Every query and every action of the registers × role × area: what is not granted is refused.

Queries are found by reflection: a new one without a row here fails. An actor of one community who
names a person, household or building of another is refused even with all permissions at home.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction

import linli.core.registers.queries as package
from linli.core.access.rules import ROLES, Actor, Grant, Permission
from linli.core.areas.actions import create_area
from linli.core.areas.rules import AreaView
from linli.core.audit.action import ACTIONS
from linli.core.audit.models import Entry
from linli.core.registers import actions
from linli.core.registers.rules import Particulars
from linli.kernel.errors import Refusal
from linli.work.register import queries as work_queries
from tests.house import register_calls, world
from tests.registers.conftest import number

pytestmark = [pytest.mark.django_db, pytest.mark.database]
NAME, PHONE = "测试秘", "13800009999"
DAY = date(2010, 1, 1)

_P = Permission
QUERIES: Mapping[str, tuple[set[Permission], Callable[[UUID, UUID], dict[str, Any]]]] = {
    "persons.residents": ({_P.RESIDENTS}, lambda p, d: {}),
    "persons.count": ({_P.READ}, lambda p, d: {}),
    "persons.resident": ({_P.RESIDENTS}, lambda p, d: {"person": p}),
    "persons.members": ({_P.RESIDENTS}, lambda p, d: {"person": p}),
    "persons.stays": ({_P.RESIDENTS}, lambda p, d: {"person": p}),
    "persons.dwellers": ({_P.RESIDENTS}, lambda p, d: {"dwelling": d, "on": DAY}),
    "persons.relationships": ({_P.RESIDENTS}, lambda p, d: {"person": p}),
    "persons.cares": ({_P.RESIDENTS, _P.CARE}, lambda p, d: {"person": p}),
    "persons.in_class": ({_P.CARE}, lambda p, d: {"care_class": "base.disabled"}),
    "places.buildings": ({_P.READ}, lambda p, d: {}),
    "sealed.masked_fields": ({_P.RESIDENTS}, lambda p, d: {"person": p}),
    "find.find": ({_P.RESIDENTS, _P.REVEAL}, lambda p, d: {"words": PHONE}),
    "holdings.holdings": ({_P.ENROL}, lambda p, d: {}),
    "holdings.blind": ({_P.ENROL}, lambda p, d: {}),
    "judgements.merges": ({_P.ENROL}, lambda p, d: {}),
    "judgements.distinct": ({_P.ENROL}, lambda p, d: {}),
    "rights.requests": ({_P.RIGHTS}, lambda p, d: {}),
    "rights.expired": ({_P.RIGHTS}, lambda p, d: {}),
    "work.duplicates": ({_P.ENROL}, lambda p, d: {}),
}
"""Each query with the permissions it takes and what else it is asked."""


def _queries() -> Iterator[tuple[str, Callable[..., Any]]]:
    names = [one.name for one in pkgutil.iter_modules(package.__path__)]
    modules = [(name, importlib.import_module(f"{package.__name__}.{name}")) for name in names]
    for label, module in [*modules, ("work", work_queries)]:
        for name, value in vars(module).items():
            ours = inspect.isfunction(value) and value.__module__ == module.__name__
            if ours and not name.startswith("_") and "actor" in inspect.signature(value).parameters:
                yield f"{label}.{name}", value


@pytest.fixture
def w(tmp_path: Path, operator: Actor) -> world.World:
    return world.make(tmp_path)


@pytest.fixture
def beside(w: world.World) -> AreaView:
    return create_area(
        actor=w.operator, slug="beside", name="隔壁社区", level="community", parent=w.street
    )


@pytest.fixture
def secret(w: world.World) -> tuple[UUID, UUID]:
    """A person of the garden and the dwelling; the name stands nowhere else."""
    where: dict[str, Any] = {"actor": w.operator, "area": w.community}
    given = Particulars(NAME, secrets={"phone": PHONE, "identity_number": number("1940-01-01", 9)})
    person = actions.enrol(**where, given=given, since=date(2001, 1, 1))
    building = actions.add_building(**where, name="3栋")
    dwelling = actions.add_dwelling(**where, building=building, number="301")
    actions.form_household(**where, members={person: "户主"}, dwelling=dwelling, since=DAY)
    actions.set_care(**where, person=person, care_class="base.disabled")
    return person, dwelling


def actors(*areas: AreaView) -> Iterator[tuple[str, AreaView, Actor]]:
    for area in areas:
        for role in ROLES:
            yield role, area, Actor(f"{role}@{area.slug}", role, (Grant(role, area.key),))
    yield "nobody", areas[0], Actor("nobody", "访客")


def holds(role: str, permissions: set[Permission]) -> bool:
    return role in ROLES and permissions <= ROLES[role].permissions


def test_every_query_has_a_row() -> None:
    assert {name for name, _ in _queries()} == set(QUERIES) | {"standing.keys_for"}


def test_every_query_by_role_and_area(
    w: world.World, beside: AreaView, secret: tuple[UUID, UUID]
) -> None:
    functions = dict(_queries())
    checked = 0
    for name, (permissions, words) in QUERIES.items():
        asked = words(*secret)
        for role, area, actor in actors(w.community, beside, w.street):
            fits = holds(role, permissions) and area.slug in ("garden", "street")
            if fits:
                functions[name](actor, w.community, **asked)
            else:
                with pytest.raises(Refusal) as refused:
                    functions[name](actor, w.community, **asked)
                assert refused.value.code == "access.denied", (name, role, area.slug)
                assert NAME not in str(refused.value)
            checked += 1
    assert checked == len(QUERIES) * (3 * len(ROLES) + 1)


def test_a_query_at_home_shows_nothing_of_the_neighbours(
    w: world.World, beside: AreaView, secret: tuple[UUID, UUID]
) -> None:
    director = Actor("director", "主任", (Grant("director", beside.key),))
    for name, function in _queries():
        if name in QUERIES:
            answer = ""
            with suppress(Refusal):
                answer = repr(function(director, beside, **QUERIES[name][1](*secret)))
            assert NAME not in answer, name
            assert str(secret[0]) not in answer, name
            assert "3栋" not in answer, name


def test_only_the_own_community_sees_residents() -> None:
    hidden = {_P.RESIDENTS, _P.ENROL, _P.CARE, _P.REVEAL, _P.RIGHTS}
    for role in ("street", "district", "inspector", "admin"):
        assert not hidden & ROLES[role].permissions, role
    assert Permission.RIGHTS not in ROLES["worker"].permissions


def _tried(name: str, actor: Actor, words: dict[str, Any]) -> str | None:
    """The code of the refusal, or None where the action was done; nothing of it stays."""
    try:
        with transaction.atomic():
            ACTIONS[name].function(actor=actor, **words)
            transaction.set_rollback(True)
    except Refusal as refused:
        return refused.code
    return None


@pytest.mark.parametrize("name", register_calls.CALLS)
def test_every_action_by_role_and_area(name: str, w: world.World, beside: AreaView) -> None:
    words = register_calls.CALLS[name](w)
    permission = ACTIONS[name].permission
    assert permission is not None
    before = Entry.objects.count()
    for role, area, actor in actors(w.community, beside):
        code = _tried(name, actor, words)
        fits = holds(role, {permission}) and area.slug == "garden"
        if fits and name != "registers.divide":  # that asks for the other area as well
            assert code is None, (role, area.slug, code)
        else:
            assert code == "access.denied", (role, area.slug)
    assert Entry.objects.count() == before


@pytest.mark.parametrize(
    "name",
    sorted(
        set(register_calls.CALLS)
        - {"registers.add_building", "registers.enrol", "registers.import", "registers.take"}
    ),
)
def test_nobody_acts_at_home_on_what_lies_elsewhere(
    name: str, w: world.World, beside: AreaView
) -> None:
    words = register_calls.CALLS[name](w) | {"area": beside}
    everything = Actor("all", "全权", (Grant("director", beside.key), Grant("admin", beside.key)))
    before = Entry.objects.count()
    assert _tried(name, everything, words) in {
        "registers.unknown",
        "registers.request",
        "registers.not_merged",
        "access.denied",
    }
    assert Entry.objects.count() == before
