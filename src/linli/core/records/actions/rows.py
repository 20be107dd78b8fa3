"""Turns new records into rows and writes them past the ORM, which is five to ten times slower.

A row here is a plain tuple in the order of COLUMNS, with values that both drivers take as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from linli.core.audit.points import killpoint
from linli.core.periods.rules import Closed
from linli.core.records.kinds import Kinds
from linli.core.records.models import Source
from linli.core.records.rules import (
    NewQuantity,
    NewRecord,
    State,
    canonical_fields,
    content_digest,
    is_late,
    seal,
    to_micro,
    year_of,
)
from linli.kernel.quantities import Qualifier


def _quoted(names: str) -> str:
    return ",".join(f'"{name}"' for name in names.split())


COLUMNS = _quoted(
    "key id version area_id kind grain start end year precision words captured received late"
    " state title fields shape identity content seal source_id sheet row batch_id known_from known_to"
)
QUANTITY_COLUMNS = _quoted(
    "record_id ordinal measure label micro micro_max micro_lo micro_hi unit qualifier part_of cell"
)
RECORDS, QUANTITIES = "records_record", "records_quantity"


@dataclass(slots=True)
class Frame:
    """What all rows of one entry or import have in common."""

    area: int
    source: Source
    body: str
    received: datetime
    batch: UUID | None = None
    closes: Sequence[Closed] = ()
    kinds: Kinds = field(default_factory=Kinds)
    received_value: Any = field(init=False)
    source_hex: str = field(init=False)
    batch_hex: str | None = field(init=False)
    days: dict[date, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.received_value = instant(self.received)
        self.source_hex = self.source.id.hex
        self.batch_hex = self.batch.hex if self.batch else None

    def day(self, day: date | None) -> str | None:
        """ISO text of a day; a sheet repeats the same days often."""
        if day is None:
            return None
        text = self.days.get(day)
        if text is None:
            text = self.days[day] = day.isoformat()
        return text


@dataclass(frozen=True, slots=True)
class Prepared:
    """The rows of one record version."""

    record: tuple[Any, ...]
    quantities: list[tuple[Any, ...]]
    seal: bytes


def instant(moment: datetime) -> Any:
    """An instant as the driver takes it (SQLite: text in UTC)."""
    return connection.ops.adapt_datetimefield_value(moment)


def prepare(new: NewRecord, frame: Frame, key: int, version: int = 1) -> Prepared:
    """Rows of a new version. Raises Refusal for what the kind or the storage does not allow."""
    kind = frame.kinds.check(new)
    state = new.state
    if kind.supplied_by_body and not frame.body and state != State.WITHDRAWN:
        state = State.SOURCE_WANTED.value
    captured = new.captured or frame.received
    occurred = new.occurred
    content = new.content or content_digest(new)
    said = (
        new.id.hex,
        version,
        frame.area,
        new.kind,
        str(new.grain),
        frame.day(occurred.start),
        frame.day(occurred.end),
        str(occurred.precision),
        occurred.words,
        str(state),
        new.title,
        canonical_fields(new.fields),
        content.hex(),
        frame.source_hex,
        new.sheet,
        new.row,
    )
    quantities = [_quantity(one, key, ordinal) for ordinal, one in enumerate(new.quantities)]
    sealed = seal(said, (row[1:] for row in quantities))
    record = (
        key,
        *said[:7],
        year_of(occurred),
        *said[7:9],
        instant(captured) if new.captured else frame.received_value,
        frame.received_value,
        is_late(captured, occurred, kind.late_after_days, frame.closes),
        *said[9:12],
        new.shape,
        new.identity or new.id.bytes,
        content,
        sealed,
        *said[13:],
        frame.batch_hex,
        frame.received_value,
        None,
    )
    return Prepared(record, quantities, sealed)


def _quantity(new: NewQuantity, key: int, ordinal: int) -> tuple[Any, ...]:
    quantity = new.quantity
    unit, label = quantity.unit, new.label
    micro = to_micro(quantity.value, unit=unit, label=label)
    lo: int | None = micro
    hi: int | None = micro
    top: int | None = None
    if quantity.qualifier is not Qualifier.EXACT:
        low, high = quantity.lo, quantity.hi
        lo = None if low is None else to_micro(low, unit=unit, label=label)
        hi = None if high is None else to_micro(high, unit=unit, label=label)
        if quantity.value_max is not None:
            top = to_micro(quantity.value_max, unit=unit, label=label)
    return (
        key,
        ordinal,
        new.measure,
        label,
        micro,
        top,
        lo,
        hi,
        unit,
        str(quantity.qualifier),
        new.part_of,
        new.cell,
    )


def insert(records: Sequence[Sequence[Any]], quantities: Sequence[Sequence[Any]], at: str) -> None:
    """Write rows; `at` (entry or import) says whose kill points these are."""
    _put(RECORDS, COLUMNS, records)
    killpoint("entry.record" if at == "entry" else "import.stage.records")
    if quantities:
        _put(QUANTITIES, QUANTITY_COLUMNS, quantities)
    killpoint("entry.quantities" if at == "entry" else "import.stage.quantities")


def _put(table: str, columns: str, rows: Sequence[Sequence[Any]]) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            return
        marks = ",".join(["%s"] * len(rows[0]))
        cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)


def reserve(count: int) -> Iterable[int]:
    """Take so many row keys. They ascend; gaps are harmless."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT nextval('records_row_key') FROM generate_series(1, %s)", [count])
            return [row[0] for row in cursor.fetchall()]
        cursor.execute(
            "INSERT INTO records_rowkey (id, next) VALUES (1, 1 + %s)"
            " ON CONFLICT (id) DO UPDATE SET next = next + %s RETURNING next",
            [count, count],
        )
        after = cursor.fetchone()[0]
        return range(after - count, after)


def mark_changed(area: int, years: Iterable[int]) -> None:
    """Count a change of the partitions of these years; the chain of the area must be locked."""
    rows = [(area, year) for year in sorted(set(years))]
    with connection.cursor() as cursor:
        for row in rows:
            cursor.execute(
                "INSERT INTO records_partition (area_id, year, changes) VALUES (%s, %s, 1)"
                " ON CONFLICT (area_id, year)"
                " DO UPDATE SET changes = records_partition.changes + 1",
                row,
            )
