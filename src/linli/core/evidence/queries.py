"""Reads of evidence."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from linli.core.access.queries import readable
from linli.core.access.rules import Actor
from linli.core.areas.rules import AreaRef
from linli.core.evidence import files
from linli.core.evidence.models import Evidence
from linli.core.evidence.rules import EvidenceView
from linli.kernel.errors import Refusal


def view(row: Evidence) -> EvidenceView:
    """The row as others see it."""
    return EvidenceView(
        id=row.id,
        sha256=row.sha256,
        name=row.name,
        size=row.size,
        mime=row.mime,
        proves=row.proves,
        taken=row.taken,
        place=row.place,
        received=row.received,
    )


def evidence(actor: Actor, area: AreaRef) -> list[EvidenceView]:
    """All files of an area, newest first."""
    place = readable(actor, area)
    return [view(row) for row in Evidence.objects.filter(area=place.key).order_by("-received")]


def file_of(actor: Actor, area: AreaRef, evidence_id: UUID) -> Path:
    """Where the bytes of a file lie, once they have been held against their hash."""
    place = readable(actor, area)
    row = Evidence.objects.filter(area=place.key, id=evidence_id).first()
    if row is None or not files.path_of(row.sha256).exists():
        raise Refusal("evidence.missing", sha256=row.sha256 if row else evidence_id)
    path = files.path_of(row.sha256)
    if files.digest_of_file(path) != row.sha256:
        raise Refusal("evidence.altered", sha256=row.sha256)
    return path


def orphans() -> list[Path]:
    """Files that no row speaks of: what a kill between file and row leaves. Harmless."""
    known = set(Evidence.objects.values_list("sha256", flat=True))
    return [path for path in files.stored() if path.name not in known]


def damaged() -> dict[str, str]:
    """Digests of files that are not as they were brought in, each with what is wrong with it."""
    found: dict[str, str] = {}
    for digest in Evidence.objects.values_list("sha256", flat=True).order_by("sha256").distinct():
        path = files.path_of(digest)
        if not path.exists():
            found[digest] = "不见了"
        elif files.digest_of_file(path) != digest:
            found[digest] = "内容变了"
    return found
