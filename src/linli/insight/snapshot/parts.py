"""Write the Parquet parts: columns typed and fixed, rows sorted so that scans can skip."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from linli.insight.layout import (
    CALENDAR_COLUMNS,
    OPEN,
    QUANTITY_COLUMNS,
    RECORD_COLUMNS,
    TREE_COLUMNS,
    FieldColumn,
)
from linli.insight.snapshot.pseudonym import Pseudonyms
from linli.insight.snapshot.source import RecordFact

_TYPES = {
    "BIGINT": pa.int64(),
    "INTEGER": pa.int32(),
    "VARCHAR": pa.string(),
    "DATE": pa.date32(),
    "BOOLEAN": pa.bool_(),
    "DECIMAL(38,6)": pa.decimal128(38, 6),
}
_EXACT_DAYS = frozenset({"day", "half_day", "span"})
_MICRO = Decimal("0.000001")
_SORT = ("grain", "kind", "measure", "first_day", "key")


class PartWriter:
    """Collects the rows of one partition and writes its two files."""

    def __init__(self, columns: Sequence[FieldColumn], names: Pseudonyms) -> None:
        self._columns = columns
        self._names = names
        self._records: list[tuple[Any, ...]] = []
        self._quantities: list[tuple[Any, ...]] = []
        self.known_at = 0

    def add(self, fact: RecordFact) -> None:
        """Take one version of a record."""
        row = self._record(fact)
        fields = self._fields(fact)
        self._records.append((*row, *fields))
        seen: Counter[tuple[str, str, bool]] = Counter()
        for q in fact.quantities:
            place = seen[q.measure, q.unit, q.part]
            seen[q.measure, q.unit, q.part] += 1
            amount = (_fixed(q.value), _fixed(q.lo), _fixed(q.hi))
            self._quantities.append(
                (*row, q.measure, q.unit, *amount, q.flags, q.part, place, *fields)
            )
        changed = (fact.known_from, fact.known_to or 0)
        self.known_at = max(self.known_at, *changed)

    @property
    def rows(self) -> int:
        """How many record versions were taken."""
        return len(self._records)

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds that occur."""
        return tuple(sorted({row[3] for row in self._records}))

    def write(self, records: Path, quantities: Path) -> None:
        """Write both files and fsync them."""
        extra = [(column.name, column.sql) for column in self._columns]
        write_table(records, [*RECORD_COLUMNS, *extra], self._records)
        write_table(quantities, [*QUANTITY_COLUMNS, *extra], self._quantities)

    def _record(self, fact: RecordFact) -> tuple[Any, ...]:
        first, last = days_of(fact)
        return (
            fact.key,
            fact.record,
            fact.area,
            fact.kind,
            fact.grain,
            first,
            last,
            fact.precision,
            fact.state,
            fact.late,
            fact.known_from,
            OPEN if fact.known_to is None else fact.known_to,
            self._names.number(fact.subject),
        )

    def _fields(self, fact: RecordFact) -> tuple[Any, ...]:
        return tuple(
            field_value(fact.fields.get(column.field), column, self._names)
            for column in self._columns
        )


def days_of(fact: RecordFact) -> tuple[date | None, date | None]:
    """First and last day that must lie in a period for the record to count in it.

    An event with known days belongs to the period of its first day, so that it counts once; one
    known only to the month or year counts where the whole of it lies; a state is of its last day.
    """
    start, end = fact.start or fact.end, fact.end or fact.start
    if fact.grain == "observation":
        return end, end
    if fact.grain == "event" and fact.precision in _EXACT_DAYS:
        return start, start
    return start, end


def field_value(text: str | None, column: FieldColumn, names: Pseudonyms) -> Any:
    """A field's text as the value of its column; unreadable dates and sums become NULL."""
    if text is None or text == "":
        return None
    match column.type:
        case "digest":
            return names.text(text)
        case "date":
            return _date(text)
        case "decimal":
            return _decimal(text)
        case _:
            return text


def write_table(path: Path, columns: Sequence[tuple[str, str]], rows: Iterable[Any]) -> None:
    """Write rows as one Parquet file, sorted for skipping, and fsync it."""
    schema = pa.schema([(name, _TYPES[sql]) for name, sql in columns])
    held = list(rows)
    turned: list[Any] = list(zip(*held, strict=True)) if held else [[] for _ in columns]
    arrays = [
        pa.array(values, type=field.type) for values, field in zip(turned, schema, strict=True)
    ]
    table = pa.table(arrays, schema=schema)
    order = [(name, "ascending") for name in _SORT if name in schema.names]
    if order and "grain" in schema.names:
        table = table.sort_by(order)
    pq.write_table(table, path, compression="zstd", row_group_size=122_880)
    with path.open("rb") as handle:
        os.fsync(handle.fileno())


def write_tree(path: Path, rows: Iterable[tuple[int, int, date | None, date | None]]) -> None:
    """Write the area tree; open ends become the first and the last day there is."""
    closed = [(a, b, since or date.min, until or date.max) for a, b, since, until in rows]
    write_table(path, TREE_COLUMNS, closed)


def write_calendar(path: Path, rows: Iterable[tuple[Any, ...]]) -> None:
    """Write the calendar."""
    write_table(path, CALENDAR_COLUMNS, rows)


def _fixed(value: Decimal | None) -> Decimal | None:
    return None if value is None else value.quantize(_MICRO)


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _decimal(text: str) -> Decimal | None:
    return _fixed(Decimal(text)) if re.fullmatch(r"-?\d+(\.\d+)?", text) else None
