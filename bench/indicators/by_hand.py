"""What a good hand writes: plain SQL for these questions, on the same DuckDB and Parquet files.

It knows the data: which rules can matter for which question, and that sums may climb the tree as
sums. It gives what a figure shows: value, bounds and flags (that is 余, 近, 约), how many records,
how many of them late, and, with ``prove``, the two moments of the fingerprint. Both it and Linli are timed
until their numbers lie in columns in this process; Python objects of single cells come after.
"""

from __future__ import annotations

from pathlib import Path
from time import perf_counter
from typing import Any

import duckdb
import pyarrow as pa

from bench.child import digest
from bench.indicators.shapes import END, SHAPES, START

_DONE = "state NOT IN ('planned', 'source_wanted', 'withdrawn') AND known_to = 9223372036854775807"
_IN = f"{_DONE} AND first_day >= DATE '{START}' AND last_day <= DATE '{END}'"
_X1 = "key % 2147483647"
_X2 = f"({_X1}) * ({_X1}) % 2147483647"
_PROOF = f", SUM({_X1})::BIGINT AS x1, SUM({_X2})::BIGINT AS x2"
_ZERO = (
    f", SUM(CASE WHEN one = 0 THEN {_X1} ELSE 0 END), SUM(CASE WHEN one = 0 THEN {_X2} ELSE 0 END)"
)
_UP = """SELECT t.ancestor, {sums} FROM leaf AS l JOIN tree AS t USING (area) GROUP BY t.ancestor"""

COUNT = f"""
WITH leaf AS (SELECT area, COUNT(*) AS n, COUNT(*) FILTER (late) AS late {{proof}} FROM records
  WHERE kind = 'base.joint_action' AND grain = 'event' AND {_IN} GROUP BY area)
{_UP.format(sums="SUM(n), SUM(late) {up}")}
"""
SUM = f"""
WITH sums AS (SELECT area, measure, grain, SUM(value) AS v, SUM(lo) AS lo, SUM(hi) AS hi,
    BIT_OR(flags) AS flags, COUNT(*) AS n, COUNT(*) FILTER (late) AS late {{proof}} FROM quantities
  WHERE kind = 'base.visit' AND measure IN ('base.visit.households', 'base.visit.money')
    AND NOT part AND {_IN} GROUP BY area, measure, grain),
leaf AS (SELECT * FROM sums QUALIFY ROW_NUMBER() OVER (PARTITION BY area, measure ORDER BY grain) = 1)
SELECT l.measure, t.ancestor, SUM(v), SUM(lo), SUM(hi), BIT_OR(flags), SUM(n), SUM(late) {{up}}
FROM leaf AS l JOIN tree AS t USING (area) GROUP BY l.measure, t.ancestor
"""
TALLY = f"""
WITH sums AS (SELECT area, grain, SUM(v) AS v, SUM(lo) AS lo, SUM(hi) AS hi, BIT_OR(flags) AS flags,
    SUM(n) AS n, SUM(late) AS late {{again}} FROM (
  SELECT area, grain, COUNT(*) AS v, COUNT(*) AS lo, COUNT(*) AS hi, 1 AS flags, COUNT(*) AS n,
    COUNT(*) FILTER (late) AS late {{proof}} FROM records
  WHERE kind = 'base.visit' AND grain = 'event' AND {_IN} GROUP BY area, grain
  UNION ALL
  SELECT area, grain, SUM(value - one), SUM(lo - one), SUM(hi - one), BIT_OR(flags),
    COUNT(*) FILTER (one = 0), COUNT(*) FILTER (one = 0 AND late) {{zero}}
  FROM (SELECT *, CASE WHEN grain = 'event' THEN 1 ELSE 0 END AS one FROM quantities
    WHERE kind = 'base.visit' AND measure = 'base.visit.visits' AND NOT part AND {_IN})
  GROUP BY area, grain) GROUP BY area, grain),
leaf AS (SELECT * FROM sums QUALIFY ROW_NUMBER() OVER (PARTITION BY area ORDER BY grain) = 1)
{_UP.format(sums="SUM(v), SUM(lo), SUM(hi), BIT_OR(flags), SUM(n), SUM(late) {up}")}
"""
RATIO = f"""
WITH leaf AS (SELECT area, COUNT(*) FILTER (f_rectified = '已整改') AS top, COUNT(*) AS bottom,
    COUNT(*) FILTER (late) AS late {{proof}} FROM records
  WHERE kind = 'base.guidance' AND grain = 'event' AND f_rectified IS NOT NULL AND {_IN}
  GROUP BY area)
{_UP.format(sums="SUM(top), SUM(bottom), SUM(late) {up}")} HAVING SUM(top) > 0
"""
DISTINCT = f"""
WITH leaf AS (SELECT area, f_lead, COUNT(*) AS n, COUNT(*) FILTER (late) AS late {{proof}}
  FROM records WHERE kind = 'base.joint_action' AND grain = 'event' AND f_lead IS NOT NULL AND {_IN}
  GROUP BY area, f_lead)
{_UP.format(sums="COUNT(DISTINCT f_lead), SUM(n), SUM(late) {up}")}
"""
STOCK = f"""
WITH newest AS (SELECT * FROM quantities
  WHERE kind = 'base.profile' AND grain = 'observation' AND measure = 'base.profile.households'
    AND NOT part AND {_DONE} AND last_day <= DATE '{END}'
  QUALIFY ROW_NUMBER() OVER (PARTITION BY area ORDER BY last_day DESC, key DESC) = 1)
SELECT t.ancestor, SUM(value), SUM(lo), SUM(hi), BIT_OR(flags), COUNT(*), COUNT(*) FILTER (late)
  {{proof}}
FROM newest AS l JOIN tree AS t USING (area) GROUP BY t.ancestor
"""
QUERIES = {
    "count": COUNT,
    "sum": SUM,
    "tally": TALLY,
    "ratio": RATIO,
    "distinct": DISTINCT,
    "stock": STOCK,
}


