"""Four processes write at once: no link of a chain twice, no "database is locked", nothing lost."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter

import pytest

from tests.conftest import ROOT
from tests.core.test_kill import Worlds

pytestmark = [pytest.mark.database, pytest.mark.slow, pytest.mark.timeout(300)]
PROCESSES, RECORDS = 4, 12

PROGRAM = """
import sys
from pathlib import Path
from linli.config import setup
setup(Path(sys.argv[1]))
from datetime import date
from linli.core.access.queries import local_operator
from linli.core.records.actions import begin_import, commit_import, correct, record_one, stage
from linli.core.records.rules import NewSource, SourceKind, new_record
from linli.kernel.days import Occurred, Precision
me, number, count = local_operator(), sys.argv[2], int(sys.argv[3])
day = Occurred(date(2010, 3, 5), date(2010, 3, 5), Precision.DAY)
print("ready", flush=True)
sys.stdin.readline()
for one in range(count):
    new = new_record("base.visit", f"{number}/{one}", day)
    record_one(actor=me, area="garden", new=new)
    if one % 4 == 0:
        correct(actor=me, area="garden", record_id=new.id, new=new, reason="误")
        batch = begin_import(actor=me, area="garden", source=NewSource(SourceKind.WORKBOOK, number))
        rows = [new_record("base.visit", f"{number}/{one}/{n}", day) for n in range(5)]
        stage(actor=me, import_id=batch, rows=rows)
        commit_import(actor=me, import_id=batch)
print("done", flush=True)
"""

LOOK = """
import sys
from pathlib import Path
from linli.config import setup
setup(Path(sys.argv[1]))
from linli.core.access.queries import local_operator
from linli.core.audit import trail
from linli.core.records import facts, queries
report = trail.verify()
titles = [one.title for one in queries.records(local_operator(), "garden")]
print(report.ok, report.problem, sum(mark.changes for mark in facts.marks()))
print(*titles, sep="\\n")
"""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return Worlds(tmp_path_factory.mktemp("race")).like("empty")


def test_four_writers(world: dict[str, str]) -> None:
    home = world["LINLI_HOME"]
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", PROGRAM, home, str(number), str(RECORDS)],
            env=world,
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for number in range(PROCESSES)
    ]
    for one in writers:
        assert one.stdout
        assert one.stdout.readline() == "ready\n"
    said = [one.communicate("go\n", timeout=200) for one in writers]
    assert [err for _, err in said] == [""] * PROCESSES
    assert [out for out, _ in said] == ["done\n"] * PROCESSES

    looked = subprocess.run(
        [sys.executable, "-c", LOOK, home],
        env=world | {"PYTHONIOENCODING": "utf-8"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    ).stdout.splitlines()
    batches = PROCESSES * len(range(0, RECORDS, 4))
    # An entry counts one change, a correction two (the old day's year and the new), an import one.
    assert looked[0] == f"True None {PROCESSES * RECORDS + batches * 3}"
    counted = Counter(looked[1:])
    assert len(counted) == PROCESSES * RECORDS + batches * 5
    assert set(counted.values()) == {1}
