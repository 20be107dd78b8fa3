"""Who sees what is due, who decides about it and who reminds: role × area × read and write."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from linli.core.access.rules import ROLES, Actor, Grant
from linli.core.areas.actions import create_area
from linli.core.areas.rules import AreaView
from linli.core.audit.models import Entry
from linli.core.obligations import actions, queries
from linli.kernel.errors import Refusal
from linli.kernel.periods import Period

pytestmark = pytest.mark.django_db
YEAR = Period.parse("2025")
DAY = date(2025, 3, 20)
CODE = "base.due.civic_class@2025-03-01"

READS: dict[str, Callable[[Actor, str], Any]] = {
    "due": lambda who, area: queries.due(who, area, DAY),
    "obligations": lambda who, area: list(
        queries.obligations(who, area, YEAR, rules=["base.due.civic_class"])
    ),
    "tally": lambda who, area: queries.tally(who, area, Period.parse("2025-03")),
    "one": lambda who, area: queries.one(who, area, CODE, DAY),
    "calendar": lambda who, area: queries.calendar(who, area, DAY),
    "waiting": lambda who, area: queries.waiting(who, area, DAY),
    "intervals": queries.intervals,
    "decisions": queries.decisions,
}
WRITES: dict[str, Callable[[Actor, str], Any]] = {
    "name_interval": lambda who, area: actions.name_interval(
        actor=who, area=area, rule="base.due.talks", interval="每月", since=date(2025, 1, 1)
    ),
    "pause": lambda who, area: actions.pause(
        actor=who, area=area, rule="base.due.talks", reason="停"
    ),
    "waive": lambda who, area: actions.waive(actor=who, area=area, code=CODE, reason="免"),
    "remind": lambda who, area: actions.remind(actor=who, area=area, on=DAY),
}
MAY_WRITE = {  # in the very area of the grant
    "director": set(WRITES),
    "street": set(WRITES),
    "district": set(WRITES),
}


@pytest.fixture
def areas(community: AreaView, operator: Actor, clock: Callable[[str], None]) -> AreaView:
    clock("2025-03-20T10:00:00+08:00")
    create_area(actor=operator, slug="lake", name="湖边社区", level="community", parent="street")
    return community


def allowed(call: Callable[[Actor, str], Any], who: Actor, area: str) -> bool:
    before = Entry.objects.count()
    try:
        call(who, area)
    except Refusal as refused:
        if refused.code != "access.denied" or Entry.objects.count() != before:
            raise
        return False
    return True


@pytest.mark.parametrize("role", ROLES)
def test_every_role_in_its_own_area_and_in_another(role: str, areas: AreaView) -> None:
    who = Actor("1", "某人", (Grant(role, areas.key),))
    reads = {name: allowed(call, who, "garden") for name, call in READS.items()}
    assert set(reads.values()) == {True}
    assert not any(allowed(call, who, "lake") for call in READS.values())
    assert not any(allowed(call, who, "street") for call in READS.values())
    writes = {name for name, call in WRITES.items() if allowed(call, who, "garden")}
    assert writes == MAY_WRITE.get(role, set())
    assert not [name for name, call in WRITES.items() if allowed(call, who, "lake")]


@pytest.mark.parametrize("role", ["street", "district"])
def test_an_office_above_names_intervals_for_all_but_decides_for_none(
    role: str, areas: AreaView
) -> None:
    """The street's own area is the street: what is named there holds in every community."""
    who = Actor("1", "某人", (Grant(role, areas.path[0]),))
    assert allowed(WRITES["name_interval"], who, "street")
    talks = {one.rule: one.interval for one in queries.calendar(who, "garden", DAY)}
    assert talks["base.due.talks"] == "每月"
    assert not [n for n in ("name_interval", "pause", "waive") if allowed(WRITES[n], who, "garden")]
    assert allowed(WRITES["remind"], who, "garden")


def test_a_stranger_may_nothing(areas: AreaView) -> None:
    stranger = Actor("2", "路人")
    assert not [n for n, call in (READS | WRITES).items() if allowed(call, stranger, "garden")]


def test_every_read_of_obligations_is_in_the_matrix() -> None:
    own = {
        name
        for name, value in vars(queries).items()
        if callable(value)
        and getattr(value, "__module__", "") == queries.__name__
        and not name.startswith("_")
        and not isinstance(value, type)
    }
    assert own - {"interval_on"} == set(READS)  # for the app's own actions, behind their gate
