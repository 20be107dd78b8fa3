"""What insight may read: typed tuples, partition by partition; no names, no titles.

A partition is (area key, year). Its mark counts the changes of its records; the mark moves in the
transaction of the change, so that equal marks mean equal rows. Versions that were closed are
given too: a figure can be asked for as it was known earlier.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from linli.core.areas.models import Area, Placement
from linli.core.audit.reading import one_view
from linli.core.records.models import Partition, Record
from linli.kernel.quantities import FLAG, NO_HIGH, NO_LOW, Qualifier

reading = one_view
"""`with facts.reading(): ...` gives a whole snapshot one view of the tables."""

CHUNK = 20_000
SCALE = 6
"""Values are whole numbers of 10⁻⁶: a DECIMAL(38,6) without its point."""

FLAGS: Mapping[tuple[str, bool, bool], int] = {
    (str(qualifier), no_low, no_high): FLAG[qualifier]
    | (NO_LOW if no_low else 0)
    | (NO_HIGH if no_high else 0)
    for qualifier in Qualifier
    for no_low in (False, True)
    for no_high in (False, True)
}


@dataclass(frozen=True, slots=True)
class Mark:
    """How often a partition has changed."""

    area: int
    year: int
    changes: int


class RecordFact(NamedTuple):
    """A version of a record. `key` is its only name; `pseudonym` joins the versions of a record."""

    key: int
    pseudonym: int
    version: int
    area: int
    kind: str
    grain: str
    start: date | None
    end: date | None
    precision: str
    state: str
    known_from: datetime
    known_to: datetime | None
    late: bool
    fields: Mapping[str, str]


class QuantityFact(NamedTuple):
    """A quantity; value, value_max, lo and hi in millionths.

    `part`: it is a part of another of the same measure, so that a sum of the measure would count
    it twice. A part with a measure of its own (低保户 of 走访户数) counts for that measure.
    """

    record: int
    ordinal: int
    measure: str
    value: int
    value_max: int | None
    lo: int | None
    hi: int | None
    flags: int
    unit: str
    part: bool


class AreaFact(NamedTuple):
    """An area under a parent from `since` to the day before `until`; a root has no parent."""

    key: int
    slug: str
    level: str
    parent: int | None
    since: date | None
    until: date | None


def marks() -> list[Mark]:
    """The marks of all partitions, read before the rows: a row may be newer, never older."""
    rows = Partition.objects.order_by("area_id", "year").values_list("area_id", "year", "changes")
    return [Mark(*row) for row in rows]


def areas() -> list[AreaFact]:
    """The tree with its dates."""
    levels = {
        key: (slug, level) for key, slug, level in Area.objects.values_list("key", "slug", "level")
    }
    placed = Placement.objects.order_by("area_id", "id")
    found = [
        AreaFact(area, *levels[area], parent, since, until)
        for area, parent, since, until in placed.values_list("area", "parent", "since", "until")
    ]
    roots = levels.keys() - {one.key for one in found}
    return found + [AreaFact(key, *levels[key], None, None, None) for key in sorted(roots)]


def size() -> int:
    """How many versions of records there are, invisible ones too."""
    return Record.objects.count()


def records(area: int, year: int) -> Iterator[list[RecordFact]]:
    """Chunks of all visible versions of a partition, in the order of their keys."""
    with connection.cursor() as cursor:
        cursor.execute(_RECORDS, [area, year])
        while rows := cursor.fetchmany(CHUNK):
            yield [_record(row) for row in rows]


def quantities(area: int, year: int) -> Iterator[list[QuantityFact]]:
    """Chunks of the quantities of a partition, in the order of record keys."""
    with connection.cursor() as cursor:
        cursor.execute(_QUANTITIES, [area, year])
        while rows := cursor.fetchmany(CHUNK):
            yield [_quantity(row) for row in rows]


# Without the ORM, whose conversions of instants and ids cost more than all else together.
_RECORDS = """
SELECT r.key, r.id, r.version, r.area_id, r.kind, r.grain, r.start, r."end", r."precision",
       r.state, r.known_from, i.committed_at, r.known_to, r.late, r.fields
FROM records_record r
LEFT JOIN records_import i ON i.id = r.batch_id
WHERE r.area_id = %s AND r.year = %s AND (r.batch_id IS NULL OR i.committed_at IS NOT NULL)
ORDER BY r.key
"""
_QUANTITIES = """
SELECT q.record_id, q.ordinal, q.measure, q.micro, q.micro_max, q.micro_lo, q.micro_hi,
       q.qualifier, q.unit,
       CASE WHEN q.part_of IS NULL THEN FALSE ELSE EXISTS (
           SELECT 1 FROM records_quantity w
           WHERE w.record_id = q.record_id AND w.ordinal <> q.ordinal AND w.measure = q.measure
             AND (w.cell = q.part_of OR w.label = q.part_of)
       ) END
FROM records_record r
LEFT JOIN records_import i ON i.id = r.batch_id
JOIN records_quantity q ON q.record_id = r.key
WHERE r.area_id = %s AND r.year = %s AND (r.batch_id IS NULL OR i.committed_at IS NOT NULL)
ORDER BY q.record_id, q.ordinal
"""


def _record(row: Sequence[Any]) -> RecordFact:
    key, record_id, version, area, kind, grain, start, end, precision, state, *rest = row
    known_from, committed_at, known_to, late, fields = rest
    return RecordFact(
        key,
        _number(record_id) & (2**63 - 1),  # UUIDv7: the low bits are the random ones
        version,
        area,
        kind,
        grain,
        start,
        end,
        precision,
        state,
        _instant(committed_at or known_from),
        None if known_to is None else _instant(known_to),
        bool(late),
        json.loads(fields) if isinstance(fields, str) else fields,
    )


def _number(value: UUID | str) -> int:
    """An id as a number; SQLite keeps ids as 32 hexadecimal digits."""
    return int(value, 16) if isinstance(value, str) else value.int


def _instant(value: datetime) -> datetime:
    """An instant with its zone; SQLite keeps instants in UTC and does not say so."""
    return value if value.tzinfo else value.replace(tzinfo=UTC)


def _quantity(row: Sequence[Any]) -> QuantityFact:
    record, ordinal, measure, micro, top, lo, hi, qualifier, unit, part = row
    flags = FLAGS[qualifier, lo is None, hi is None]
    return QuantityFact(record, ordinal, measure, micro, top, lo, hi, flags, unit, bool(part))
