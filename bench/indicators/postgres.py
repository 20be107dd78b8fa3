"""PostgreSQL on a throw-away cluster: the newest Debian has, given all that helps it.

2 GB of buffers, 256 MB of work memory, no JIT, parallel scans, no fsync; all of it vacuumed,
analysed and asked once before it is timed. Words sort by bytes; amounts are whole numbers of
millionths, which it adds faster than decimals. Roll-ups are sums of sums, not GROUPING SETS. Not
timed: loading and indexing.

*General*: one table of records and one of quantities with every row, as Linli's snapshot has them;
covering indexes hold all columns of a question in the order of its conditions and of its grouping,
so that only the rows asked for are read, and none from the table. It gives what a figure shows:
value, bounds, flags, records, late ones, fingerprint.

*Narrow*: a table a question with only the rows that can count (no superseded version, nothing
planned or withdrawn), small codes for words, whole units; spared flags, late records, fingerprints.
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
from statistics import median
from time import perf_counter
from typing import Any

import duckdb
import psycopg

from bench.child import digest
from bench.indicators.shapes import END, SHAPES, START

SETTINGS = {
    "shared_buffers": "2GB",
    "work_mem": "256MB",
    "maintenance_work_mem": "1GB",
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
_NARROW = {
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
NARROW = {
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


_ALL = {
    "records": (
        "key int8, area int4, kind text, grain text, first_day date, last_day date, state text,"
        " late bool, known_to int8, lead text, rectified text",
        "SELECT key, area, kind, grain, first_day, last_day, state, late, known_to, f_lead,"
        " f_rectified FROM records",
    ),
    "quantities": (
        "key int8, area int4, kind text, grain text, first_day date, last_day date, state text,"
        " late bool, known_to int8, measure text, unit text, value int8, lo int8, hi int8,"
        " flags int4, part bool, nth int4",
        "SELECT key, area, kind, grain, first_day, last_day, state, late, known_to, measure, unit,"
        " (value * 1000000)::BIGINT, (lo * 1000000)::BIGINT, (hi * 1000000)::BIGINT, flags, part,"
        " nth FROM quantities",
    ),
}
_AMOUNTS = "first_day, last_day, state, known_to, late, part, value, lo, hi, flags"
_INDEXES = (
    "CREATE INDEX ON records (kind, grain, area)"
    " INCLUDE (first_day, last_day, state, known_to, late, key, lead, rectified)",
    f"CREATE INDEX ON quantities (measure, area, grain) INCLUDE ({_AMOUNTS}, key)",
    "CREATE INDEX ON quantities (measure, area, last_day DESC, key DESC)"
    " INCLUDE (state, known_to, late, part, value, lo, hi, flags) WHERE grain = 'observation'",
)
_RIGHT = f"{_COUNTS} AND {_IN}"
_X1 = "key % 2147483647"
_X2 = f"({_X1}) * ({_X1}) % 2147483647"
_SHOWN = f"count(*) AS n, count(*) FILTER (WHERE late) AS late, sum({_X1}) AS x1, sum({_X2}) AS x2"
_SHOWN_UP = "sum(n), sum(late), sum(x1), sum(x2)"
_THREE = "sum(value) AS v, sum(lo) AS lo, sum(hi) AS hi, bit_or(flags) AS flags"
_THREE_UP = "sum(v) / 1000000, sum(lo) / 1000000, sum(hi) / 1000000, bit_or(flags)"
_GENERAL_SUM = f"""
WITH sums AS (SELECT area, grain, {_THREE}, {_SHOWN} FROM quantities
  WHERE measure = '{{measure}}' AND grain IN ('event', 'summary') AND NOT part AND {_RIGHT}
  GROUP BY area, grain),
leaf AS (SELECT DISTINCT ON (area) * FROM sums ORDER BY area, grain)
{_UP.format(sums=f"{_THREE_UP}, {_SHOWN_UP}")}
"""
_GENERAL_TALLY = f"""
WITH parts AS (
  SELECT area, grain, count(*) * 1000000 AS v, count(*) * 1000000 AS lo, count(*) * 1000000 AS hi,
    1 AS flags, {_SHOWN} FROM records
  WHERE kind = 'base.visit' AND grain = 'event' AND {_RIGHT} GROUP BY area, grain
  UNION ALL
  SELECT area, grain, sum(value) - one * count(*), sum(lo) - one * count(*),
    sum(hi) - one * count(*), bit_or(flags), CASE one WHEN 0 THEN count(*) ELSE 0 END,
    CASE one WHEN 0 THEN count(*) FILTER (WHERE late) ELSE 0 END,
    CASE one WHEN 0 THEN sum({_X1}) ELSE 0 END, CASE one WHEN 0 THEN sum({_X2}) ELSE 0 END
  FROM quantities, LATERAL (SELECT CASE grain WHEN 'event' THEN 1000000 ELSE 0 END AS one) AS o
  WHERE measure = 'base.visit.visits' AND grain IN ('event', 'summary') AND NOT part AND {_RIGHT}
  GROUP BY area, grain, one),
