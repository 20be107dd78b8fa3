"""LibreOffice Calc: the same records as rows of a sheet, a formula for every community and measure.

Its time is that of the recalculation alone: converting the workbook with formulas recalculated,
less converting it with the values as they are. Without OOXMLRecalcMode=0 a conversion does not
recalculate at all and shows zeros.
"""

from __future__ import annotations

import csv
import shutil
import subprocess
import tempfile
from collections import defaultdict
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import Any

import duckdb
import xlsxwriter

from bench.child import digest
from bench.indicators.shapes import CALC_SHAPES, END, SHAPES

_ALWAYS, _NEVER = 0, 1
_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode"
 oor:op="fuse"><value>{mode}</value></prop></item>
</oor:items>
"""
_COUNTS = (
    "state NOT IN ('planned', 'source_wanted', 'withdrawn') AND known_to = 9223372036854775807"
)
# One line a record and amount: area, what, last day as a number, value, lo, hi. Sums of visits are
# of the grain that counts at the community, which the sheet is given ready.
_ROWS = f"""
WITH chosen AS (SELECT area, measure, MIN(grain) AS grain FROM quantities
  WHERE kind = 'base.visit' AND NOT part AND {_COUNTS} GROUP BY area, measure)
SELECT area, 'joint', last_day, 1, 1, 1 FROM records
  WHERE kind = 'base.joint_action' AND {_COUNTS}
UNION ALL SELECT area, CASE WHEN f_rectified = '已整改' THEN 'mended' ELSE 'unmended' END, last_day,
  1, 1, 1 FROM records WHERE kind = 'base.guidance' AND f_rectified IS NOT NULL AND {_COUNTS}
UNION ALL SELECT q.area, q.measure, q.last_day, q.value::BIGINT, q.lo::BIGINT, q.hi::BIGINT
  FROM quantities AS q JOIN chosen USING (area, measure, grain)
  WHERE measure IN ('base.visit.households', 'base.visit.money') AND NOT part AND {_COUNTS}
UNION ALL SELECT area, 'stock', last_day, value::BIGINT, lo::BIGINT, hi::BIGINT FROM quantities
  WHERE kind = 'base.profile' AND NOT part AND {_COUNTS} AND last_day <= DATE '{END}'
QUALIFY ROW_NUMBER() OVER (PARTITION BY area, measure ORDER BY last_day DESC, key DESC) = 1
"""
_COUNTED = ("joint", "mended", "unmended")
_SUMMED = ("base.visit.households", "base.visit.money", "stock")


def workbook(folder: str, path: str) -> dict[str, Any]:
    """Write the workbook: sheet 数 with the rows, sheet 表 with a row of formulas a community."""
    source = duckdb.connect()
    for name, letter in (("records", "r"), ("quantities", "q")):
        pattern = f"{folder}/1/*.{letter}.parquet"
        source.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet('{pattern}')")
    rows = source.execute(_ROWS).fetchall()
    areas = sorted({row[0] for row in rows})
    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    data = book.add_worksheet("数")
    for number, (area, what, day, *amounts) in enumerate(rows):
        data.write_row(number, 0, [area, what, (day - date(1899, 12, 30)).days, *amounts])
    table = book.add_worksheet("表")
    last = len(rows)
    cells = 0
    for number, area in enumerate(areas):
        table.write_number(number, 0, area)
        formulas = [
            f'COUNTIFS(数!$A$1:$A${last},$A{number + 1},数!$B$1:$B${last},"{what}")'
            for what in _COUNTED
        ]
        formulas += [
            f"SUMIFS(数!${column}$1:${column}${last},数!$A$1:$A${last},$A{number + 1},"
            f'数!$B$1:$B${last},"{what}")'
            for what in _SUMMED
            for column in "DEF"
        ]
        for place, formula in enumerate(formulas, 1):
            table.write_formula(number, place, f"={formula}")
        cells += len(formulas)
    book.close()
    return {"seconds": {}, "answers": {}, "said": {"rows": last, "cells": cells}}


def answer(path: str, folder: str) -> dict[str, Any]:
    """Convert twice, subtract, and sum the communities' cells up the tree for the comparison."""
    with tempfile.TemporaryDirectory(prefix="linli-bench-calc-") as place:
        idle, _ = _convert(Path(path), Path(place), _NEVER)
        busy, lines = _convert(Path(path), Path(place), _ALWAYS)
    found = _up(lines, folder)
    answers = {shape: digest(found[shape]) for shape in CALC_SHAPES}
    said = {"with": busy, "without": idle}
    return {"seconds": {"recalculation": busy - idle}, "answers": answers, "said": said}


def _convert(path: Path, place: Path, mode: int) -> tuple[float, list[list[str]]]:
    profile = place / f"profile-{mode}"
    (profile / "user").mkdir(parents=True)
    settings = profile / "user" / "registrymodifications.xcu"
    settings.write_text(_PROFILE.format(mode=mode), encoding="utf-8")
    out = place / f"out-{mode}"
    program = shutil.which("soffice")
    if program is None:
        raise FileNotFoundError("soffice")
    began = perf_counter()
    subprocess.run(
        [
            program,
            f"-env:UserInstallation=file://{profile}",
            "--headless",
            "--convert-to",
            "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,2",
            "--outdir",
            str(out),
            str(path),
        ],
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    spent = perf_counter() - began
    (written,) = out.glob("*.csv")
    with written.open(encoding="utf-8", newline="") as file:
        return spent, list(csv.reader(file))


def _up(lines: list[list[str]], folder: str) -> dict[str, list[tuple[Any, ...]]]:
    tree = duckdb.connect().execute(f"SELECT area, ancestor FROM '{folder}/1/tree.parquet'")
    above: defaultdict[int, list[int]] = defaultdict(list)
    for area, ancestor in tree.fetchall():
        above[area].append(ancestor)
    width = len(_COUNTED) + 3 * len(_SUMMED)
    sums: defaultdict[int, list[int]] = defaultdict(lambda: [0] * width)
    for area, *cells in lines:
        for ancestor in above[int(area)]:
            held = sums[ancestor]
            for place, cell in enumerate(cells):
                held[place] += int(cell or 0)
    found: defaultdict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for area, (joint, mended, unmended, *amounts) in sums.items():
        if joint:
            found["count"].append((SHAPES["count"][0], area, joint, joint, joint))
        if mended:
            found["ratio"].append((SHAPES["ratio"][0], area, mended, mended + unmended))
        names = (*SHAPES["sum"], *SHAPES["stock"])
        for place, name in enumerate(names):
            value, lo, hi = amounts[3 * place : 3 * place + 3]
            if value:
                shape = "stock" if name in SHAPES["stock"] else "sum"
                found[shape].append((name, area, value, lo, hi))
    return found
