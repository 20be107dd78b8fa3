"""A small installation on the database of the tests, and what every test of its life needs."""

from __future__ import annotations

import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from linli.config.home import lay_out
from linli.core.access.keys import make_keys
from linli.core.access.rules import Actor
from linli.life import sealed

if TYPE_CHECKING:
    from tests.house.world import World

PASSPHRASE = "四盏红灯笼挂门前"


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """A cheap key: the cost stands in the head of the file, so both sides agree on it."""
    monkeypatch.setattr(sealed, "_COST", 4)


@pytest.fixture
def lived_in(transactional_db: None, tmp_path: Path, settings: Any) -> World:
    """A home with a community, records, a file of evidence, a pack and a font."""
    from tests.house import world

    home = tmp_path / "old"
    settings.LINLI_HOME = home
    lay_out(home)
    make_keys()
    (home / "packs" / "local").mkdir()
    (home / "packs" / "local" / "说明.toml").write_text("# 本地业务包", "utf-8")
    (home / "fonts" / "own.ttf").write_bytes(bytes(5000))
    (home / "logs" / "today.log").write_text("not kept", "utf-8")
    made = world.make(tmp_path)
    from linli.core.evidence.actions import store

    for _ in range(3):
        made.recorded()
    store(actor=made.operator, area=made.community, content=b"photo" * 1000, name="照片.jpg")
    return made


@pytest.fixture
def operator(lived_in: World) -> Actor:
    return lived_in.operator


@pytest.fixture
def quota() -> Callable[[int], Any]:
    """`with quota(bytes):` no file may grow beyond that, as on a full disk."""

    @contextmanager
    def limited(size: int) -> Iterator[None]:
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    return limited
