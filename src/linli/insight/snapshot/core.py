"""The installation's own facts as a source of snapshots."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from functools import lru_cache
from hashlib import blake2b
from itertools import groupby
from operator import attrgetter

from linli.core.records import facts as truth
from linli.insight.layout import OPEN
from linli.insight.snapshot.source import Partition, QuantityFact, RecordFact, TreeRow
from linli.packs.registry import Registry

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)  # noqa: UP017
_MICROSECOND = timedelta(microseconds=1)


class CoreSource:
    """Facts of ``core.records``, bucket by bucket."""

    def __init__(self, registry: Registry) -> None:
        self._titled_by = {kind.id: kind.titled_by for kind in registry.kinds.values()}

    def mark(self) -> str:
        """Digest of all partitions' marks and of the tree."""
        words = [f"{m.area}/{m.year}/{m.changes}" for m in truth.marks()]
        words += [f"{a.key}<{a.parent} {a.since} {a.until}" for a in truth.areas()]
        return blake2b("|".join(words).encode(), digest_size=12).hexdigest()

    def size(self) -> int:
        """Versions of records, those of unfinished imports too."""
        return truth.size()

    def partitions(self, buckets: int) -> Mapping[Partition, str]:
        """Partitions by bucket and year, with the marks of their areas."""
        found: dict[Partition, list[str]] = defaultdict(list)
        for mark in truth.marks():
            place = Partition(mark.area % buckets, mark.year, buckets)
            found[place].append(f"{mark.area}:{mark.changes}")
        return {place: " ".join(words) for place, words in found.items()}

    def facts(self, partition: Partition) -> Iterator[RecordFact]:
        """Versions of the records of a partition's areas."""
        for mark in truth.marks():
            if (mark.area % partition.buckets, mark.year) == (partition.bucket, partition.year):
                yield from self._of_area(mark.area, mark.year)

    def tree(self) -> list[TreeRow]:
        """Every area with all above it, and the days on which that held."""
        return closure(truth.areas())

    def _of_area(self, area: int, year: int) -> Iterator[RecordFact]:
        """Records and quantities come in the same order, so that few of them wait at a time."""
        coming = _by_record(area, year)
        record, quantities = next(coming, _NO_MORE)
        for chunk in truth.records(area, year):
            for row in chunk:
                while record < row.key:  # of a record that was committed while we read
                    record, quantities = next(coming, _NO_MORE)
                yield self._fact(row, quantities if record == row.key else ())

    def _fact(self, row: truth.RecordFact, quantities: tuple[QuantityFact, ...]) -> RecordFact:
        subject = row.fields.get(self._titled_by.get(row.kind) or "")
        return RecordFact(
            key=row.key,
            record=row.pseudonym,
            area=row.area,
            kind=row.kind,
            grain=row.grain,
            start=row.start,
            end=row.end,
            precision=row.precision,
            state=row.state,
            late=row.late,
            known_from=micros(row.known_from),
            known_to=None if row.known_to is None else micros(row.known_to),
            subject=subject or str(row.pseudonym),
            fields=row.fields,
            quantities=quantities,
        )


_NO_MORE: tuple[int, tuple[QuantityFact, ...]] = (OPEN, ())


def _by_record(area: int, year: int) -> Iterator[tuple[int, tuple[QuantityFact, ...]]]:
    """Keys of records with their quantities, in the order of the keys."""
    rows = (q for chunk in truth.quantities(area, year) for q in chunk)
    for record, held in groupby(rows, key=attrgetter("record")):
        yield record, tuple(map(_quantity, held))


def _quantity(q: truth.QuantityFact) -> QuantityFact:
    return QuantityFact(
        measure=q.measure,
        unit=q.unit,
        value=_decimal(q.value),
        lo=None if q.lo is None else _decimal(q.lo),
        hi=None if q.hi is None else _decimal(q.hi),
        flags=q.flags,
        part=q.part,
    )


@lru_cache(maxsize=65_536)  # the same amounts come again and again
def _decimal(millionths: int) -> Decimal:
    return Decimal(millionths).scaleb(-truth.SCALE)


@lru_cache(maxsize=65_536)  # an import gives one instant to all of its rows
def micros(moment: datetime) -> int:
    """Microseconds since 1970 UTC."""
    return (moment - _EPOCH) // _MICROSECOND


def moment(microseconds: int) -> datetime:
    """The instant that many microseconds after 1970 UTC."""
    return _EPOCH + microseconds * _MICROSECOND


def closure(areas: list[truth.AreaFact]) -> list[TreeRow]:
    """All (area, ancestor, since, until), the area itself included."""
    placements: defaultdict[int, list[truth.AreaFact]] = defaultdict(list)
    for one in areas:
        placements[one.key].append(one)
    known: dict[int, list[tuple[int, date | None, date | None]]] = {}

    def above(area: int) -> list[tuple[int, date | None, date | None]]:
        if area not in known:
            known[area] = [(area, None, None)]  # also ends a loop in faulty data
            for placed in placements[area]:
                if placed.parent is None:
                    continue
                for ancestor, since, until in above(placed.parent):
                    first, last = _later(since, placed.since), _earlier(until, placed.until)
                    if first is None or last is None or first < last:
                        known[area].append((ancestor, first, last))
        return known[area]

    return [(area, *row) for area in sorted(placements) for row in above(area)]


def _later(left: date | None, right: date | None) -> date | None:
    return max(left, right) if left and right else left or right


def _earlier(left: date | None, right: date | None) -> date | None:
    return min(left, right) if left and right else left or right
