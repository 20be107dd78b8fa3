"""Reads of records. Every read takes the actor, but for those that serve the floor's own writes."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q
from django.db.models.expressions import RawSQL

from linli.core.access.queries import readable
from linli.core.access.rules import Actor
from linli.core.areas.queries import keys_under, slugs
from linli.core.areas.rules import AreaRef
from linli.core.evidence.queries import view as evidence_view
from linli.core.evidence.rules import EvidenceView
from linli.core.records.models import Attachment, Import, Quantity, Record, Source
from linli.core.records.rules import (
    NewQuantity,
    NewRecord,
    QuantityView,
    RecordView,
    SourceKind,
    SourceView,
    Standing,
    State,
    occurred_from_row,
    quantity_from_row,
)
from linli.kernel.errors import Refusal
from linli.kernel.periods import Period

PAGE = 1000

_COLUMNS = (
    "key",
    "id",
    "version",
    "area_id",
    "kind",
    "grain",
    "start",
    "end",
    "precision",
    "words",
    "captured",
    "received",
    "late",
    "state",
    "title",
    "fields",
    "source__name",
    "sheet",
    "row",
    "source_id",
    "source__body",
    "known_from",
    "batch__committed_at",
    "known_to",
)
_QUANTITY_COLUMNS = (
    "record_id",
    "measure",
    "label",
    "part_of",
    "cell",
    "micro",
    "micro_max",
    "micro_lo",
    "micro_hi",
    "unit",
    "qualifier",
)


def visible(known_at: datetime | None = None) -> Q:
    """The condition that a version is known: now, or at an instant.

    A row of an import is known from the instant the import was committed.
    """
    if known_at is None:
        return Q(known_to=None) & (Q(batch=None) | Q(batch__committed_at__isnull=False))
    began = Q(batch=None, known_from__lte=known_at) | Q(batch__committed_at__lte=known_at)
    return began & (Q(known_to=None) | Q(known_to__gt=known_at))


def within(period: Period) -> Q:
    """The condition that what occurred overlaps a period. A record without days is in none."""
    return (Q(start__lte=period.end) & (Q(end__gte=period.start) | Q(end=None))) & (
        Q(start__gte=period.start) | Q(end__gte=period.start)
    ) | Q(start=None, end__gte=period.start, end__lte=period.end)


def records(
    actor: Actor,
    area: AreaRef,
    *,
    kind: str | None = None,
    period: Period | None = None,
    state: str | None = None,
    text: str | None = None,
    known_at: datetime | None = None,
    ids: Iterable[UUID] | None = None,
    keys: Iterable[int] | None = None,
    newest_first: bool = False,
    limit: int | None = None,
    offset: int = 0,
) -> Iterator[RecordView]:
    """Records of an area and all under it, by date; a page is two queries however long the answer.

    `ids` are records, `keys` row keys (exact versions). `known_at` shows them as they were known
    then. Withdrawn ones come only when asked for by state, ids or keys. Raises Refusal
    access.denied, areas.unknown.
    """
    place = readable(actor, area)
    rows = Record.objects.filter(area__in=keys_under(place.key, period.end if period else None))
    if keys is None:
        rows = rows.filter(visible(known_at))
    rows = _chosen(rows, kind, period, state, text)
    if keys is not None:
        rows = rows.filter(key__in=_listed("key", keys))
    elif ids is not None:
        rows = rows.filter(id__in=_listed("id", ids))
    elif state is None:
        rows = rows.exclude(state=State.WITHDRAWN)
    order = ("-start", "-key") if newest_first else ("start", "key")
    rows = rows.order_by(*order)
    end = None if limit is None else offset + limit
    return _stream(rows[offset:end])


# A list as one parameter: a figure of a city has more records than a query has places for values.
_LISTED = {
    ("postgresql", "key"): "SELECT unnest(%s::bigint[])",
    ("postgresql", "id"): "SELECT unnest(%s::uuid[])",
    ("sqlite", "key"): "SELECT value FROM json_each(%s)",
    ("sqlite", "id"): "SELECT value FROM json_each(%s)",
}


def _listed(column: str, values: Iterable[int] | Iterable[UUID]) -> RawSQL:
    plain = list(values)
    question = _LISTED[connection.vendor, column]
    if connection.vendor == "postgresql":
        return RawSQL(question, [plain])  # noqa: S611 — one of four constants
    texts = [one.hex if isinstance(one, UUID) else one for one in plain]
    return RawSQL(question, [json.dumps(texts)])  # noqa: S611 — one of four constants


def _chosen(
    rows: Any, kind: str | None, period: Period | None, state: str | None, text: str | None
) -> Any:
    if kind is not None:
        rows = rows.filter(kind=kind)
    if period is not None:
        rows = rows.filter(within(period))
    if state is not None:
        rows = rows.filter(state=state)
    if text:
        rows = rows.filter(title__icontains=text)
    return rows


def count(
    actor: Actor,
    area: AreaRef,
    *,
    kind: str | None = None,
    period: Period | None = None,
    state: str | None = None,
    text: str | None = None,
) -> int:
    """How many records `records` would give."""
    place = readable(actor, area)
    rows = Record.objects.filter(
        visible(), area__in=keys_under(place.key, period.end if period else None)
    )
    if state is None:
        rows = rows.exclude(state=State.WITHDRAWN)
    total: int = _chosen(rows, kind, period, state, text).count()
    return total


def record(actor: Actor, record_id: UUID, *, known_at: datetime | None = None) -> RecordView:
    """One record as it stands, or as it was known. Raises Refusal records.unknown, access.denied."""
    row = Record.objects.filter(visible(known_at), id=record_id).values("key", "area_id").first()
    if row is None:
        raise Refusal("records.unknown", id=record_id)
    readable(actor, row["area_id"])
    return next(_stream(Record.objects.filter(key=row["key"])))


def history(actor: Actor, record_id: UUID) -> list[RecordView]:
    """All versions of a record, oldest first."""
    found = versions(record_id)
    if not found:
        raise Refusal("records.unknown", id=record_id)
    readable(actor, found[0].area)
    return found


def proofs(actor: Actor, record_id: UUID) -> list[EvidenceView]:
    """The files that prove a record, oldest first. Raises Refusal records.unknown, access.denied."""
    history(actor, record_id)
    found = Attachment.objects.filter(record=record_id).select_related("evidence").order_by("id")
    return [evidence_view(one.evidence) for one in found]


def imports(actor: Actor, area: AreaRef) -> list[dict[str, Any]]:
    """The committed imports of an area, newest first: id, file, sha256, rows, committed_at."""
    place = readable(actor, area)
    rows = Import.objects.filter(area=place.key, committed_at__isnull=False)
    return [
        {
            "id": row.id,
            "file": row.source.name,
            "sha256": row.source.sha256,
            "rows": row.staged,
            "superseded": row.superseded,
            "committed_at": row.committed_at,
        }
        for row in rows.select_related("source").order_by("-committed_at")
    ]


def source(actor: Actor, source_id: UUID) -> SourceView:
    """Where records came from. Raises Refusal records.source.unknown, access.denied."""
    row = Source.objects.filter(id=source_id).first()
    if row is None:
        raise Refusal("records.source.unknown", id=source_id)
    place = readable(actor, row.area_id)
    return SourceView(
        id=row.id,
        area=place.slug,
        kind=row.kind,
        name=row.name,
        sha256=row.sha256,
        evidence=row.evidence_id,
        body=row.body,
        year=row.year,
        as_of=row.as_of,
        received=row.received,
    )


def simulated(actor: Actor, area: AreaRef) -> bool:
    """Whether an area, or one under it, holds simulated records: every page and report says so."""
    place = readable(actor, area)
    found = Source.objects.filter(kind=SourceKind.SIMULATION).values_list("area", flat=True)
    areas = set(found.distinct())  # nearly always none: then the tree need not be asked
    return bool(areas) and not areas.isdisjoint(keys_under(place))


def existing_identities(
    actor: Actor, area: AreaRef, shape: str
) -> dict[bytes, tuple[UUID, int, bytes, int | None]]:
    """What stands of a sheet shape: identity → (record id, version, content digest, row)."""
    place = readable(actor, area)
    rows = Record.objects.filter(visible(), area=place.key, shape=shape)
    rows = rows.exclude(state=State.WITHDRAWN)
    return {
        bytes(identity): (record_id, version, bytes(content), row)
        for identity, record_id, version, content, row in rows.values_list(
            "identity", "id", "version", "content", "row"
        ).iterator(chunk_size=5000)
    }


def standing(actor: Actor, area: AreaRef) -> Iterator[Standing]:
    """What stands of an area's imported rows, for an import to hold its own against."""
    place = readable(actor, area)
    rows = Record.objects.filter(visible(), area=place.key, sheet__isnull=False)
    rows = rows.exclude(state=State.WITHDRAWN)
    columns = ("shape", "identity", "content", "id", "version", "sheet", "row", "source__name")
    for shape, identity, content, *rest in rows.values_list(*columns).iterator(chunk_size=5000):
        yield Standing(shape, bytes(identity), bytes(content), *rest)