sums AS (SELECT area, grain, sum(v) AS v, sum(lo) AS lo, sum(hi) AS hi, bit_or(flags) AS flags,
  sum(n) AS n, sum(late) AS late, sum(x1) AS x1, sum(x2) AS x2 FROM parts GROUP BY area, grain),
leaf AS (SELECT DISTINCT ON (area) * FROM sums ORDER BY area, grain)
{_UP.format(sums=f"{_THREE_UP}, {_SHOWN_UP}")}
"""
GENERAL = {
    "count": [
        f"WITH leaf AS (SELECT area, {_SHOWN} FROM records WHERE kind = 'base.joint_action'"
        f" AND grain = 'event' AND {_RIGHT} GROUP BY area) " + _UP.format(sums=_SHOWN_UP)
    ],
    "sum": [
        _GENERAL_SUM.format(measure="base.visit.households"),
        _GENERAL_SUM.format(measure="base.visit.money"),
    ],
    "tally": [_GENERAL_TALLY],
    "ratio": [
        "WITH leaf AS (SELECT area, count(*) FILTER (WHERE rectified = '已整改') AS top,"
        f" {_SHOWN} FROM records WHERE kind = 'base.guidance' AND grain = 'event'"
        f" AND rectified IS NOT NULL AND {_RIGHT} GROUP BY area) "
        + _UP.format(sums="sum(top), sum(n), sum(late), sum(x1), sum(x2)")
        + " HAVING sum(top) > 0"
    ],
    "distinct": [
        f"WITH leaf AS (SELECT area, lead, {_SHOWN} FROM records WHERE kind = 'base.joint_action'"
        f" AND grain = 'event' AND lead IS NOT NULL AND {_RIGHT} GROUP BY area, lead),"
        f" up AS (SELECT t.ancestor, l.lead, sum(n) AS n, sum(late) AS late, sum(x1) AS x1,"
        " sum(x2) AS x2 FROM leaf l JOIN tree t USING (area) GROUP BY t.ancestor, l.lead)"
        f" SELECT ancestor, count(*), {_SHOWN_UP} FROM up GROUP BY ancestor"
    ],
    "stock": [
        f"WITH leaf AS (SELECT DISTINCT ON (area) area, value AS v, lo, hi, flags, late, key,"
        f" 1 AS n, {_X1} AS x1, {_X2} AS x2 FROM quantities"
        " WHERE measure = 'base.profile.households' AND grain = 'observation' AND NOT part"
        f" AND {_COUNTS} AND last_day <= '{END}' ORDER BY area, last_day DESC, key DESC) "
        + _UP.format(sums=f"{_THREE_UP}, sum(n), count(*) FILTER (WHERE late), sum(x1), sum(x2)")
    ],
}
_WIDTH = {"count": 2, "distinct": 2, "ratio": 3}
"""How many columns are compared; the others were given and are left out."""


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


def answer(folder: str, narrow: bool, times: int = 1) -> dict[str, Any]:
    """Start, load, ask everything once to warm up, then ``times`` times over for the median; stop."""
    queries_of = NARROW if narrow else GENERAL
    with server() as address, psycopg.connect(address, autocommit=True) as db:
        began = perf_counter()
        _load(db, Path(folder), narrow)
        loading = perf_counter() - began
        spent: dict[str, list[float]] = {shape: [] for shape in queries_of}
        found: dict[str, list[list[tuple[Any, ...]]]] = {}
        for _ in range(times + 1):
            for shape, queries in queries_of.items():
                began = perf_counter()
                found[shape] = [db.execute(query.encode()).fetchall() for query in queries]
                spent[shape].append(perf_counter() - began)
        seconds = {shape: median(rounds[1:]) for shape, rounds in spent.items()}
        version = db.info.parameter_status("server_version")
    answers = {shape: digest(_rows(shape, rows)) for shape, rows in found.items()}
    said = {"loading": loading, "version": version}
    return {"seconds": seconds, "answers": answers, "said": said}


def _load(db: psycopg.Connection[Any], folder: Path, narrow: bool) -> None:
    source = duckdb.connect()
    for name, letter in (("records", "r"), ("quantities", "q")):
        pattern = f"{folder}/1/*.{letter}.parquet"
        source.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet('{pattern}')")
    db.execute("CREATE UNLOGGED TABLE tree (area int4, ancestor int4)")
    tree = f"SELECT area, ancestor FROM read_parquet('{folder}/1/tree.parquet')"
    _copy(db, source, "tree", tree)
    tables = _NARROW if narrow else _ALL
    for name, (columns, query) in tables.items():
        db.execute(f"CREATE UNLOGGED TABLE {name} ({columns})".encode())
        _copy(db, source, name, query)
    source.close()
    own = "CREATE INDEX ON stock (area, last_day DESC, key DESC) INCLUDE (value, lo, hi)"
    for index in (own,) if narrow else _INDEXES:
        db.execute(index.encode())
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
    width = _WIDTH.get(shape, 4)
    rows = [(SHAPES[shape][n], *row[:width]) for n, result in enumerate(results) for row in result]
    if shape in ("count", "distinct"):
        return [(*row, row[2], row[2]) for row in rows]
    return rows
