"""One record: what it says, where it came from, what it was before, where it is counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpResponse

from linli.core.access.queries import names
from linli.core.access.rules import Permission
from linli.core.audit.queries import EntryView
from linli.core.evidence.rules import LIMIT_MB, SUFFIXES
from linli.core.periods.queries import CorrectionView, corrections
from linli.core.records import queries
from linli.core.records.provenance import made_by
from linli.core.records.rules import QuantityView, RecordView, State
from linli.insight import queries as insight
from linli.insight.figures import Appearance
from linli.kernel.errors import Refusal
from linli.kernel.periods import Period
from linli.packs.load import registry
from linli.reports.queries import telling
from linli.web.door import door
from linli.web.visit import Visit
from linli.web.wording import AUDITED, who


@dataclass(frozen=True, slots=True)
class Version:
    """A version with what was done to make it, by whom, and why where a closed period asked."""

    record: RecordView
    did: str
    by: str
    correction: CorrectionView | None


ACCEPT = ",".join(["image/*", *(f".{suffix}" for suffix in sorted(SUFFIXES))])


def of_area(visit: Visit, found: list[RecordView]) -> RecordView:
    """The newest version, if it belongs to the area of the address or one under it."""
    newest = found[-1]
    rows = queries.records(visit.actor, visit.area, keys=[newest.key])
    if next(iter(rows), None) is None:
        raise Refusal("web.hidden")
    return newest


def versions_of(visit: Visit, record_id: UUID) -> list[RecordView]:
    """All versions of a record, oldest first. Raises Refusal web.hidden."""
    try:
        found = queries.history(visit.actor, record_id)
    except Refusal as fault:
        raise Refusal("web.hidden") from fault
    of_area(visit, found)
    return found


def _amounts(record: RecordView) -> list[tuple[QuantityView, str]]:
    """Each quantity with the name of the whole that it is a part of, or an empty one."""
    names = {one.cell: one.label for one in record.quantities if one.cell}
    return [(one, names.get(one.part_of or "", one.part_of or "")) for one in record.quantities]


def _counted(found: list[Appearance]) -> list[tuple[str, str, list[Period]]]:
    """(indicator, title, periods) of the figures that count a record."""
    figures: dict[tuple[str, str], list[Period]] = {}
    for one in found:
        if one.indicator:
            periods = figures.setdefault((one.indicator, one.title), [])
            periods.append(Period.parse(one.period))
    return [(indicator, title, periods) for (indicator, title), periods in figures.items()]


@door(permission=Permission.READ)
def record(visit: Visit, record_id: UUID) -> HttpResponse:
    """The page of a record. Where it is used takes longer and follows as a part of its own."""
    if visit.fragment:
        versions_of(visit, record_id)
        return visit.page("web/parts/uses.html", _uses(visit, record_id))
    return page(visit, record_id)


def page(
    visit: Visit, record_id: UUID, problems: Sequence[Refusal] = (), *, proves: str = ""
) -> HttpResponse:
    """The whole page; `problems` and `proves`: what was wrong with a file that was sent, and of it."""
    found = versions_of(visit, record_id)
    newest = found[-1]
    kind = registry().kinds.get(newest.kind)
    titles = {one.id: one.title for one in kind.fields} if kind else {}
    asked = bool(visit.given("uses"))
    open_here = newest.state != State.WITHDRAWN and newest.area == visit.area.slug
    context = {
        "record": newest,
        "asked": asked,
        "fields": [
            (titles.get(name, name), value)
            for name, value in newest.fields.items()
            if value and value != newest.title
        ],
        "amounts": _amounts(newest),
        "versions": _versions(visit, found),
        "may_change": open_here and visit.may(Permission.RECORD),
        "proofs": queries.proofs(visit.actor, record_id),
        "may_prove": open_here and visit.may(Permission.EVIDENCE),
        "limit": LIMIT_MB,
        "accept": ACCEPT,
        "proves": proves,
        "problems": problems,
    }
    uses = _uses(visit, record_id) if asked else {}
    status = 422 if problems else 200
    return visit.page("web/record.html", context | uses, status=status)


def _versions(visit: Visit, found: list[RecordView]) -> list[Version]:
    """All versions, newest first."""
    newest = found[-1]
    made: Mapping[int, EntryView] = made_by(visit.actor, newest.id)
    known = names(one.actor for one in made.values())
    why = {
        one.new_version: one
        for one in corrections(visit.actor, newest.area)
        if one.record == newest.id
    }
    shown = []
    for one in reversed(found):
        entry = made.get(one.version)
        did = AUDITED.get(entry.action, entry.action) if entry else ""
        by = who(entry.actor, known) if entry else ""
        shown.append(Version(one, did, by, why.get(one.version)))
    return shown


def _uses(visit: Visit, record_id: UUID) -> dict[str, Any]:
    return {
        "appearances": _counted(insight.appearances(visit.actor, record_id)),
        "reports": telling(visit.actor, str(record_id)),
    }
