"""Where a number was read: the cell in the office's own workbook, and the file as it was sent."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from django.http import HttpResponse

from linli.core.access.rules import Permission
from linli.core.evidence.queries import file_of
from linli.core.records import queries
from linli.core.records.rules import SourceView
from linli.kernel.errors import Refusal
from linli.web.door import door
from linli.web.downloads import stored
from linli.web.excerpt import excerpt
from linli.web.visit import Visit


def _source(visit: Visit, source_id: UUID) -> tuple[SourceView, Path]:
    """The source and its file, if it belongs to the area. Raises Refusal web.hidden."""
    try:
        found = queries.source(visit.actor, source_id)
    except Refusal as fault:
        raise Refusal("web.hidden") from fault
    if found.area != visit.area.slug or found.evidence is None:
        raise Refusal("web.hidden")
    return found, file_of(visit.actor, visit.area, found.evidence)


@door(permission=Permission.READ)
def cell(visit: Visit, source_id: UUID) -> HttpResponse:
    """The rows around the cell, as the sheet shows them."""
    found, path = _source(visit, source_id)
    row = visit.given("row")
    shown = excerpt(
        path, visit.given("sheet"), visit.given("cell"), int(row) if row.isdecimal() else 1
    )
    context = {"source": found, "excerpt": shown, "cell": visit.given("cell"), "row": row}
    return visit.page("web/source.html", context)


@door(permission=Permission.READ)
def download(visit: Visit, source_id: UUID) -> HttpResponse:
    """The file, byte for byte as it was sent."""
    found, path = _source(visit, source_id)
    return stored(path, found.name or "原文件")