def answer(folder: str, prove: bool = True, shapes: list[str] | None = None) -> dict[str, Any]:
    """Run the statements; all files of the snapshot are given by pattern."""
    began = perf_counter()
    db = duckdb.connect()
    db.execute("SET parquet_metadata_cache = true")
    for name, letter in (("records", "r"), ("quantities", "q")):
        files = sorted(str(path) for path in Path(folder).glob(f"1/*.{letter}.parquet"))
        db.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet({files})")
    db.execute(f"CREATE TABLE tree AS SELECT * FROM read_parquet('{folder}/1/tree.parquet')")
    seconds = {"open": perf_counter() - began}
    parts = {
        "proof": _PROOF if prove else "",
        "zero": _ZERO if prove else "",
        "again": ", SUM(x1) AS x1, SUM(x2) AS x2" if prove else "",
        "up": ", SUM(x1), SUM(x2)" if prove else "",
    }
    found = {}
    for shape in shapes or list(SHAPES):
        began = perf_counter()
        found[shape] = db.execute(QUERIES[shape].format(**parts)).to_arrow_table()
        seconds[shape] = perf_counter() - began
    answers = {shape: digest(_rows(shape, _tuples(table))) for shape, table in found.items()}
    return {"seconds": seconds, "answers": answers}


def _tuples(table: pa.Table) -> list[tuple[Any, ...]]:
    return list(zip(*(column.to_pylist() for column in table.columns), strict=True))


def _rows(shape: str, rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Indicator, area, then what the others give too; the rest was computed and is left out."""
    names = dict(zip(("base.visit.households", "base.visit.money"), SHAPES["sum"], strict=True))
    match shape:
        case "sum":
            return [(names[row[0]], *row[1:5]) for row in rows]
        case "count" | "distinct":
            return [(SHAPES[shape][0], row[0], row[1], row[1], row[1]) for row in rows]
        case "ratio":
            return [(SHAPES[shape][0], *row[:3]) for row in rows]
        case _:
            return [(SHAPES[shape][0], *row[:4]) for row in rows]
