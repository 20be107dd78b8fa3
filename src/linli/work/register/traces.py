"""Where a person is still found after erasure: tables, evidence files, snapshots.

Records of work, their sources and reports are original records (统计法 24) and archives: they are not
rewritten. They are named here, so that the office can answer what stays and why.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Q

from linli.core.areas.models import Area
from linli.core.evidence.files import path_of
from linli.core.evidence.models import Evidence

_TEXTS = (models.CharField, models.TextField, models.JSONField)
_PACKED = {".xlsx", ".docx", ".pptx", ".zip", ".ods"}
_LARGEST = 50 * 2**20
LAW = "工作记录和报告是原始记录，依法保留（统计法第二十四条、档案法）。"


NAMESAKES = "登记里另有同名的人，或共用这个电话的人。"


@dataclass(frozen=True, slots=True)
class Trace:
    """A place where something was found (or could not be looked into), and why it stays."""

    where: str
    what: str
    count: int
    why: str = ""


def traces(area: int, sought: Sequence[str]) -> list[Trace]:
    """All places of an area that hold one of the texts. Short texts are left out: they fit anyone."""
    texts = [text for text in sought if len(text) >= 2]
    if not texts:
        return []
    return [*_tables(area, texts), *_evidence(area, texts), *_snapshot(area, texts)]


def _tables(area: int, texts: Sequence[str]) -> Iterator[Trace]:
    for model in apps.get_models():
        path = _way_to_area(model)
        columns = [f.name for f in model._meta.concrete_fields if isinstance(f, _TEXTS)]
        if not model.__module__.startswith("linli.") or path is None or not columns:
            continue
        asked = (Q(**{f"{name}__icontains": text}) for name in columns for text in texts)
        count = model._default_manager.filter(reduce(or_, asked), **{path: area}).count()
        if count:
            ours = model._meta.app_label == "registers"
            yield Trace(model._meta.db_table, "数据表", count, NAMESAKES if ours else LAW)


def _way_to_area(model: type[models.Model]) -> str | None:
    """The keys that lead from a table to its area, two steps at most."""
    if model is Area:
        return None
    keys = [f for f in model._meta.concrete_fields if isinstance(f, models.ForeignKey)]
    for key in keys:
        if key.related_model is Area:
            return key.name
    for key in keys:
        below: Any = key.related_model
        for field in below._meta.concrete_fields:
            if isinstance(field, models.ForeignKey) and field.related_model is Area:
                return f"{key.name}__{field.name}"
    return None


def _evidence(area: int, texts: Sequence[str]) -> Iterator[Trace]:
    wanted = [text.encode() for text in texts]
    unread = 0
    for row in Evidence.objects.filter(area=area):
        path = path_of(row.sha256)
        held = _holds(path, Path(row.name).suffix.lower(), wanted)
        if held is None:
            unread += 1
        elif held:
            yield Trace(
                f"evidence/{row.sha256[:12]}", "佐证文件", 1, "佐证是档案，由本社区决定去留。"
            )
    if unread:
        yield Trace("evidence", "佐证里的图片、扫描件等无法搜查", unread, "请由人查看。")


def _holds(path: Path, suffix: str, wanted: Sequence[bytes]) -> bool | None:
    """Whether a file holds one of the texts; None where it cannot be looked into."""
    if not path.exists() or path.stat().st_size > _LARGEST:
        return None
    content = path.read_bytes()
    if any(text in content for text in wanted):
        return True
    if suffix in _PACKED or content[:2] == b"PK":
        return _packed_holds(path, wanted)
    return None if b"\0" in content[:8192] else _in_other_encoding(content, wanted)


def _in_other_encoding(content: bytes, wanted: Sequence[bytes]) -> bool:
    return any(text.decode().encode("gb18030") in content for text in wanted)


def _packed_holds(path: Path, wanted: Sequence[bytes]) -> bool | None:
    try:
        with zipfile.ZipFile(path) as archive:
            return any(
                any(text in archive.read(entry) for text in wanted)
                for entry in archive.infolist()
                if entry.filename.endswith(".xml") and entry.file_size <= _LARGEST
            )
    except (zipfile.BadZipFile, RuntimeError, OSError):
        return None


def _snapshot(area: int, texts: Sequence[str]) -> Iterator[Trace]:
    """Text columns of all parts: a snapshot holds pseudonyms, but fields of records are texts."""
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    for path in sorted((Path(settings.LINLI_HOME) / "snapshot").rglob("*.parquet")):
        table = pq.read_table(path)
        if "area" in table.column_names:
            table = table.filter(pc.equal(table["area"], area))
        found = {
            name
            for name, column in zip(table.column_names, table.columns, strict=True)
            if str(column.type) in ("string", "large_string")
            for text in texts
            if pc.any(pc.match_substring(column, text)).as_py()
        }
        if found:
            where = path.relative_to(Path(settings.LINLI_HOME)).as_posix()
            yield Trace(where, "快照", len(found), "由工作记录生成，随记录更正而更新。")
