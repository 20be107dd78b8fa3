"""A street with two communities, a small pack with one flow of every act, and people who act in it.

The pack is data here as it is for an office: nothing of the engine knows it.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from linli.core.access.rules import Actor
from linli.core.areas.rules import AreaView
from linli.core.flows.rules import START, NewMove
from linli.core.flows.views import CaseView
from tests.core.conftest import _own_home, community, on, operator, street

__all__ = ["_own_home", "community", "operator", "street"]

HEAD = 'id = "local"\nversion = "1"\ntitle = "试验业务包"\n'
PACK = Path(__file__).parent / "pack.toml"


@pytest.fixture(scope="session")
def packs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the small pack; loaded once a run."""
    home = tmp_path_factory.mktemp("flows")
    folder = home / "packs" / "local"
    folder.mkdir(parents=True)
    (folder / "pack.toml").write_text(HEAD, encoding="utf-8")
    (folder / "own.toml").write_text(PACK.read_text(encoding="utf-8"), encoding="utf-8")
    return home


@pytest.fixture(autouse=True)
def _packs(packs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINLI_HOME", str(packs))


@pytest.fixture
def lake(operator: Actor, street: AreaView) -> AreaView:
    """The other community of the street."""
    from linli.core.areas.actions import create_area

    return create_area(
        actor=operator, slug="lake", name="湖边社区", level="community", parent=street
    )


@pytest.fixture
def user(operator: Actor) -> Callable[..., Actor]:
    """Makes a user with a role in an area."""
    from linli.core.access import actions, queries

    def make(login: str, role: str = "worker", area: str = "garden", name: str = "") -> Actor:
        actions.create_user(actor=operator, login=login, name=name or login, password=None)
        actions.grant(actor=operator, user=login, role=role, area=area)
        return queries.actor_named(login)

    return make


def new_matter(actor: Actor, area: AreaView, title: str = "路灯不亮", **fields: str) -> UUID:
    """A record of the small pack."""
    from linli.core.records.actions import record_one
    from linli.core.records.rules import new_record

    new = new_record("local.matter", title, on("2025-03-03"), fields=fields)
    record_one(actor=actor, area=area, new=new)
    return new.id


Walk = Callable[..., CaseView]


@pytest.fixture
def walk(operator: Actor, community: AreaView) -> Walk:
    """Records a matter and makes moves by name: ``walk("assign", "handle")``; answers where it is.

    A move is a name, or a name with the rest of a `NewMove`.
    """
    from linli.core.flows import actions

    def go(*names: str | tuple[str, dict[str, Any]], title: str = "路灯不亮") -> CaseView:
        record = new_matter(operator, community, title)
        case = actions.start(actor=operator, area=community, record_id=record, flow="local.flow")
        for one in names:
            name, more = (one, {}) if isinstance(one, str) else one
            case = step(operator, community, case, name, **more)
        return case

    return go


def step(actor: Actor, area: AreaView, case: CaseView, name: str, **more: Any) -> CaseView:
    """Make one move of a matter as it was last seen."""
    from linli.core.flows import actions

    new = NewMove(name, more.pop("seen", case.seen), **more)
    return actions.move(actor=actor, area=area, case_id=case.id, new=new)


def first(**more: Any) -> NewMove:
    """What a start may say."""
    return NewMove(START, 0, **more)
