"""Millions of records as a snapshot, drawn by DuckDB set by set: the product's parts and writer,
without ten million Python objects in between.
"""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from bench.indicators.shapes import Size
from linli.insight.layout import OPEN, QUANTITY_COLUMNS, RECORD_COLUMNS, field_columns
from linli.insight.snapshot.calendar import calendar
from linli.insight.snapshot.manifest import NAME, Manifest, Part, swap
from linli.insight.snapshot.parts import write_calendar, write_sorted, write_tree
from linli.insight.snapshot.refresh import buckets_for
from linli.packs.load import registry

VERSION = "5"
YEARS = (2008, 2009, 2010)
_CLOSED = 1_300_000_000_000_000

# x, y, z: three independent draws a record. Of 1000 records 400 are visits, 250 joint actions,
# 250 guidance, 12 observations of the profile, the rest study. Every fiftieth community keeps
# totals of visits instead of visits, the next one both. 3 % are planned, 2 % superseded, 5 % late.
_DRAWN = """
CREATE OR REPLACE TEMP TABLE drawn AS
WITH places AS (SELECT $first + c AS area FROM range($width) AS t(c) WHERE ($first + c) % $buckets = $bucket),
rows AS (SELECT area, n, area * $each + n AS key, hash(area * $each + n) AS h
  FROM places, range($each) AS r(n)),
draws AS (SELECT area, key, (h % 1000)::INTEGER AS x, ((h >> 12) % 1000)::INTEGER AS y,
  ((h >> 24) % 1000)::INTEGER AS z, ((h >> 36) % 100)::INTEGER AS w, (h >> 2)::BIGINT AS big,
  DATE '2008-01-01' + ((h >> 44) % 1096)::INTEGER AS day FROM rows),
kinds AS (SELECT *, CASE WHEN x < 400 THEN 'base.visit' WHEN x < 650 THEN 'base.joint_action'
  WHEN x < 900 THEN 'base.guidance' WHEN x < 988 THEN 'base.study' ELSE 'base.profile' END AS kind
  FROM draws)
SELECT key, big AS record, area, kind,
  CASE WHEN kind = 'base.profile' THEN 'observation'
    WHEN kind = 'base.visit' AND (area % 50 = 0 OR (area % 50 = 1 AND y < 50)) THEN 'summary'
    ELSE 'event' END AS grain,
  CASE WHEN grain = 'summary' THEN date_trunc('year', day)::DATE ELSE day END AS first_day,
  CASE WHEN grain = 'summary' THEN make_date(year(day), 12, 31) ELSE day END AS last_day,
  CASE WHEN grain = 'summary' THEN 'year' ELSE 'day' END AS precision,
  CASE WHEN z < 30 THEN 'planned' WHEN z < 40 THEN 'withdrawn' ELSE 'done' END AS state,
  w < 5 AS late, 1200000000000000 + key AS known_from,
  CASE WHEN w >= 98 THEN $closed ELSE $open END::BIGINT AS known_to,
  CASE WHEN kind = 'base.profile' THEN area ELSE big END AS subject,
  CASE WHEN kind = 'base.joint_action' THEN printf('%016x', hash(area // 10 * 40 + y % 40)) END AS f_lead,
  CASE WHEN kind = 'base.guidance' THEN CASE WHEN y < 600 THEN '已整改' WHEN y < 850 THEN '未整改' END
    END AS f_rectified,
  year(day) AS y4, y, z, w
FROM kinds
"""
# A visit says households (one in ten also a part of them), six in ten money, one in five how many
# visits it stands for. One in five amounts is inexact: 余, 近, 约.
_SAID = """
CREATE OR REPLACE TEMP TABLE said AS
WITH amounts AS (
  SELECT d.*, 'base.visit.households' AS measure, '户' AS unit, (1 + y % 40)::BIGINT AS v,
    FALSE AS part, 0 AS nth FROM drawn AS d WHERE kind = 'base.visit'
  UNION ALL SELECT d.*, 'base.visit.households', '户', 1, TRUE, 0
    FROM drawn AS d WHERE kind = 'base.visit' AND w % 10 = 3
  UNION ALL SELECT d.*, 'base.visit.money', '元', 100 * (1 + z % 90), FALSE, 0
    FROM drawn AS d WHERE kind = 'base.visit' AND y < 600
  UNION ALL SELECT d.*, 'base.visit.visits', '次', 2 + w % 5, FALSE, 0
    FROM drawn AS d WHERE kind = 'base.visit' AND y % 5 = 0
  UNION ALL SELECT d.*, 'base.profile.households', '户', 900 + z, FALSE, 0
    FROM drawn AS d WHERE kind = 'base.profile')
SELECT * EXCLUDE (v), v::DECIMAL(38,6) AS value,
  CASE WHEN w % 20 IN (9, 19) OR w % 20 = 7 THEN v - 10 ELSE v END::DECIMAL(38,6) AS lo,
  CASE WHEN w % 20 IN (1, 11) OR w % 20 = 7 THEN v + 10 ELSE v END::DECIMAL(38,6) AS hi,
  CASE WHEN w % 20 IN (1, 11) THEN 8 WHEN w % 20 IN (9, 19) THEN 16 WHEN w % 20 = 7 THEN 32
    ELSE 1 END::INTEGER AS flags
FROM amounts
"""