# -- for this floor's own actions -------------------------------------------------------------------


def current(record_id: UUID) -> Record | None:
    """The version that stands, as a row; None if there is no such record."""
    return Record.objects.filter(visible(), id=record_id).first()


def versions(record_id: UUID) -> list[RecordView]:
    """All visible versions, oldest first."""
    known = Q(batch=None) | Q(batch__committed_at__isnull=False)
    return list(_stream(Record.objects.filter(known, id=record_id).order_by("version")))


def area_of_import(import_id: UUID) -> int:
    """Key of the area an import belongs to. Raises Refusal records.import.gone."""
    area = Import.objects.filter(id=import_id).values_list("area_id", flat=True).first()
    if area is None:
        raise Refusal("records.import.gone", id=import_id)
    return area


def seals(import_id: UUID) -> Iterator[bytes]:
    """Seals of an import's rows in the order of their keys: the leaves of its Merkle tree."""
    rows = Record.objects.filter(batch=import_id).order_by("key").values_list("seal", flat=True)
    return (bytes(one) for one in rows.iterator(chunk_size=10_000))


def as_new(view: RecordView) -> NewRecord:
    """What was recorded, as it would be recorded again."""
    row = Record.objects.get(key=view.key)
    involved = tuple(row.involvements.order_by("id").values_list("who", "role"))
    return NewRecord(
        id=view.id,
        kind=view.kind,
        grain=view.grain,
        occurred=view.occurred,
        title=view.title,
        fields=view.fields,
        quantities=tuple(
            NewQuantity(one.measure, one.label, one.quantity, one.cell, one.part_of)
            for one in view.quantities
        ),
        identity=bytes(row.identity),
        sheet=view.sheet,
        row=view.row,
        state=view.state,
        shape=row.shape,
        captured=view.captured,
        involved=involved,
    )


