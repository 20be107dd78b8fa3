"""DuckDB over one generation of the snapshot: in memory, nothing of its own on disk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import repeat
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import pyarrow as pa

from linli.insight.compile import Program, Question
from linli.insight.compile.question import BEGINNING, END
from linli.insight.fingerprint import Proof
from linli.insight.layout import (
    CALENDAR_COLUMNS,
    QUANTITY_COLUMNS,
    RECORD_COLUMNS,
    FieldColumn,
)
from linli.insight.snapshot import Manifest


class Sum(NamedTuple):
    """What a slot amounts to for a target. ``events``: how many of its ``cells`` are of events."""

    slot: int
    target: int
    n: int
    events: int
    cells: int
    first_area: int
    last_area: int
    late: int
    x1: int
    x2: int
    value: Decimal
    lo: Decimal | None
    hi: Decimal | None
    flags: int


class Sums:
    """The sums of a program, kept in columns; a row becomes Python values when it is asked for."""

    def __init__(self, tables: Sequence[pa.Table]) -> None:
        self._columns: list[list[pa.ChunkedArray]] = []
        self._places: dict[tuple[int, int], tuple[int, int]] = {}
        for number, table in enumerate(tables):
            slots, targets = table.column("slot").to_pylist(), table.column("target").to_pylist()
            rows = zip(repeat(number), range(table.num_rows))
            self._places.update(zip(zip(slots, targets, strict=True), rows, strict=False))
            self._columns.append([table.column(name).combine_chunks() for name in Sum._fields])

    def get(self, slot: int | None, target: int) -> Sum | None:
        """What the slot amounts to for the target; None if nothing counts."""
        place = None if slot is None else self._places.get((slot, target))
        if place is None:
            return None
        number, row = place
        return Sum._make([column[row].as_py() for column in self._columns[number]])

    def targets(self) -> tuple[int, ...]:
        """All targets for which something counts, in order."""
        return tuple(sorted({target for _, target in self._places}))


@dataclass(frozen=True, slots=True)
class Outcome:
    """All sums of a program; ``behind``: (slot, target) → record keys, where asked for.

    ``proofs``: (indicator, target) → count and moments, for indicators of several terms.
    """

    sums: Sums
    entities: dict[tuple[int, int], int]
    behind: dict[tuple[int, int], frozenset[int]]
    proofs: dict[tuple[int, int], Proof]


class Engine:
    """Answers programs from the Parquet files of ``manifest``; close it when done."""

    def __init__(
        self, folder: Path, manifest: Manifest, columns: Sequence[FieldColumn], threads: int = 0
    ) -> None:
        self._db = duckdb.connect(":memory:", config=_config(threads))
        # Parts are written once and never changed: their footers need to be read once only. Global,
        # for every cursor is a connection of its own.
        self._db.execute("SET GLOBAL parquet_metadata_cache = true")
        self.sorts = manifest.sorts()
        self.kinds = frozenset(kind for kind, _ in self.sorts)
        extra = [(column.name, column.sql) for column in columns]
        parts = manifest.parts.values()
        self._view("records", [folder / p.records for p in parts], [*RECORD_COLUMNS, *extra])
        self._view(
            "quantities", [folder / p.quantities for p in parts], [*QUANTITY_COLUMNS, *extra]
        )
        self._view("calendar", [folder / manifest.calendar], CALENDAR_COLUMNS)
        self._db.execute(f"CREATE TABLE tree AS SELECT * FROM {_scan([folder / manifest.tree])}")

    def close(self) -> None:
        """Free the memory."""
        self._db.close()

    def changes(self, until: date) -> tuple[date, ...]:
        """Days up to ``until`` on which the area tree changed."""
        found = self._db.execute(
            "SELECT DISTINCT day FROM (SELECT since AS day FROM tree UNION SELECT until FROM tree)"
            " AS days ORDER BY day"
        ).fetchall()
        return tuple(day for (day,) in found if BEGINNING < day <= until and day < END)

    def run(self, program: Program, question: Question, *, behind: bool = False) -> Outcome:
        """Run the steps and return the sums; with ``behind`` also the keys of the records."""
        cursor, values = self._db.cursor(), question.values()
        try:
            _ask(cursor, question.targets or ())
            for name, sql in program.steps:
                # For all areas the scope is the tree itself, which need not be copied.
                lasting = "VIEW" if name == "scope" and question.targets is None else "TABLE"
                made = f"CREATE OR REPLACE TEMP {lasting} {name} AS {sql}"
                cursor.execute(made, _used(made, values))
            cursor.execute(f"CREATE OR REPLACE TEMP VIEW counted AS {program.counted}")
            sums = Sums([cursor.execute(sql).to_arrow_table() for sql in program.results])
            entities: dict[tuple[int, int], int] = {}
            if program.entities is not None:
                found = cursor.execute(program.entities).fetchall()
                entities = {(slot, target): count for slot, target, count in found}
            proofs: dict[tuple[int, int], Proof] = {}
            if program.proofs is not None:
                asked = cursor.execute(program.proofs, _used(program.proofs, values))
                proofs = {(row[0], row[1]): Proof(*row[2:]) for row in asked.fetchall()}
            keys = _behind(cursor, program, values) if behind else {}
            return Outcome(sums, entities, keys, proofs)
        finally:
            cursor.close()

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        """Answer one question that needs no steps."""
        return self._db.cursor().execute(sql).fetchall()

    def _view(self, name: str, files: list[Path], columns: Sequence[tuple[str, str]]) -> None:
        if files:
            self._db.execute(f"CREATE VIEW {name} AS SELECT * FROM {_scan(files)}")
        else:
            typed = ", ".join(f"CAST(NULL AS {sql}) AS {column}" for column, sql in columns)
            self._db.execute(f"CREATE VIEW {name} AS SELECT {typed} WHERE FALSE")


def _config(threads: int) -> dict[str, str | bool | int | float | list[str]]:
    """No download, no file beside the snapshot; ``threads`` 0 leaves the choice to DuckDB."""
    config: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    if threads:
        config["threads"] = threads
    return config


def _scan(files: Sequence[Path]) -> str:
    quoted = ", ".join("'" + str(file).replace("'", "''") + "'" for file in files)
    return f"read_parquet([{quoted}])"


def _behind(
    cursor: duckdb.DuckDBPyConnection, program: Program, values: Mapping[str, str | int]
) -> dict[tuple[int, int], frozenset[int]]:
    found: dict[tuple[int, int], set[int]] = {}
    for target, slot, key in cursor.execute(
        program.behind, _used(program.behind, values)
    ).fetchall():
        found.setdefault((slot, target), set()).add(key)
    return {place: frozenset(keys) for place, keys in found.items()}


def _ask(cursor: duckdb.DuckDBPyConnection, targets: Sequence[int]) -> None:
    """The targets as a table, so that the SQL does not depend on them."""
    cursor.execute("CREATE OR REPLACE TEMP TABLE asked (area BIGINT)")
    if targets:
        cursor.execute("INSERT INTO asked SELECT unnest($keys)", {"keys": list(targets)})


def _used(sql: str, values: Mapping[str, str | int]) -> dict[str, str | int]:
    """DuckDB refuses a parameter that a statement does not name."""
    return {name: value for name, value in values.items() if f"${name}" in sql}
