"""Linli's import, and its dry run, in an installation of its own on SQLite."""

from __future__ import annotations

import shutil
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

from bench.intake.workbook import YEAR

if TYPE_CHECKING:
    from linli.core.access.rules import Actor

AREA = "bench"


def install(home: str) -> dict[str, Any]:
    """An empty installation with one community."""
    command = [sys.executable, "-m", "linli.cli.main", "init", "--home", home]
    subprocess.run(command, check=True, stdout=sys.stderr)
    from linli.config import setup

    setup(Path(home))
    from linli.core.access.queries import local_operator
    from linli.core.areas.actions import create_area

    create_area(actor=local_operator(), slug=AREA, name="试验社区", level="community")
    from django.db import connections

    connections.close_all()
    return {"seconds": {}, "answers": {}}


def bring(path: str, home: str, dry_run: bool, keep: str = "") -> dict[str, Any]:
    """Import into a fresh copy of ``home``; ``keep`` names a folder that the copy is left in.

    The clock starts when packs are read and Django is up: what a served installation is.
    """
    place = Path(keep) if keep else Path(home).with_name("copy")
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(home, place)
    began = perf_counter()
    actor = start(place)
    starting = perf_counter() - began
    from linli.work.intake.actions import import_workbook

    began = perf_counter()
    done = import_workbook(actor=actor, area=AREA, path=Path(path), year=YEAR, dry_run=dry_run)
    seconds = perf_counter() - began
    if done.blocked:
        raise RuntimeError("; ".join(problem.line() for problem in done.problems[:5]))
    if not keep:
        shutil.rmtree(place)
    said = {"starting": starting, "warnings": len(done.problems)}
    return {"seconds": {"all": seconds}, "answers": {"rows": str(done.created)}, "said": said}


def start(home: Path) -> Actor:
    """Django and the packs, as a served installation has them."""
    from linli.config import setup

    setup(home)
    from django.conf import settings
    from django.db import connection

    from linli.core.access.queries import local_operator
    from linli.packs.load import registry

    registry(Path(settings.LINLI_HOME))
    connection.ensure_connection()
    return local_operator()


def stored(home: str) -> dict[str, Any]:
    """What an import left: for comparison with others that wrote the same rows."""
    import sqlite3

    with closing(sqlite3.connect(f"{home}/linli.sqlite3")) as db:
        found = [db.execute(question).fetchone() for question in STORED]
    return {"seconds": {}, "answers": {"tables": str(found)}}


STORED = (
    "SELECT count(*), count(DISTINCT identity) FROM records_record",
    "SELECT count(*), sum(micro), sum(micro_lo), sum(micro_hi) FROM records_quantity",
)
