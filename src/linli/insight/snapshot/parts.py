"""Write the Parquet parts: columns typed and fixed, rows sorted so that scans can skip."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
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
_BATCH = 20_000
_GROUP = 122_880
_RUN = 8_000
"""From so many rows on a kind has row groups of its own; fewer would cost more than they spare."""


class PartWriter:
    """Collects the rows of one partition, column by column, and writes its two files.

    Rows wait as Python values only until a batch is full. A quantity repeats the columns of its
    record: they are copied from its row when the batch is put away. Fields that no record has cost
    nothing.
    """

    def __init__(self, columns: Sequence[FieldColumn], names: Pseudonyms) -> None:
        self._columns = tuple(columns)
        self._by_field = {column.field: column for column in columns}
        self._names = names
        self._texts: dict[str, str] = {}
        self._numbers: dict[str, int] = {}
        self._records: list[pa.Table] = []
        self._quantities: list[pa.Table] = []
        self._sorts: set[tuple[str, str]] = set()
        self._rows: list[tuple[Any, ...]] = []
        self._amounts: list[tuple[Any, ...]] = []
        self._fields: dict[str, list[Any]] = {}
        self.rows = 0
        self.known_at = 0

    def add(self, fact: RecordFact) -> None:
        """Take one version of a record."""
        place = len(self._rows)
        self._rows.append(self._record(fact))
        self._sorts.add((fact.kind, fact.grain))
        for field, text in fact.fields.items():
            column = self._by_field.get(field)
            if column is not None:
                self._field(column, text, place)
        if fact.quantities:
            self._add_quantities(fact, place)
        self.known_at = max(self.known_at, fact.known_from, fact.known_to or 0)
        self.rows += 1
        if place + 1 == _BATCH:
            self._put_away()

    @property
    def sorts(self) -> tuple[tuple[str, str], ...]:
        """The kinds and grains that occur."""
        return tuple(sorted(self._sorts))

    def write(self, records: Path, quantities: Path) -> None:
        """Write both files and fsync them."""
        self._put_away()
        extra = [(column.name, column.sql) for column in self._columns]
        write_sorted(records, [*RECORD_COLUMNS, *extra], _joined(self._records))
        write_sorted(quantities, [*QUANTITY_COLUMNS, *extra], _joined(self._quantities))

    def _add_quantities(self, fact: RecordFact, place: int) -> None:
        seen: dict[tuple[str, str, bool], int] = {}
        for q in fact.quantities:
            alike = q.measure, q.unit, q.part
            nth = seen[alike] = seen.get(alike, -1) + 1
            amount = (_fixed(q.value), _fixed(q.lo), _fixed(q.hi))
            self._amounts.append((place, q.measure, q.unit, *amount, q.flags, q.part, nth))

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
            self._number(fact.subject),
        )

    def _field(self, column: FieldColumn, text: str, place: int) -> None:
        if column.type == "digest" and text:
            value: Any = self._texts.get(text)
            if value is None:
                value = self._texts[text] = self._names.text(text)
        else:
            value = field_value(text, column, self._names)
        if value is not None:
            values = self._fields.setdefault(column.name, [])
            values.extend([None] * (place - len(values)))
            values.append(value)

    def _number(self, subject: str) -> int:
        found = self._numbers.get(subject)
        if found is None:
            found = self._numbers[subject] = self._names.number(subject)
        return found

    def _put_away(self) -> None:
        """Turn the waiting rows into columns of Arrow's."""
        count = len(self._rows)
        if not count:
            return
        records = _columns(RECORD_COLUMNS, self._rows)
        types = {column.name: _TYPES[column.sql] for column in self._columns}
        for name, values in self._fields.items():
            values.extend([None] * (count - len(values)))
            records = records.append_column(name, pa.array(values, type=types[name]))
        self._records.append(records)
        if self._amounts:
            own = QUANTITY_COLUMNS[len(RECORD_COLUMNS) :]
            amounts = _columns((("place", "BIGINT"), *own), self._amounts)
            rows = records.take(amounts.column("place"))
            for name, _ in own:
                rows = rows.append_column(name, amounts.column(name))
            self._quantities.append(rows)
        self._rows, self._amounts, self._fields = [], [], {}
        self._texts, self._numbers = {}, {}


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
    """Write rows as one Parquet file and fsync it."""
    table = _columns(columns, list(rows))
    pq.write_table(table, path, compression="zstd", row_group_size=_GROUP)
    _sync(path)


def write_sorted(path: Path, columns: Sequence[tuple[str, str]], table: pa.Table | None) -> None:
    """Write a table of records or quantities so that scans can skip, and fsync it.

    It is sorted by grain, kind, measure and day, and a row group holds many rows of one kind or all
    of a few: a scan for one kind then leaves out whole groups by their statistics. Columns that the
    table lacks are NULL throughout.
    """
    schema = pa.schema([(name, _TYPES[sql]) for name, sql in columns])
    if table is None:
        table = schema.empty_table()
    keys = [name for name in _SORT if name in schema.names]
    order = pc.sort_indices(table.select(keys), sort_keys=[(name, "ascending") for name in keys])
    table = table.take(order).combine_chunks()
    with pq.ParquetWriter(path, schema, compression="zstd") as file:
        for start, stop in _groups(table.select(keys[:-2])):
            piece = table.slice(start, stop - start)
            whole = [
                piece.column(field.name)
                if field.name in table.schema.names
                else pa.nulls(stop - start, field.type)
                for field in schema
            ]
            file.write_table(pa.table(whole, schema=schema), row_group_size=_GROUP)
    _sync(path)


def _groups(keys: pa.Table) -> Iterator[tuple[int, int]]:
    """Where row groups begin and end in a sorted table: at a change of the keys, if it has many."""
    runs = keys.group_by(keys.column_names, use_threads=False).aggregate([([], "count_all")])
    start = stop = 0
    for run in runs.column("count_all").to_pylist():
        if run >= _RUN or stop - start >= _RUN:
            if stop > start:
                yield start, stop
            start = stop
        stop += run
    yield start, stop


def _columns(columns: Sequence[tuple[str, str]], rows: list[Any]) -> pa.Table:
    """Rows turned into typed columns."""
    turned: list[Any] = list(zip(*rows, strict=True)) if rows else [[] for _ in columns]
    arrays = [
        pa.array(values, type=_TYPES[sql]) for values, (_, sql) in zip(turned, columns, strict=True)
    ]
    return pa.table(arrays, names=[name for name, _ in columns])


def _joined(tables: list[pa.Table]) -> pa.Table | None:
    """One table of several; a column that one of them lacks is NULL there."""
    return pa.concat_tables(tables, promote_options="default") if tables else None


def _sync(path: Path) -> None:
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
