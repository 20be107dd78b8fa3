"""Keeping a file as evidence."""

from __future__ import annotations

import mimetypes
from datetime import datetime
from pathlib import Path

from django.db import transaction

from linli.core.access.rules import Actor
from linli.core.areas.queries import resolve
from linli.core.areas.rules import AreaRef
from linli.core.audit import trail
from linli.core.audit.action import action
from linli.core.audit.points import killpoint
from linli.core.audit.rules import Permission
from linli.core.evidence import files
from linli.core.evidence.models import Evidence
from linli.core.evidence.queries import view
from linli.core.evidence.rules import EvidenceView
from linli.kernel.clock import now
from linli.kernel.disk import saying_full
from linli.kernel.errors import Refusal


@action("evidence.store", permission=Permission.EVIDENCE, atomic=False)
def store(
    *,
    actor: Actor,
    area: AreaRef,
    content: bytes | Path,
    name: str = "",
    proves: str = "",
    taken: datetime | None = None,
    place: str = "",
) -> EvidenceView:
    """Keep a file. The same bytes in the same area are kept once; the first row stays.

    The file is on disk, and its folder synced, before the row is written. Raises Refusal
    evidence.unreadable, disk.full.
    """
    where = resolve(area)
    title = name or (content.name if isinstance(content, Path) else "")
    try:
        with saying_full(files.path_of("")):
            digest, size = files.put(content)
    except OSError as fault:
        raise Refusal("evidence.unreadable", name=title, why=fault.strerror or fault) from fault
    # The copy is done before the transaction: a large file must not hold up other writers.
    with transaction.atomic():
        row = _row(where.key, digest, size, title, proves, taken, place)
        trail.note(
            actor=actor,
            area=where.key,
            action="evidence.store",
            subject=("evidence", str(row.id)),
            payload=bytes.fromhex(digest),
            facts={"size": size},
        )
        killpoint("evidence.noted")
    return view(row)


def _row(
    area: int,
    digest: str,
    size: int,
    name: str,
    proves: str,
    taken: datetime | None,
    place: str,
) -> Evidence:
    trail.lock(area)  # two who bring the same file take turns
    known = Evidence.objects.filter(area=area, sha256=digest).first()
    return known or Evidence.objects.create(
        area_id=area,
        sha256=digest,
        name=name[:255],
        size=size,
        mime=mimetypes.guess_type(name)[0] or "application/octet-stream",
        proves=proves,
        taken=taken,
        place=place,
        received=now(),
    )
