"""kill -9 at each of the twenty points of entry and import, then a new start.

Whatever the moment: what was acknowledged is there, nothing is there twice, no import is there in
half, and the audit chain is whole. On both databases.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from linli.core.audit.points import POINTS
from tests import warm
from tests.conftest import ROOT

ENTRIES, ROWS = 3, 25  # an import of three batches


Env = dict[str, str]


class Worlds:
    """Installations made once and copied for each kill: `empty`, and `entered` with some records."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.url = os.environ.get("LINLI_TEST_DATABASE_URL")
        self.made = 0
        self.databases: list[str] = []
        empty = self._env("empty")
        run(empty, "linli.cli.main", "init")
        step(empty, "prepare")
        self._copy("empty", "entered")
        step(self._env("entered"), "entry", ENTRIES)

    def like(self, name: str) -> Env:
        """A fresh copy."""
        self.made += 1
        self._copy(name, f"copy{self.made}")
        return self._env(f"copy{self.made}")

    def _database(self, name: str) -> str:
        return f"kill_{os.getpid()}_{self.folder.name}_{name}"

    def _env(self, name: str) -> Env:
        env = dict(os.environ) | {"LINLI_HOME": str(self.folder / name), "PYTHONPATH": str(ROOT)}
        env.pop("LINLI_DATABASE_URL", None)
        if self.url is None:
            return env
        if name == "empty":
            self._sql(f'CREATE DATABASE "{self._database(name)}"')
        return env | {"LINLI_DATABASE_URL": f"{self.url.rpartition('/')[0]}/{self._database(name)}"}

    def _copy(self, old: str, new: str) -> None:
        shutil.copytree(self.folder / old, self.folder / new)
        if self.url:
            self._sql(f'CREATE DATABASE "{self._database(new)}" TEMPLATE "{self._database(old)}"')

    def _sql(self, text: str) -> None:
        import psycopg

        with psycopg.connect(str(self.url), autocommit=True) as connection:
            connection.execute(text)


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> Worlds:
    return Worlds(tmp_path_factory.mktemp("worlds"))


def run(env: Env, *words: object, code: int = 0) -> str:
    done = warm.run(*words, env=env, timeout=250)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout


def step(env: Env, what: str, count: int = 0, code: int = 0) -> list[str]:
    """Lines that a process of `killed.py` has said."""
    said = run(env, "tests.core.killed", what, env["LINLI_HOME"], count, code=code)
    return said.splitlines()


def acknowledged(said: list[str]) -> set[str]:
    return {line.split()[1] for line in said if line.startswith("ack ")}


def check(line: str, acks: set[str]) -> dict[str, Any]:
    """What must hold after any kill."""
    found: dict[str, Any] = json.loads(line)
    assert found["ok"], found["problem"]
    assert len(set(found["ids"])) == len(found["ids"]), "a record is there twice"
    assert found["shown_without_quantity"] == 0
    assert sorted(found["ids"]) == found["after_sweep"], "sweeping changed what is visible"
    assert found["standing"] == len(found["ids"]), "staging was left after the sweep"
    assert found["rows"] == found["quantities"]
    assert not found["files_missing"]
    files = Counter(title.split()[1] for title in found["titles"] if " file" in title)
    assert set(files.values()) <= {ROWS}, "half an import is visible"
    imported = {ack for ack in acks if ack.startswith("file")}
    assert imported <= files.keys(), "an acknowledged import is lost"
    assert acks - imported <= set(found["ids"]), "acknowledged records are lost"
    return found


@pytest.mark.database
@pytest.mark.slow
@pytest.mark.timeout(300)  # two processes each; a busy machine is no fault
@pytest.mark.parametrize("point", POINTS)
def test_kill_at(point: str, worlds: Worlds) -> None:
    importing = point.startswith("import")
    world = worlds.like("entered" if importing else "empty")
    repeated = point.startswith(("entry", "evidence", "import.stage."))
    killed = step(
        world | {"LINLI_KILL_AT": point + (":2" if repeated else "")},
        "import" if importing else "entry",
        ROWS if importing else ENTRIES,
        code=-signal.SIGKILL,
    )
    acks = acknowledged(killed)
    assert repeated is False or importing or acks, "killed before the first was acknowledged"
    # The person tries again, as a person does; then everything is there once.
    said = step(world, "again", ROWS)
    first, last = (line for line in said if line.startswith("{"))
    check(first, acks)
    found = check(last, acks | acknowledged(said))
    assert len(found["ids"]) == ENTRIES + ROWS
    assert found["titles"].count("走访，更正") == 1


def test_the_twenty_points_are_all_in_the_code(root: Path) -> None:
    assert len(POINTS) == len(set(POINTS)) == 20
    text = "\n".join(path.read_text("utf-8") for path in (root / "src/linli/core").rglob("*.py"))
    unused = [point for point in POINTS if text.count(f'"{point}"') < 2]
    assert not unused, "named but never passed"