# -- pages ------------------------------------------------------------------------------------------


def _stream(rows: Any) -> Iterator[RecordView]:
    """Views in pages; each page costs one query for its quantities."""
    areas: dict[int, str] = {}
    remaining = rows.values_list(*_COLUMNS).iterator(chunk_size=PAGE)
    while page := list(islice(remaining, PAGE)):
        missing = {row[3] for row in page} - areas.keys()
        if missing:
            areas |= slugs(missing)
        quantities = _quantities([row[0] for row in page])
        for row in page:
            yield _view(row, areas, quantities.get(row[0], ()))


def _quantities(keys: list[int]) -> dict[int, tuple[QuantityView, ...]]:
    found: defaultdict[int, list[QuantityView]] = defaultdict(list)
    rows = Quantity.objects.filter(record__in=keys).order_by("record_id", "ordinal")
    for record_key, measure, label, part_of, cell, *stored in rows.values_list(*_QUANTITY_COLUMNS):
        quantity = quantity_from_row(*stored)
        found[record_key].append(QuantityView(measure, label, quantity, part_of, cell))
    return {key: tuple(views) for key, views in found.items()}


def _view(
    row: tuple[Any, ...], areas: dict[int, str], quantities: tuple[QuantityView, ...]
) -> RecordView:
    key, record_id, version, area, kind, grain, start, end, precision, words, *rest = row
    captured, received, late, state, title, fields, file, sheet, number, source, body, *known = rest
    known_from, committed_at, known_to = known
    return RecordView(
        key=key,
        id=record_id,
        version=version,
        kind=kind,
        area=areas[area],
        grain=grain,
        occurred=occurred_from_row(start, end, precision, words),
        captured=captured,
        received=received,
        late=late,
        state=state,
        title=title,
        fields=fields,
        quantities=quantities,
        file=file or None,
        sheet=sheet,
        row=number,
        source=source,
        source_body=body,
        known_from=committed_at or known_from,
        known_to=known_to,
    )
