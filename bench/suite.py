"""Which contenders race against which, over how much."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.contender import OTHER_PYTHON, ROOT, Contender, Measured, race, run
from bench.indicators.shapes import CALC_SHAPES, Size
from bench.intake.workbook import YEAR
from bench.line import Line, faster, parts, slower

Detail = tuple[str, list[str], list[list[str]]]


@dataclass(frozen=True, slots=True)
class Scale:
    """How much of everything; ``times``: rounds of the quick contenders, ``slow`` of the others."""

    indicators: Size
    calc: Size
    workbooks: tuple[int, ...]
    year: int
    times: int
    slow: int


FULL = Scale(
    indicators=Size(10_000_000),
    calc=Size(100_000, (1, 4, 20, 100, 1_000)),
    workbooks=(10_000, 100_000),
    year=100_000,
    times=3,
    slow=2,
)
QUICK = Scale(
    indicators=Size(40_000, (1, 2, 4, 10, 20)),
    calc=Size(4_000, (1, 2, 4, 10, 20)),
    workbooks=(500,),
    year=500,
    times=1,
    slow=1,
)


@dataclass(slots=True)
class Outcome:
    """What a part of the suite found; ``notes`` are sentences about sizes and circumstances."""

    lines: list[Line] = field(default_factory=list)
    details: list[Detail] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def _once(name: str, function: str, **arguments: Any) -> dict[str, Any]:
    said: dict[str, Any] = run(Contender(name, function, arguments)).get("said", {})
    return said


def _snapshot(folder: Path, size: Size) -> str:
    place = folder / f"indicators-{size.records}"
    _once(
        "data",
        "bench.indicators.data:prepare",
        folder=str(place),
        records=size.records,
        levels=list(size.levels),
    )
    return str(place)


def indicators(folder: Path, scale: Scale) -> Outcome:
    """Seven indicators of six shapes for every area of the tree."""
    place = _snapshot(folder, scale.indicators)
    what = f"indicators, {scale.indicators.records:,} records"
    ours = Contender("Linli", "bench.indicators.ours:answer", {"folder": place})
    hand = Contender("SQL by hand", "bench.indicators.by_hand:answer", {"folder": place})
    together = Contender(
        "Linli, one program", "bench.indicators.ours:answer", {"folder": place, "together": True}
    )
    bare = Contender(
        "bare SQL by hand", "bench.indicators.by_hand:answer", {"folder": place, "prove": False}
    )
    pandas = Contender(
        "pandas", "bench.indicators.with_pandas:answer", {"folder": place}, OTHER_PYTHON
    )
    mine, theirs, one, plain = race([ours, hand, together, bare], scale.times)
    (frames,) = race([pandas], scale.slow)
    asked = {"folder": place, "times": scale.slow}
    postgres = "bench.indicators.postgres:answer"
    (server,) = race([Contender("PostgreSQL", postgres, asked | {"narrow": False})], 1)
    (extract,) = race([Contender("PostgreSQL, narrow", postgres, asked | {"narrow": True})], 1)
    found = Outcome(
        lines=[
            slower(what, "SQL by hand, same columns, same DuckDB and Parquet", mine, theirs, 1.3),
            slower(f"{what}, all in one program", "the same", one, theirs, 1.3),
            slower(what, "SQL by hand without fingerprints", mine, plain, None),
            faster(what, "pandas", mine, frames, 1.5, 0.25),
            faster(
                what, "PostgreSQL, general tables, covering indexes", mine, server, 5, memory=False
            ),
            faster(
                what, "PostgreSQL, a narrow extract a question", mine, extract, None, memory=False
            ),
        ],
        details=[
            parts("Indicators, shape by shape", [mine, theirs, plain, one, frames, server, extract])
        ],
    )
    found.notes.append(
        f"Indicators: {scale.indicators.records:,} records, of which three quarters"
        f" count; {scale.indicators.areas:,} areas in five levels; every area answered for."
        f" PostgreSQL {server.said['version']} took {server.said['loading']:.0f} s more to load and"
        f" index its general tables, {extract.said['loading']:.0f} s for the narrow ones. It was"
        " given 2 GB of buffers, 256 MB of work memory, parallel workers, no JIT, no fsync; covering"
        " indexes with all columns asked for, vacuumed, analysed and warm."
    )
    return found


def calc(folder: Path, scale: Scale) -> Outcome:
    """The four shapes that fit a cell, against a spreadsheet."""
    if shutil.which("soffice") is None:
        return Outcome(notes=["LibreOffice is not installed here: its line is left out."])
    place = _snapshot(folder, scale.calc)
    path = folder / f"calc-{scale.calc.records}.xlsx"
    said = _once("calc", "bench.indicators.calc:workbook", folder=place, path=str(path))
    ours = Contender(
        "Linli",
        "bench.indicators.ours:answer",
        {"folder": place, "shapes": list(CALC_SHAPES), "together": True},
    )
    sheet = Contender(
        "LibreOffice", "bench.indicators.calc:answer", {"folder": place, "path": str(path)}
    )
    (mine,) = race([ours], scale.times)
    (theirs,) = race([sheet], 1)
    what = f"indicators, {scale.calc.records:,} records"
    return Outcome(
        lines=[faster(what, "LibreOffice, recalculation alone", mine, theirs, 100, memory=False)],
        notes=[
            f"LibreOffice: {said['rows']:,} rows, {said['cells']:,} COUNTIFS and SUMIFS cells;"
            f" conversion {theirs.said['with']:.1f} s with and {theirs.said['without']:.1f} s"
            " without recalculation, the difference counts; the sums up the tree are spared."
        ],
    )


def intake(folder: Path, scale: Scale) -> Outcome:
    """Dry run and import of workbooks."""
    found = Outcome()
    home = _home(folder)
    for rows in scale.workbooks:
        path = _workbook(folder, rows)
        given = {"path": path, "home": home, "dry_run": True}
        times = scale.times if rows <= 10_000 else scale.slow
        dry, read = race(
            [
                Contender("Linli", "bench.intake.ours:bring", given),
                Contender("calamine", "bench.intake.bare:read", {"path": path}),
            ],
            times,
        )
        found.lines.append(
            slower(f"dry run, {rows:,} rows", "calamine reading alone", dry, read, 5)
        )
        found.lines += _whole(folder, home, path, rows, scale.slow)
        found.notes.append(
            f"Intake, {rows:,} rows on four sheets: starting Django and reading the packs took"
            f" {dry.said['starting']:.1f} s more, once for each process."
        )
    return found


def _home(folder: Path) -> str:
    home = folder / "home"
    shutil.rmtree(home, ignore_errors=True)
    _once("home", "bench.intake.ours:install", home=str(home))
    return str(home)


def _workbook(folder: Path, rows: int) -> str:
    path = str(folder / f"workbook-{rows}.xlsx")
    _once("workbook", "bench.intake.workbook:make", path=path, rows=rows)
    return path


def _whole(folder: Path, home: str, path: str, rows: int, times: int) -> Iterator[Line]:
    done = str(folder / "done")
    given = {"path": path, "home": home, "dry_run": False, "keep": done}
    bring = Contender("Linli", "bench.intake.ours:bring", given)
    (first,) = race([bring], 1)
    tables = run(Contender("stored", "bench.intake.ours:stored", {"home": done}))["answers"]
    ready = {"path": path, "home": home, "done": done}
    same = Contender("the same rows", "bench.intake.bare:same", ready)
    cells = Contender("the cells", "bench.intake.bare:cells", {"path": path, "folder": str(folder)})
    pandas = Contender(
        "pandas",
        "bench.intake.with_pandas:bring",
        {"path": path, "folder": str(folder)},
        OTHER_PYTHON,
    )
    again, theirs, plain, frames = race([bring, same, cells, pandas], times)
    again.rounds["all"] += first.rounds["all"]
    again.answers |= tables
    what = f"import, {rows:,} rows"
    yield slower(what, "calamine + executemany of the same rows", again, theirs, 3)
    yield slower(what, "calamine + executemany of the bare cells", again, plain, None)
    yield faster(what, "pandas with openpyxl + to_sql", again, frames, 1)


def year(folder: Path, scale: Scale) -> Outcome:
    """A community-year of work: figures and report."""
    home, path = _home(folder), _workbook(folder, scale.year)
    done = str(folder / "year")
    given = {"path": path, "home": home, "dry_run": False, "keep": done}
    _once("year", "bench.intake.ours:bring", **given)
    ask = Contender("Linli", "bench.year.ours:figures", {"home": done})
    plain = Contender("plain sums", "bench.year.plain:figures", {"home": done, "year": YEAR})
    write = Contender("report", "bench.year.ours:report", {"home": done, "out": f"{done}-out"})
    mine, theirs = race([ask, plain], scale.slow)
    (report,) = race([write], scale.slow)
    report.answers = dict(theirs.answers)  # the same figures, which `figures` has shown equal
    what = f"community-year, {scale.year:,} records"
    first, again = _only(mine, "first"), _only(mine, "again")
    against = "plain Python sums over sqlite3"
    asked, having = mine.said["asked"], mine.said["figures"]
    return Outcome(
        lines=[
            slower(f"{what}: figures, snapshot made first", against, first, theirs, None),
            slower(f"{what}: figures again", against, again, theirs, None),
            slower(f"{what}: annual report (.docx)", against, report, theirs, None),
        ],
        notes=[
            f"Community-year: Linli answers {asked} indicators ({having} have a value) with bounds"
            " and fingerprints; the plain program three sums, the same to the last digit. The"
            f" report binds {report.said['numbers']} numbers to their records."
        ],
    )


def _only(measured: Measured, part: str) -> Measured:
    rounds = {part: measured.rounds[part]}
    return Measured(measured.name, rounds, measured.answers, measured.peaks, measured.said)


SUITE: dict[str, Callable[[Path, Scale], Outcome]] = {
    "indicators": indicators,
    "calc": calc,
    "intake": intake,
    "year": year,
}
FOLDER = ROOT / "build" / "bench"
