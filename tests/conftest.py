"""What every test stands on: a home of its own, a clock that can be set, the real workbooks.

The environment is set here, before Django reads its settings: pytest-django sets Django up after
the first conftest files have been read.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests import warm

ROOT = Path(__file__).resolve().parent.parent

_home = tempfile.TemporaryDirectory(prefix="linli-test-")
os.environ["LINLI_HOME"] = _home.name
os.environ.pop("LINLI_NOW", None)
# Processes start hundreds of times here: what Python compiled once it shall keep.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
os.environ.pop("LINLI_DATABASE_URL", None)
if _url := os.environ.get("LINLI_TEST_DATABASE_URL"):
    os.environ["LINLI_DATABASE_URL"] = _url
os.environ["DJANGO_SETTINGS_MODULE"] = "linli.config.settings"


def pytest_configure() -> None:
    """Sets Django up with the environment above; pytest-django itself looks too early."""
    import django

    django.setup()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks what reads the real workbooks, so that `-m shared` finds it."""
    for item in items:
        if "shared" in getattr(item, "fixturenames", ()):
            item.add_marker("shared")


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real workbooks beside the repository (LINLI_SHARED names another place).

    Skips where it is absent, so that a stranger's clone can be tested; fails under CI, where a
    silent skip would hide that the real inputs were never read.
    """
    folder = Path(os.environ.get("LINLI_SHARED", ROOT.parent / "shared"))
    if (folder / "real").is_dir():
        return folder
    reason = f"the real workbooks are not beside the repository: {folder} is missing"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Sets what `kernel.clock` says, as in ``clock("2010-03-31T10:00:00+08:00")``.

    A subprocess sees it too.
    """

    def at(instant: str) -> None:
        monkeypatch.setenv("LINLI_NOW", instant)

    return at


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder for an installation of its own, not yet made."""
    return tmp_path / "home"


@dataclass(frozen=True)
class Ran:
    """What a command answered."""

    code: int
    out: str
    err: str

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The JSON lines of the answer."""
        return [json.loads(line) for line in self.out.splitlines() if line.startswith("{")]


def _environment() -> dict[str, str]:
    return {k: v for k, v in os.environ.items() if k != "LINLI_DATABASE_URL"}


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty installation that `linli init` has made; copy it, do not write into it."""
    home = tmp_path_factory.mktemp("installed") / "home"
    done = warm.run("linli.cli.main", "init", env=_environment() | {"LINLI_HOME": str(home)})
    assert done.returncode == 0, done.stderr
    return home


@pytest.fixture
def linli(home: Path, request: pytest.FixtureRequest) -> Callable[..., Ran]:
    """Runs the real command in a process of its own: ``linli("records", "--json", code=0)``.

    The home is a fresh SQLite installation whatever database the suite runs on. Any other exit
    code than ``code`` fails with what the command said. A bare ``init`` of a home that is not
    there copies what one `linli init` of this session made. ``cold`` starts a fresh interpreter
    instead of a warm one (`tests.warm`).
    """

    def run(
        *words: object,
        code: int = 0,
        env: dict[str, str] | None = None,
        at: Path = home,
        cold: bool = False,
    ) -> Ran:
        if words == ("init",) and not at.exists() and not (env or cold):
            shutil.copytree(request.getfixturevalue("installed"), at)
            return Ran(0, "", "")
        start = warm.run_cold if cold else warm.run
        environment = _environment() | (env or {}) | {"LINLI_HOME": str(at)}
        done = start("linli.cli.main", *words, env=environment)
        said = (
            f"linli {' '.join(map(str, words))} -> {done.returncode}\n{done.stdout}\n{done.stderr}"
        )
        assert done.returncode == code, said
        return Ran(done.returncode, done.stdout, done.stderr)

    return run
