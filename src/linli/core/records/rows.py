"""Turns new records into rows; `actions.pen` writes them past the ORM, which is five to ten times
slower.

A row here is a plain tuple in the order of COLUMNS, with values that both drivers take as they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection

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

SUPPLIER = "supplier"
"""Field in which a pack's kind keeps the competent body that supplied a count."""

COLUMNS = (
    "key id version area_id kind grain start end year precision words captured received late"
    " state title fields shape identity content seal source_id sheet row batch_id known_from known_to"
).split()
QUANTITY_COLUMNS = (
    "record_id ordinal measure label micro micro_max micro_lo micro_hi unit qualifier part_of cell"
).split()


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
    terms = frame.kinds.check(new)
    state = new.state
    if terms.supplied_by_body and state != State.WITHDRAWN:
        named = frame.body or new.fields.get(SUPPLIER)
        state = state if named else State.SOURCE_WANTED
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
        is_late(captured, occurred, terms.late_after_days, frame.closes),
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
