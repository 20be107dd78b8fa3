"""One report as a page of paper; a number opens the records behind it."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from django.http import HttpResponse

from linli.core.access.rules import Permission
from linli.core.areas import queries as areas
from linli.core.records import queries as records
from linli.core.records.rules import RecordView
from linli.insight import queries as insight
from linli.kernel.errors import Refusal
from linli.kernel.periods import Period
from linli.packs.load import registry
from linli.reports import kept, queries
from linli.reports.queries import BindingView, ReportView
from linli.web import report_files
from linli.web.door import door
from linli.web.downloads import stored
from linli.web.views.reports import TYPES
from linli.web.visit import Visit

_SHOWN = 50


def _report(visit: Visit, report_id: UUID) -> ReportView:
    found = queries.reports(visit.actor, visit.area.slug)
    report = next((one for one in found if one.id == str(report_id)), None)
    if report is None:
        raise Refusal("web.hidden")
    return report


@door(permission=Permission.READ)
def report(visit: Visit, report_id: UUID) -> HttpResponse:
    """The report with the pane in which a number shows its records."""
    found = _report(visit, report_id)
    context = {
        "report": found,
        "type": TYPES.get(found.type, found.type),
        "period": Period.parse(found.period),
        "paper": report_files.page(report_id),
        "files": kept.files(report_id),
    }
    return visit.page("web/report.html", context)


@door(permission=Permission.READ)
def download(visit: Visit, report_id: UUID, kind: str) -> HttpResponse:
    """A file of the report, as it was written and signed."""
    _report(visit, report_id)
    path = _file(report_id, kind)
    return stored(path, path.name)


def _file(report_id: UUID, kind: str) -> Path:
    for path in kept.files(report_id):
        if path.suffix == f".{kind}":
            return path
    raise Refusal("web.hidden")


@door(permission=Permission.READ, anywhere=True)
def reference(visit: Visit, key: str) -> HttpResponse:
    """What a bound number, date or name of any report leads to; links in files come here too."""
    try:
        bound = queries.binding(visit.actor, key)
        place = areas.area(visit.actor, bound.ref.area or bound.report.area)
    except Refusal as fault:
        raise Refusal("web.hidden") from fault
    if not visit.actor.may(Permission.READ, place):
        raise Refusal("web.hidden")
    inside = Visit(visit.request, visit.actor, place)
    behind = _behind(inside, bound)
    context = {
        "bound": bound,
        "declared": registry().indicators.get(bound.indicator) if bound.indicator else None,
        "records": behind[:_SHOWN],
        "count": len(behind),
        "period": Period.parse(bound.ref.period) if bound.ref.period else None,
    }
    template = "web/parts/behind.html" if visit.fragment else "web/reference.html"
    return inside.page(template, context)


def _behind(visit: Visit, bound: BindingView) -> list[RecordView]:
    """The records as they were known when the report was written."""
    if bound.record:
        ids = [UUID(bound.record)]
        return list(
            records.records(visit.actor, visit.area, ids=ids, known_at=bound.report.known_at)
        )
    if bound.indicator and bound.ref.period:
        return insight.trace(
            visit.actor, bound.indicator, visit.area, bound.ref.period, bound.report.known_at
        )
    return []
