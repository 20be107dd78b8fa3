"""Reads of intake: remembered mappings, and a preview of a file for an area."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from linli.core.access.queries import readable
from linli.core.access.rules import Actor
from linli.core.areas.rules import AreaRef
from linli.core.audit.rules import Permission
from linli.kernel.periods import Period
from linli.packs.load import registry
from linli.work.intake.given import KEPT, Given, digest_of
from linli.work.intake.models import SheetMapping
from linli.work.intake.preview import Preview, preview


def remembered(actor: Actor, area: AreaRef) -> dict[str, dict[str, Any]]:
    """The corrections kept for an area: shape, or SHA-256 of a file → mapping."""
    place = readable(actor, area, Permission.IMPORT)
    rows = SheetMapping.objects.filter(area=place.key)
    return {row.shape: row.mapping for row in rows}


def preview_workbook(
    actor: Actor,
    area: AreaRef,
    path: Path,
    *,
    year: int | None = None,
    as_of: date | None = None,
    period: Period | None = None,
    mapping: Mapping[str, Mapping[str, Any]] | None = None,
    answers: Mapping[str, str] | None = None,
) -> Preview:
    """What importing the file into the area would make of it, before looking at what is there."""
    place = readable(actor, area, Permission.IMPORT)
    kept = remembered(actor, area)
    given = Given(year, as_of, period, mapping or {}, answers or {})
    given, _ = given.recalling(kept.get(digest_of(path), {}).get(KEPT, {}))
    return preview(
        path,
        registry=registry(),
        year=given.year,
        as_of=given.as_of,
        period=given.period,
        mapping={**kept, **given.mapping},
        answers=given.answers,
        area=place.id.hex,
    )
