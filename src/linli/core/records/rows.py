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
    is_late,
    to_micro,
    year_of,
)
from linli.core.records.seals import canonical_fields, content_digest, seal_of
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


@dataclass(slots=True)
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
    number, kind, grain, state = new.id.hex, new.kind, str(new.grain), str(state)
    start, end = frame.day(occurred.start), frame.day(occurred.end)
    precision, words, title = str(occurred.precision), occurred.words, new.title
    fields, sheet, row = canonical_fields(new.fields), new.sheet, new.row
    # The texts that `seal` would make of this row, spelled out: an import makes one for each row.
    said = (
        f"{number}\x1f{version}\x1f{frame.area}\x1f{kind}\x1f{grain}\x1f{start or ''}\x1f{end or ''}"
        f"\x1f{precision}\x1f{words}\x1f{state}\x1f{title}\x1f{fields}\x1f{content.hex()}"
        f"\x1f{frame.source_hex}\x1f{sheet or ''}\x1f{'' if row is None else row}"
    )
    quantities = [_quantity(one, key, ordinal) for ordinal, one in enumerate(new.quantities)]
    sealed = seal_of([said, *map(_counted, quantities)])
    record = (
        key, number, version, frame.area, kind, grain, start, end, year_of(occurred), precision,
        words, instant(captured) if new.captured else frame.received_value, frame.received_value,
        is_late(captured, occurred, terms.late_after_days, frame.closes), state, title, fields,
        new.shape, new.identity or new.id.bytes, content, sealed, frame.source_hex, sheet, row,
        frame.batch_hex, frame.received_value, None,
    )  # fmt: skip
    return Prepared(record, quantities, sealed)


def _counted(row: tuple[Any, ...]) -> str:
    """A quantity as its seal has it."""
    _, ordinal, measure, label, micro, top, lo, hi, unit, qualifier, whole, cell = row
    return (
        f"{ordinal}\x1f{measure}\x1f{label}\x1f{micro}\x1f{'' if top is None else top}"
        f"\x1f{'' if lo is None else lo}\x1f{'' if hi is None else hi}\x1f{unit}\x1f{qualifier}"
        f"\x1f{whole or ''}\x1f{cell or ''}"
    )


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
