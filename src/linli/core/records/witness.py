"""Holds audit entries against the rows they speak of, so that a change past the program shows.

The seal of a row is a digest of what the row says. An entry of a single record holds its seal; the
entry of an import holds a Merkle root over the seals of its rows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import groupby, islice
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from linli.core.audit.models import Entry
from linli.core.audit.rules import merkle_root
from linli.core.records.models import Import, Quantity, Record
from linli.core.records.seals import canonical_fields, seal

_SAID = (
    "id",
    "version",
    "area_id",
    "kind",
    "grain",
    "start",
    "end",
    "precision",
    "words",
    "state",
    "title",
    "fields",
    "content",
    "source_id",
    "sheet",
    "row",
)
_COUNTED = (
    "record_id",
    "ordinal",
    "measure",
    "label",
    "micro",
    "micro_max",
    "micro_lo",
    "micro_hi",
    "unit",
    "qualifier",
    "part_of",
    "cell",
)
_PAGE = 2000


def check_record(entry: Entry) -> str | None:
    """An entry of one version: its row is there, unchanged, and bears the seal that was noted."""
    rows = Record.objects.filter(id=UUID(entry.subject), version=entry.facts.get("version"))
    found = list(_resealed(rows))
    if len(found) != 1:
        return f"记录 {entry.subject} 不见了"
    stored, again = found[0]
    return None if stored == again == bytes(entry.digest) else f"记录 {entry.subject} 被改动"


def check_import(entry: Entry) -> str | None:
    """An entry of an import: its rows are all there, unchanged, under the root that was noted."""
    batch = Import.objects.filter(id=UUID(entry.subject)).first()
    if batch is None or batch.committed_at is None:
        return f"导入批次 {entry.subject} 不见了"
    leaves: list[bytes] = []
    for stored, again in _resealed(Record.objects.filter(batch=batch)):
        if stored != again:
            return f"导入批次 {entry.subject} 的第 {len(leaves) + 1} 行被改动"
        leaves.append(stored)
    same = merkle_root(leaves) == bytes(entry.merkle_root or b"") and len(leaves) == entry.rows
    return None if same else f"导入批次 {entry.subject} 的行数或内容与登记时不同"


def _resealed(rows: QuerySet[Record]) -> Iterator[tuple[bytes, bytes]]:
    """Of each row, in the order of keys: the seal it bears, and the seal of what it says now."""
    remaining = rows.order_by("key").values_list("key", "seal", *_SAID).iterator(chunk_size=_PAGE)
    while page := list(islice(remaining, _PAGE)):
        quantities = _quantities([row[0] for row in page])
        for key, stored, *said in page:
            yield bytes(stored), seal(_as_sealed(said), quantities.get(key, ()))


def _quantities(keys: list[int]) -> dict[int, list[tuple[Any, ...]]]:
    found: defaultdict[int, list[tuple[Any, ...]]] = defaultdict(list)
    rows: Iterable[tuple[Any, ...]] = (
        Quantity.objects.filter(record__in=keys)
        .order_by("record_id", "ordinal")
        .values_list(*_COUNTED)
    )
    for key, group in groupby(rows, key=lambda row: row[0]):
        found[key] = [row[1:] for row in group]
    return found


def _as_sealed(said: list[Any]) -> list[Any]:
    values = dict(zip(_SAID, said, strict=True))
    values["id"] = values["id"].hex
    values["fields"] = canonical_fields(values["fields"])
    values["content"] = bytes(values["content"]).hex()
    values["source_id"] = values["source_id"].hex
    for name in ("start", "end"):
        values[name] = values[name].isoformat() if values[name] else None
    return list(values.values())
