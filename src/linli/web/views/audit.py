"""The audit chain of an area: what was done when and by whom, and whether the chain is whole."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpResponse

from linli.core.access.queries import names
from linli.core.access.rules import Permission
from linli.core.audit import queries, trail
from linli.core.audit.queries import EntryView
from linli.core.records.queries import records
from linli.core.records.rules import RecordView
from linli.web.door import door
from linli.web.paging import page_of
from linli.web.visit import Visit
from linli.web.wording import AUDITED, who

_OF_RECORDS = frozenset({"record", "attachment", "retry"})


@dataclass(frozen=True, slots=True)
class Line:
    """An entry in words; `record` where it speaks of one that may be read."""

    entry: EntryView
    did: str
    by: str
    record: RecordView | None


@door(permission=Permission.AUDIT)
def audit(visit: Visit) -> HttpResponse:
    """Entries, newest first; `?verify=1` recomputes the whole chain."""
    page = page_of(visit, queries.count(visit.area.key))
    rows = queries.entries(visit.area.key, limit=page.size, offset=page.offset)
    known = names(row.actor for row in rows)
    of = _records(visit, rows)
    context = {
        "rows": [
            Line(
                row, AUDITED.get(row.action, row.action), who(row.actor, known), of.get(row.subject)
            )
            for row in rows
        ],
        "page": page,
        "report": trail.verify(tables=False) if visit.given("verify") else None,
    }
    return visit.page("web/audit.html", context)


def _records(visit: Visit, rows: list[EntryView]) -> dict[str, RecordView]:
    """Subject → the record as it stands, for entries about records that the reader may see."""
    if not visit.may(Permission.READ):
        return {}
    ids = {UUID(row.subject) for row in rows if row.subject_kind in _OF_RECORDS}
    return {str(one.id): one for one in records(visit.actor, visit.area, ids=ids)}
