"""PostgreSQL at its best: the newest Debian has, on a throw-away cluster.

What is done for it: 2 GB of buffers, 256 MB of work memory, no JIT, parallel scans; narrow tables
with small codes instead of words and whole numbers instead of decimals; only rows that can count
(no superseded version, nothing planned or withdrawn); one partition a kind and measure, which
prunes better than an index when all days are asked for, and an index for the newest observation;
all of it vacuumed, analysed and read once. Roll-ups are sums of sums, not GROUPING SETS. It is
spared bounds of counts, flags and fingerprints. Not timed: loading.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import Any

import duckdb
import psycopg

from bench.child import digest
from bench.indicators.shapes import END, SHAPES, START

SETTINGS = {
    "shared_buffers": "2GB",
    "work_mem": "256MB",
    "maintenance_work_mem": "512MB",
    "effective_cache_size": "8GB",
    "max_parallel_workers_per_gather": "2",
    "min_parallel_table_scan_size": "0",
    "jit": "off",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "max_wal_size": "8GB",
    "autovacuum": "off",
}
_COUNTS = (
    "state NOT IN ('planned', 'source_wanted', 'withdrawn') AND known_to = 9223372036854775807"
)
# Table → (columns, DuckDB query over the snapshot). Codes: grain 0 event, 1 summary.
_TABLES = {
    "visits": (
        "area int4, grain int2, first_day date, last_day date",
        "SELECT area, (grain = 'summary')::INT, first_day, last_day FROM records"
        f" WHERE kind = 'base.visit' AND {_COUNTS}",
    ),
    "joint": (
        "area int4, first_day date, last_day date, lead int8",
        "SELECT area, first_day, last_day, CAST(CAST('0x' || substr(f_lead, 2) AS UBIGINT) AS BIGINT)"
        f" FROM records WHERE kind = 'base.joint_action' AND {_COUNTS}",
    ),
    "guidance": (
        "area int4, first_day date, last_day date, rectified bool",
        "SELECT area, first_day, last_day, f_rectified = '已整改' FROM records"
        f" WHERE kind = 'base.guidance' AND {_COUNTS}",
    ),
    **{
        name: (
            "area int4, grain int2, first_day date, last_day date, key int8,"
            " value int8, lo int8, hi int8",
            "SELECT area, (grain = 'summary')::INT, first_day, last_day, key, value::BIGINT,"
            f" lo::BIGINT, hi::BIGINT FROM quantities WHERE measure = '{measure}' AND NOT part"
            f" AND {_COUNTS}",
        )
        for name, measure in {
            "households": "base.visit.households",
            "money": "base.visit.money",
            "times": "base.visit.visits",
            "stock": "base.profile.households",
        }.items()
    },
}
_IN = f"first_day >= '{START}' AND last_day <= '{END}'"
_UP = "SELECT t.ancestor, {sums} FROM leaf l JOIN tree t USING (area) GROUP BY t.ancestor"
_SUM = f"""
WITH sums AS (SELECT area, grain, sum(value) AS v, sum(lo) AS lo, sum(hi) AS hi FROM {{table}}
  WHERE {_IN} GROUP BY area, grain),
leaf AS (SELECT DISTINCT ON (area) * FROM sums ORDER BY area, grain)
{_UP.format(sums="sum(v), sum(lo), sum(hi)")}
"""
_TALLY = f"""
WITH parts AS (
  SELECT area, grain, count(*) AS v, count(*) AS lo, count(*) AS hi FROM visits
  WHERE grain = 0 AND {_IN} GROUP BY area, grain
  UNION ALL
  SELECT area, grain, sum(value - 1 + grain), sum(lo - 1 + grain), sum(hi - 1 + grain) FROM times
  WHERE {_IN} GROUP BY area, grain),
sums AS (SELECT area, grain, sum(v) AS v, sum(lo) AS lo, sum(hi) AS hi FROM parts
  GROUP BY area, grain),
