"""docs/coverage.md is what the examples say, and no row works without one."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import date
from pathlib import Path

from linli.kernel.periods import Period
from linli.packs.examples import Repeat, days, examples, shown
from linli.packs.load import registry

AIM = 120


def test_the_page_is_what_the_examples_say(root: Path) -> None:
    ran = subprocess.run(
        [sys.executable, root / "scripts" / "coverage", "--check"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert ran.returncode == 0, ran.stderr


def test_every_row_is_named_once_and_enough_of_them_work(root: Path) -> None:
    page = (root / "docs" / "coverage.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (S\d+) \| .* \| (works|later) \| (.*?) \|", page, flags=re.MULTILINE)
    assert len(rows) == len({row for row, _, _ in rows}) == 491
    working = {row: names for row, state, names in rows if state == "works"}
    assert len(working) >= AIM
    named = {name for names in working.values() for name in re.findall(r"`([^`]+)`", names)}
    assert named == {example.id for example in examples()}
    assert working.keys() == shown().keys()


def test_every_example_is_a_whole_walk() -> None:
    known = registry()
    for example in examples():
        assert example.rows, example.id
        assert example.records, example.id
        assert example.ledgers, example.id
        assert example.figures, example.id
        assert example.sentences, example.id
        for figure in example.figures:
            assert figure.id in known.indicators, (example.id, figure.id)
    assert len({example.id for example in examples()}) == len(examples())


def test_repetitions_begin_their_week_month_quarter() -> None:
    year = Period.parse("2025")
    assert len(list(days(Repeat(every="day"), year))) == 365
    assert len(list(days(Repeat(every="week", skip=(1,)), year))) == 51
    assert list(days(Repeat(every="quarter", skip=(2, 3, 4)), year)) == [date(2025, 1, 1)]
