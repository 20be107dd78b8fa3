"""Imports: staged in batches that nobody sees, made visible by one short transaction.

A kill at any moment leaves either nothing visible or the whole import. What it leaves of staging is
swept at the next start.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from itertools import islice
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F

from linli.core.access.rules import Actor
from linli.core.areas.queries import resolve
from linli.core.areas.rules import AreaRef
from linli.core.audit import trail
from linli.core.audit.action import action
from linli.core.audit.points import killpoint
from linli.core.audit.rules import INSTALLATION, Permission, merkle_root
from linli.core.periods.actions import add_correction
from linli.core.periods.queries import closes_of
from linli.core.records.actions.pen import Pen
from linli.core.records.models import Import, Quantity, Record, Source, Supersession
from linli.core.records.queries import area_of_import, seals
from linli.core.records.rows import Frame, prepare
from linli.core.records.rules import (
    Committed,
    NewRecord,
    NewSource,
    SourceKind,
    occurred_from_row,
)
from linli.kernel.clock import now
from linli.kernel.errors import Refusal
from linli.kernel.processes import alive, machine_now, this_process

BATCH = 5000
GRACE = timedelta(minutes=10)
"""Longer than any batch takes: an import silent for so long is dead."""


def _import_area(kwargs: Mapping[str, object]) -> int:
    return area_of_import(UUID(str(kwargs["import_id"])))


@action("records.begin_import", permission=Permission.IMPORT, part_of="records.commit_import")
def begin_import(*, actor: Actor, area: AreaRef, source: NewSource) -> UUID:
    """Open an import; its rows stay invisible until `commit_import`."""
    place = resolve(area)
    row = Import.objects.create(
        area_id=place.key,
        source=Pen.keep_source(place, source),
        actor=actor.id,
        started=now(),
        touched=machine_now(),
        process=this_process(),
    )
    transaction.on_commit(lambda: killpoint("import.begun"))
    return row.id


@action(
    "records.stage",
    permission=Permission.IMPORT,
    on=_import_area,
    atomic=False,
    part_of="records.commit_import",
)
def stage(
    *,
    actor: Actor,
    import_id: UUID,
    rows: Iterable[NewRecord],
    replaces: Mapping[UUID, int] | None = None,
    reason: str = "重新导入时更正",
    progress: Callable[[int], None] | None = None,
) -> int:
    """Write rows of an import in batches, each a short transaction; return how many.

    A row whose id stands in `replaces` is the next version of that record (id → version it was
    made from). Raises the Refusals of `record_one`, and records.import.gone.
    """
    del actor
    batch = Import.objects.select_related("source").filter(id=import_id, committed_at=None).first()
    if batch is None:
        raise Refusal("records.import.gone", id=import_id)
    frame = Frame(batch.area_id, batch.source, batch.source.body, now(), batch=import_id)
    frame.closes = closes_of(batch.area_id)
    count = 0
    for chunk in _chunks(rows):
        _stage_batch(frame, import_id, chunk, replaces or {}, reason)
        count += len(chunk)
        if progress:
            progress(count)
    killpoint("import.staged")
    return count


def _chunks(rows: Iterable[NewRecord]) -> Iterator[list[NewRecord]]:
    remaining = iter(rows)
    while chunk := list(islice(remaining, BATCH)):
        yield chunk


def _stage_batch(
    frame: Frame,
    import_id: UUID,
    chunk: list[NewRecord],
    replaces: Mapping[UUID, int],
    reason: str,
) -> None:
    # Keys are taken in a transaction of their own, so that rows are made ready without a lock.
    keys = Pen.reserve(len(chunk))
    killpoint("import.stage.keys")
    prepared = [
        prepare(new, frame, key, replaces.get(new.id, 0) + 1 if replaces else 1)
        for new, key in zip(chunk, keys, strict=True)
    ]
    records = [one.record for one in prepared]
    quantities = [row for one in prepared for row in one.quantities]
    old = []
    if replaces:  # a first import has none: no id is hashed in vain
        old = [
            Supersession(
                batch_id=import_id, record=new.id, version=replaces[new.id], reason=reason[:200]
            )
            for new in chunk
            if new.id in replaces
        ]
    with transaction.atomic():
        alive = Import.objects.filter(id=import_id, committed_at=None)
        if not alive.update(touched=machine_now(), staged=F("staged") + len(chunk)):
            raise Refusal("records.import.gone", id=import_id)
        Pen.insert(records, quantities, "import")
        if old:
            Supersession.objects.bulk_create(old)
    killpoint("import.stage.batch")


@action("records.commit_import", permission=Permission.IMPORT, on=_import_area, atomic=False)
def commit_import(*, actor: Actor, import_id: UUID) -> Committed:
    """Make an import visible, close what it replaces, note one audit entry with its Merkle root.

    Raises Refusal records.import.gone, records.import.overtaken (a record it replaces has moved
    on), records.import.twice (another import brought the same rows in the meantime).
    """
    area = area_of_import(import_id)
    # The long parts come before any lock: the root, and a first look for rows that stand already.
    before = _commits(area)
    root = merkle_root(seals(import_id))
    _refuse_twice(import_id)
    with transaction.atomic():
        trail.lock(area)
        killpoint("import.commit.locked")
        if _commits(area) != before:
            _refuse_twice(import_id)
        done = _commit(actor, area, import_id, root)
    killpoint("import.committed")
    return done


def _commit(actor: Actor, area: int, import_id: UUID, root: bytes) -> Committed:
    batch = Import.objects.filter(id=import_id, committed_at=None).first()
    if batch is None:
        raise Refusal("records.import.gone", id=import_id)
    moment = now()
    superseded = _supersede(actor, batch, moment)
    killpoint("import.commit.superseded")
    batch.committed_at, batch.merkle_root, batch.superseded = moment, root, superseded
    batch.save(update_fields=["committed_at", "merkle_root", "superseded"])
    years = Record.objects.filter(batch=import_id).values_list("year", flat=True).distinct()
    Pen.mark_changed(area, years)
    killpoint("import.commit.visible")
    trail.note(
        actor=actor,
        area=area,
        action="records.commit_import",
        subject=("import", str(import_id)),
        payload=root,
        facts={"superseded": superseded},
        merkle_root=root,
        rows=batch.staged,
    )
    killpoint("import.commit.noted")
    return Committed(import_id, batch.staged - superseded, superseded, moment, root)


# Rows that stand already: of the same identity (but for those this import replaces), or the very
# same version of the same record.
_STANDING = """
SELECT count(*) FROM records_record s
JOIN records_record r ON r.area_id = s.area_id AND r.shape = s.shape AND r.identity = s.identity
LEFT JOIN records_import i ON i.id = r.batch_id
LEFT JOIN records_supersession u ON u.batch_id = s.batch_id AND u.record = r.id
WHERE s.batch_id = %s AND r.key <> s.key AND r.known_to IS NULL AND r.state <> 'withdrawn'
  AND u.id IS NULL AND (r.batch_id IS NULL OR i.committed_at IS NOT NULL)
