"""The one place that writes records, quantities and sources; actions say when.

Rows go past the ORM: SQLite's executemany and PostgreSQL's COPY are five to ten times quicker.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection
from django.db.models import Max

from linli.core.access.rules import Actor
from linli.core.areas.rules import AreaView
from linli.core.audit import trail
from linli.core.audit.points import killpoint
from linli.core.records.models import Involvement, Record, Source
from linli.core.records.rows import COLUMNS, QUANTITY_COLUMNS, Frame, Prepared, prepare
from linli.core.records.rules import NewRecord, NewSource, year_of
from linli.kernel.clock import now

ENTRY = NewSource()
"""Work entered by hand."""

_NAMES = ",".join(f'"{name}"' for name in COLUMNS)
_MARKS = ",".join(["%s"] * len(COLUMNS))
_QUANTITY_NAMES = ",".join(f'"{name}"' for name in QUANTITY_COLUMNS)
_QUANTITY_MARKS = ",".join(["%s"] * len(QUANTITY_COLUMNS))

INSERT_RECORD = f"INSERT INTO records_record ({_NAMES}) VALUES ({_MARKS})"
INSERT_QUANTITY = f"INSERT INTO records_quantity ({_QUANTITY_NAMES}) VALUES ({_QUANTITY_MARKS})"
COPY_RECORD = f"COPY records_record ({_NAMES}) FROM STDIN"
COPY_QUANTITY = f"COPY records_quantity ({_QUANTITY_NAMES}) FROM STDIN"
COUNT_CHANGE = (
    "INSERT INTO records_partition (area_id, year, changes) VALUES (%s, %s, 1)"
    " ON CONFLICT (area_id, year) DO UPDATE SET changes = records_partition.changes + 1"
)
TAKE_KEYS = (
    "INSERT INTO records_rowkey (id, next) VALUES (1, 1 + %s)"
    " ON CONFLICT (id) DO UPDATE SET next = records_rowkey.next + %s RETURNING next"
)
Rows = Sequence[Sequence[Any]]


class Pen:
    """Writes rows. No method decides anything: permission, lock and audit are the actions'."""

    @staticmethod
    def keep_source(place: AreaView, source: NewSource) -> Source:
        """The row of a source; manual entries share one row for each area."""
        if source == ENTRY:
            shared = Source.objects.filter(area=place.key, kind=ENTRY.kind, name="", body="")
            if (found := shared.first()) is not None:
                return found
        return Source.objects.create(
            area_id=place.key,
            kind=source.kind,
            name=source.name[:255],
            sha256=source.sha256,
            evidence_id=source.evidence,
            body=source.body,
            year=source.year,
            as_of=source.as_of,
            received=now(),
        )

    @staticmethod
    def write_version(new: NewRecord, frame: Frame, *, version: int) -> Prepared:
        """Write one version with its quantities and who took part; count the change."""
        (key,) = Pen.reserve(1)
        prepared = prepare(new, frame, key, version)
        Pen.insert([prepared.record], prepared.quantities, "entry")
        for who, role in new.involved:
            Involvement.objects.create(record_id=key, who=who, role=role)
        Pen.mark_changed(frame.area, [year_of(new.occurred)])
        return prepared

    @staticmethod
    def note_version(
        actor: Actor, name: str, place: AreaView, new: NewRecord, version: int, prepared: Prepared
    ) -> None:
        """Note a version in the chain of its area; the digest is the seal of the stored row."""
        trail.note(
            actor=actor,
            area=place.key,
            action=name,
            subject=("record", str(new.id)),
            payload=prepared.seal,
            facts={"version": version, "kind": new.kind},
        )

    @staticmethod
    def insert(records: Rows, quantities: Rows, at: str) -> None:
        """Write rows; `at` (entry or import) says whose kill points these are."""
        _put(INSERT_RECORD, COPY_RECORD, records)
        killpoint("entry.record" if at == "entry" else "import.stage.records")
        if quantities:
            _put(INSERT_QUANTITY, COPY_QUANTITY, quantities)
        killpoint("entry.quantities" if at == "entry" else "import.stage.quantities")

    @staticmethod
    def reserve(count: int) -> Sequence[int]:
        """Take so many row keys. They ascend; gaps are harmless."""
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute(
                    "SELECT nextval('records_row_key') FROM generate_series(1, %s)", [count]
                )
                return [row[0] for row in cursor.fetchall()]
            cursor.execute(TAKE_KEYS, [count, count])
            after: int = cursor.fetchone()[0]
            return range(after - count, after)

    @staticmethod
    def resume_keys() -> None:
        """Let PostgreSQL's row keys go on after the highest: its rows were copied in from SQLite,
        whose counter is a row among them.
        """
        highest = Record.objects.aggregate(key=Max("key"))["key"] or 0
        with connection.cursor() as cursor:
            cursor.execute("SELECT setval('records_row_key', %s)", [highest + 1])

    @staticmethod
    def mark_changed(area: int, years: Iterable[int]) -> None:
        """Count a change of these partitions; the chain of the area must be locked."""
        with connection.cursor() as cursor:
            for year in sorted(set(years)):
                cursor.execute(COUNT_CHANGE, [area, year])


def _put(insert: str, copy: str, rows: Rows) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(copy) as stream:
                for row in rows:
                    stream.write_row(row)
            return
        cursor.executemany(insert, rows)
