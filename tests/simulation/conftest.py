"""A simulated community in the test database, and what the simulation counted itself.

Django is not yet set up when this file is read; what needs it is imported where it is used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from linli.core.access.rules import Actor
from linli.work.simulation.rules import Asking

ASKED = Asking(households=250, year=2025, seed=1, until=date(2025, 12, 31))
"""Few households, and a seed with which every indicator has a value somewhere in the year."""


@pytest.fixture
def actor(db: None, tmp_path: Path, settings: Any, clock: Callable[[str], None]) -> Iterator[Actor]:
    """The local operator of an installation with one community, in the year after."""
    from linli.core.access.queries import local_operator
    from linli.core.areas.actions import create_area
    from linli.insight.reading import forget

    clock("2026-03-02T10:00:00+08:00")
    settings.LINLI_HOME = tmp_path / "installation"
    who = local_operator()
    create_area(actor=who, slug="moni", name="模拟社区", level="community")
    yield who
    forget()
