"""What insight may read: typed tuples, partition by partition; no names, no titles.

A partition is (area key, year). Its mark counts the changes of its records; the mark moves in the
transaction of the change, so that equal marks mean equal rows. Versions that were closed are
given too: a figure can be asked for as it was known earlier.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Q

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
    """Chunks of all visible versions of a partition."""
    rows = _rows(area, year).order_by("key")
    names = (
        "key", "id", "version", "area_id", "kind", "grain", "start", "end", "precision", "state",
        "known_from", "batch__committed_at", "known_to", "late", "fields",
    )  # fmt: skip
    chunk: list[RecordFact] = []
    for row in rows.values_list(*names).iterator(chunk_size=CHUNK):
        chunk.append(_record(row))
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def quantities(area: int, year: int) -> Iterator[list[QuantityFact]]:
    """Chunks of the quantities of a partition, in the order of record keys."""
    with connection.cursor() as cursor:
        cursor.execute(_QUANTITIES, [area, year])
        while rows := cursor.fetchmany(CHUNK):
            yield [_quantity(row) for row in rows]


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


def _rows(area: int, year: int) -> Any:
    known = Q(batch=None) | Q(batch__committed_at__isnull=False)
    return Record.objects.filter(known, area=area, year=year)


def _record(row: Sequence[Any]) -> RecordFact:
    key, record_id, version, area, kind, grain, start, end, precision, state, *rest = row
    known_from, committed_at, known_to, late, fields = rest
    return RecordFact(
        key,
        record_id.int & (2**63 - 1),  # UUIDv7: the low bits are the random ones
        version,
        area,
        kind,
        grain,
        start,
        end,
        precision,
        state,
        committed_at or known_from,
        known_to,
        late,
        fields,
    )


def _quantity(row: Sequence[Any]) -> QuantityFact:
    record, ordinal, measure, micro, top, lo, hi, qualifier, unit, part = row
    flags = FLAGS[qualifier, lo is None, hi is None]
    return QuantityFact(record, ordinal, measure, micro, top, lo, hi, flags, unit, bool(part))
