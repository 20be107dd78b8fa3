"""The benches compare like with like: contenders give equal answers to the same small questions."""

from __future__ import annotations

import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from bench.child import digest
from bench.contender import Contender, Measured, Unequal, equal, run
from bench.indicators.shapes import SHAPES, Size
from bench.intake.workbook import make, rows_of
from bench.line import Line
from bench.page import BEGIN, STOP, kept_text

SMALL = Size(2_000, (1, 2, 4, 42, 4))
"""Communities 50 to 53: the first keeps totals only, the second totals and single visits."""


def _measured(name: str, line: dict[str, Any]) -> Measured:
    found = Measured(name)
    found.add({"peak_mb": 1.0} | line)
    return found


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from bench.indicators.data import make as write

    return write(tmp_path_factory.mktemp("bench") / "data", SMALL)


def test_the_tree_has_five_levels() -> None:
    rows = SMALL.tree()
    assert len({area for area, _ in rows}) == SMALL.areas == 53
    assert SMALL.first_community == 50
    assert [above for area, above in rows if area == 53] == [53, 39, 6, 3, 1]
    ends = [above for area, above in Size(10_000).tree() if area == Size(10_000).areas]
    assert ends == [11_111, 1_111, 111, 11, 1]


def test_indicators_and_hand_written_sql_agree(snapshot: Path) -> None:
    from bench.indicators import by_hand, ours

    mine = _measured("ours", ours.answer(str(snapshot)))
    together = _measured("together", ours.answer(str(snapshot), together=True))
    theirs = _measured("hand", by_hand.answer(str(snapshot)))
    assert set(mine.answers) == set(SHAPES)
    equal(mine, theirs, SHAPES)
    equal(together, theirs, SHAPES)


def test_the_snapshot_has_what_makes_the_questions_hard(snapshot: Path) -> None:
    import duckdb

    rows = duckdb.sql(
        f"SELECT count(*), count(*) FILTER (grain = 'summary'), count(*) FILTER (state = 'planned')"
        f" FROM read_parquet('{snapshot}/1/*.r.parquet')"
    ).fetchone()
    inexact = duckdb.sql(
        f"SELECT count(*) FROM read_parquet('{snapshot}/1/*.q.parquet') WHERE flags > 1"
    ).fetchone()
    assert rows is not None
    assert rows[0] == SMALL.records
    assert min(rows[1:]) > 0
    assert inexact is not None
    assert inexact[0] > 50


def test_bare_reading_sees_every_row_of_the_workbook(tmp_path: Path) -> None:
    from bench.intake import bare

    path = str(tmp_path / "w.xlsx")
    make(path, 50)
    assert bare.read(path)["answers"] == {"rows": "50"}
    assert bare.cells(path, str(tmp_path))["answers"] == {"rows": "50"}
    assert len({repr(row) for row in rows_of("走访慰问台账", 50)}) == 50


def test_import_and_its_dry_run_count_the_rows(tmp_path: Path) -> None:
    """In processes of their own, for this one already has its database."""
    home, path = str(tmp_path / "home"), str(tmp_path / "w.xlsx")
    make(path, 50)
    python = Path(sys.executable)
    run(Contender("home", "bench.intake.ours:install", {"home": home}, python))
    given = {"home": home, "path": path, "dry_run": False, "keep": str(tmp_path / "done")}
    line = run(Contender("ours", "bench.intake.ours:bring", given, python))
    assert line["answers"] == {"rows": "50"}
    asked = {"home": str(tmp_path / "done")}
    mine = run(Contender("figures", "bench.year.ours:figures", asked, python))
    plain = run(Contender("plain", "bench.year.plain:figures", asked | {"year": 2010}, python))
    assert mine["answers"] == plain["answers"]


def test_a_child_reports_its_peak(tmp_path: Path) -> None:
    given = {"path": str(tmp_path / "w.xlsx"), "rows": 10}
    line = run(Contender("x", "bench.intake.workbook:make", given, Path(sys.executable)))
    assert 5 < line["peak_mb"] < 500


@pytest.mark.parametrize("value", [3, 3.0, Decimal("3.000000"), "3"])
def test_a_number_is_the_same_in_whatever_type(value: object) -> None:
    assert digest([(value,)]) == digest([(3,)]) != digest([(Decimal("3.5"),)])


def test_different_answers_print_no_ratio() -> None:
    one = _measured("one", {"seconds": {}, "answers": {"sum": "1"}})
    two = _measured("two", {"seconds": {}, "answers": {"sum": "2"}})
    with pytest.raises(Unequal, match="differ in sum"):
        equal(one, two)
    with pytest.raises(Unequal, match="no answer in common"):
        equal(one, _measured("three", {"seconds": {}, "answers": {"count": "1"}}))


@pytest.mark.parametrize(
    ("ours", "theirs", "is_slower", "aim", "kept"),
    [
        (1.2, 1.0, True, 1.3, True),
        (1.4, 1.0, True, 1.3, False),
        (1.0, 6.0, False, 5.0, True),
        (1.0, 4.0, False, 5.0, False),
        (9.0, 1.0, True, None, None),
    ],
)
def test_verdicts(
    ours: float, theirs: float, is_slower: bool, aim: float | None, kept: bool | None
) -> None:
    assert Line("x", "y", ours, theirs, is_slower, aim, 1, 1).kept is kept


def test_memory_is_part_of_the_verdict() -> None:
    line = Line("x", "y", 1, 9, False, 1.5, ours_mb=300, theirs_mb=1_000, memory_aim=0.25)
    assert line.kept is False


def test_what_a_person_wrote_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "performance.md"
    path.write_text(f"old\n{BEGIN}\nwhy\n{STOP}\nold", encoding="utf-8")
    assert kept_text(path).strip() == "why"


def test_the_command_says_what_it_can() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bench", "--help"],
        cwd=Path(__file__).resolve().parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "--quick" in done.stdout