def make(folder: Path, size: Size) -> Path:
    """Write the snapshot of that size into ``folder`` unless it is there already."""
    stamp = folder / f"made-{VERSION}-{size.records}-{size.levels[-1]}"
    if stamp.exists():
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "1").mkdir(parents=True)
    write_tree(folder / "1" / "tree.parquet", [(a, b, None, None) for a, b in size.tree()])
    write_calendar(folder / "1" / "calendar.parquet", calendar(min(YEARS), max(YEARS)))
    parts = _parts(folder, size)
    swap(
        folder,
        Manifest(
            generation=1,
            layout="bench",
            mark="bench",
            as_of=date(2011, 1, 1).isoformat(),
            known_at=0,
            tree="1/tree.parquet",
            calendar="1/calendar.parquet",
            years=(min(YEARS), max(YEARS)),
            parts=parts,
        ),
    )
    stamp.touch()
    return folder


def _parts(folder: Path, size: Size) -> dict[str, Part]:
    extra = [(column.name, column.sql) for column in field_columns(registry(folder))]
    db = duckdb.connect(config={"threads": 2})
    parts = {}
    buckets = buckets_for(size.records)
    for bucket in range(buckets):
        given: dict[str, Any] = {
            "first": size.first_community,
            "width": size.levels[-1],
            "each": size.each,
            "buckets": buckets,
            "bucket": bucket,
            "closed": _CLOSED,
            "open": OPEN,
        }
        db.execute(_DRAWN, given)
        db.execute(_SAID)
        for year in YEARS:
            found = db.execute("SELECT count(*) FROM drawn WHERE y4 = ?", [year]).fetchone()
            rows = int(found[0]) if found else 0
            if not rows:
                continue
            name = f"{bucket}-{year:04d}"
            files = {table: f"1/{name}.{table}.parquet" for table in ("r", "q")}
            _copy(db, "drawn", [*RECORD_COLUMNS, *extra], year, folder / files["r"])
            _copy(db, "said", [*QUANTITY_COLUMNS, *extra], year, folder / files["q"])
            sorts = db.execute("SELECT DISTINCT kind, grain FROM drawn WHERE y4 = ?", [year])
            parts[name] = Part("1", files["r"], files["q"], rows, tuple(sorts.fetchall()))
    db.close()
    return parts


def _copy(
    db: duckdb.DuckDBPyConnection,
    table: str,
    columns: list[tuple[str, str]],
    year: int,
    path: Path,
) -> None:
    """Write by the product's own writer; columns that nothing was drawn for are NULL."""
    have = {row[0] for row in db.execute(f"DESCRIBE {table}").fetchall()}
    drawn = ", ".join(f"CAST({name} AS {sql}) AS {name}" for name, sql in columns if name in have)
    asked = db.execute(f"SELECT {drawn} FROM {table} WHERE y4 = {year}")
    write_sorted(path, columns, asked.to_arrow_table())


def prepare(folder: str, records: int, levels: list[int]) -> dict[str, Any]:
    """As a contender, so that the caller stays small."""
    one, two, three, four, five = levels
    made = make(Path(folder), Size(records, (one, two, three, four, five)))
    size = sum(file.stat().st_size for file in made.rglob("*.parquet"))
    return {"seconds": {}, "answers": {}, "said": {"bytes": size, "manifest": NAME}}