leaf AS (SELECT DISTINCT ON (area) * FROM sums ORDER BY area, grain)
{_UP.format(sums="sum(v), sum(lo), sum(hi)")}
"""
QUERIES = {
    "count": [
        f"WITH leaf AS (SELECT area, count(*) AS n FROM joint WHERE {_IN} GROUP BY area)"
        + _UP.format(sums="sum(n)")
    ],
    "sum": [_SUM.format(table="households"), _SUM.format(table="money")],
    "tally": [_TALLY],
    "ratio": [
        "WITH leaf AS (SELECT area, count(*) FILTER (WHERE rectified) AS top, count(*) AS bottom"
        f" FROM guidance WHERE rectified IS NOT NULL AND {_IN} GROUP BY area) "
        + _UP.format(sums="sum(top), sum(bottom)")
        + " HAVING sum(top) > 0"
    ],
    "distinct": [
        f"WITH leaf AS (SELECT DISTINCT area, lead FROM joint WHERE lead IS NOT NULL AND {_IN}),"
        " up AS (SELECT DISTINCT t.ancestor, l.lead FROM leaf l JOIN tree t USING (area))"
        " SELECT ancestor, count(*) FROM up GROUP BY ancestor"
    ],
    "stock": [
        "WITH leaf AS (SELECT DISTINCT ON (area) area, value, lo, hi FROM stock"
        f" WHERE last_day <= '{END}' ORDER BY area, last_day DESC, key DESC) "
        + _UP.format(sums="sum(value), sum(lo), sum(hi)")
    ],
}


def binaries() -> Path | None:
    """The folder of PostgreSQL's programs: Debian's newest, else on the path."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: p.parts[-3])
    if found:
        return found[-1].parent
    beside = shutil.which("initdb")
    return Path(beside).parent if beside else None


@contextmanager
def server() -> Iterator[str]:
    """A cluster in a temporary folder; gives its address, and leaves nothing behind."""
    programs = binaries()
    if programs is None:
        raise FileNotFoundError("initdb")
    as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    folder = Path(tempfile.mkdtemp(prefix="linli-bench-pg-"))
    if as_user:
        shutil.chown(folder, "postgres")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    def call(program: str, *words: str) -> None:
        command = [*as_user, str(programs / program), "-D", str(folder / "data"), *words]
        subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)

    call("initdb", "-U", "linli", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
    given = SETTINGS | {"port": str(port), "listen_addresses": "127.0.0.1"}
    options = " ".join(f"-c {name}={value}" for name, value in given.items())
    options += " -c unix_socket_directories="
    call("pg_ctl", "-w", "-s", "-l", str(folder / "log"), "-o", options, "start")
    try:
        yield f"postgresql://linli@127.0.0.1:{port}/postgres"
    finally:
        call("pg_ctl", "-m", "immediate", "-s", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def answer(folder: str, times: int = 1) -> dict[str, Any]:
    """Start, load, ask everything ``times`` times over and keep the best; then stop."""
    with server() as address, psycopg.connect(address, autocommit=True) as db:
        began = perf_counter()
        _load(db, Path(folder))
        loading = perf_counter() - began
        seconds: dict[str, float] = {}
        found: dict[str, list[list[tuple[Any, ...]]]] = {}
        for _ in range(times):
            for shape, queries in QUERIES.items():
                began = perf_counter()
                found[shape] = [db.execute(query.encode()).fetchall() for query in queries]
                spent = perf_counter() - began
                seconds[shape] = min(spent, seconds.get(shape, spent))
        version = db.info.parameter_status("server_version")
    answers = {shape: digest(_rows(shape, rows)) for shape, rows in found.items()}
    said = {"loading": loading, "version": version}
    return {"seconds": seconds, "answers": answers, "said": said}


def _load(db: psycopg.Connection[Any], folder: Path) -> None:
    source = duckdb.connect()
    for name, letter in (("records", "r"), ("quantities", "q")):
        pattern = f"{folder}/1/*.{letter}.parquet"
        source.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet('{pattern}')")
    db.execute("CREATE UNLOGGED TABLE tree (area int4, ancestor int4)")
    tree = f"SELECT area, ancestor FROM read_parquet('{folder}/1/tree.parquet')"
    _copy(db, source, "tree", tree)
    for name, (columns, query) in _TABLES.items():
        db.execute(f"CREATE UNLOGGED TABLE {name} ({columns})".encode())
        _copy(db, source, name, query)
    source.close()
    db.execute("CREATE INDEX ON stock (area, last_day DESC, key DESC) INCLUDE (value, lo, hi)")
    db.execute("CREATE INDEX ON tree (area) INCLUDE (ancestor)")
    db.execute("VACUUM ANALYZE")


def _copy(
    db: psycopg.Connection[Any], source: duckdb.DuckDBPyConnection, table: str, query: str
) -> None:
    with tempfile.TemporaryDirectory(prefix="linli-bench-") as folder:
        path = Path(folder) / f"{table}.csv"
        source.execute(f"COPY ({query}) TO '{path}' (FORMAT csv, HEADER false)")
        order = f"COPY {table} FROM STDIN (FORMAT csv)".encode()
        with path.open("rb") as file, db.cursor().copy(order) as stream:
            while piece := file.read(1 << 20):
                stream.write(piece)


def _rows(shape: str, results: list[list[tuple[Any, ...]]]) -> list[tuple[Any, ...]]:
    rows = [(SHAPES[shape][n], *row) for n, result in enumerate(results) for row in result]
    if shape in ("count", "distinct"):
        return [(*row, row[2], row[2]) for row in rows]
    return rows