"""
_SAME_VERSION = """
SELECT count(*) FROM records_record s
JOIN records_record r ON r.id = s.id AND r.version = s.version AND r.key <> s.key
LEFT JOIN records_import i ON i.id = r.batch_id
LEFT JOIN records_supersession u ON u.batch_id = s.batch_id AND u.record = r.id
WHERE s.batch_id = %s AND u.id IS NULL AND (r.batch_id IS NULL OR i.committed_at IS NOT NULL)
"""


def _commits(area: int) -> int:
    return Import.objects.filter(area=area, committed_at__isnull=False).count()


def _refuse_twice(import_id: UUID) -> None:
    """A preview confirmed twice, or a file brought in by two people: the second is refused."""
    given = import_id if connection.features.has_native_uuid_field else import_id.hex
    count = 0
    with connection.cursor() as cursor:
        for question in (_STANDING, _SAME_VERSION):
            cursor.execute(question, [given])
            count = max(count, cursor.fetchone()[0])
    if count:
        raise Refusal("records.import.twice", count=count)


def _supersede(actor: Actor, batch: Import, moment: datetime) -> int:
    """Close the versions that the import replaces; note corrections where a period is closed."""
    closes = closes_of(batch.area_id)
    area = resolve(batch.area_id)
    count = 0
    for one in Supersession.objects.filter(batch=batch).order_by("id"):
        old = Record.objects.filter(
            area=batch.area_id, id=one.record, version=one.version, known_to=None
        ).first()
        if old is None:
            raise Refusal("records.import.overtaken", id=one.record)
        Record.objects.filter(key=old.key).update(known_to=moment)
        Pen.mark_changed(batch.area_id, [old.year])
        occurred = occurred_from_row(old.start, old.end, old.precision, old.words)
        for closed in closes:
            if closed.covers(occurred):
                add_correction(
                    actor=actor,
                    area=area,
                    closed=closed,
                    record=old.id,
                    versions=(one.version, one.version + 1),
                    at=moment,
                    reason=one.reason,
                )
        count += 1
    return count


@action("records.sweep_imports", permission=Permission.ADMINISTER, on=None, atomic=False, idle=True)
def sweep_imports(*, actor: Actor, grace: timedelta = GRACE) -> int:
    """Remove what dead imports have staged; return how many imports. Called at each start.

    An import is dead when its process on this machine is gone, or when it has been silent for
    longer than `grace`. What was committed is never touched.
    """
    dead = [
        one
        for one in Import.objects.filter(committed_at=None)
        if one.touched < machine_now() - grace or not alive(one.process)
    ]
    for one in dead:
        with transaction.atomic():
            _remove(one)
            trail.note(
                actor=actor,
                area=INSTALLATION,
                action="records.sweep_imports",
                subject=("swept", str(one.id)),
                facts={"rows": one.staged},
            )
    return len(dead)


@action(
    "records.abandon_import",
    permission=Permission.IMPORT,
    on=_import_area,
    part_of="records.commit_import",
)
def abandon_import(*, actor: Actor, import_id: UUID) -> None:
    """Remove what an import has staged: its file turned out to have errors or open questions."""
    del actor
    one = Import.objects.filter(id=import_id, committed_at=None).first()
    if one is not None:
        _remove(one)


def _remove(one: Import) -> None:
    # The lock makes a late `stage` of the same import wait, and then find it gone.
    if not Import.objects.select_for_update().filter(id=one.id, committed_at=None).exists():
        return
    Quantity.objects.filter(record__batch=one.id)._raw_delete("default")
    Record.objects.filter(batch=one.id)._raw_delete("default")
    Supersession.objects.filter(batch=one.id).delete()
    Import.objects.filter(id=one.id).delete()
    Source.objects.filter(id=one.source_id, imports=None, records=None).exclude(
        kind=SourceKind.ENTRY
    ).delete()
