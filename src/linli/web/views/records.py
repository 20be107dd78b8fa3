"""The list of records: filtered, in pages, printed, exported."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypedDict

from django.http import HttpResponse

from linli.core.access.rules import Permission
from linli.core.records import queries
from linli.kernel.periods import Period
from linli.packs.load import registry
from linli.web.door import door
from linli.web.downloads import workbook
from linli.web.kind_choice import kinds_by_section
from linli.web.paging import page_of
from linli.web.visit import Visit
from linli.web.wording import STATES
from linli.web.workbooks import records_sheet


class Narrowing(TypedDict):
    """What `queries.count` and `queries.records` may be narrowed to; None: not."""

    kind: str | None
    period: Period | None
    state: str | None
    text: str | None


@dataclass(frozen=True, slots=True)
class Filter:
    """What the list is narrowed to; empty means all."""

    kind: str
    period: str
    state: str
    text: str

    @property
    def any(self) -> bool:
        """Whether anything is narrowed."""
        return bool(self.kind or self.period or self.state or self.text)

    @property
    def span(self) -> Period | None:
        """The period as days. Raises Refusal period.unreadable."""
        return Period.parse(self.period) if self.period else None

    def narrowing(self) -> Narrowing:
        """The filter as the queries take it. Raises Refusal period.unreadable."""
        return {
            "kind": self.kind or None,
            "period": self.span,
            "state": self.state or None,
            "text": self.text or None,
        }

    def words(self) -> str:
        """The filter as a printed list says it."""
        parts = [
            registry().kind(self.kind).title if self.kind else "",
            self.span.words() if self.span else "",
            STATES.get(self.state, self.state),
            f"含“{self.text}”" if self.text else "",
        ]
        return "、".join(part for part in parts if part)


def _filter(visit: Visit) -> Filter:
    get = visit.request.GET
    wanted = Filter(*(get.get(name, "").strip() for name in ("kind", "period", "state", "text")))
    if wanted.kind:
        registry().kind(wanted.kind)
    return wanted


@door(permission=Permission.READ)
def records(visit: Visit) -> HttpResponse:
    """One page of records, newest first."""
    wanted = _filter(visit)
    count = queries.count(
        visit.actor,
        visit.area,
        **wanted.narrowing(),
    )
    page = page_of(visit, count)
    rows = queries.records(
        visit.actor,
        visit.area,
        **wanted.narrowing(),
        newest_first=True,
        limit=page.size,
        offset=page.offset,
    )
    context = {
        "records": list(rows),
        "page": page,
        "wanted": wanted,
        "kinds": kinds_by_section(),
        "states": STATES.items(),
        "may_record": visit.may(Permission.RECORD),
        "may_import": visit.may(Permission.IMPORT),
        "query": visit.request.GET.urlencode(),
    }
    return visit.page("web/records.html", context)


@door(permission=Permission.READ)
def export(visit: Visit) -> HttpResponse:
    """The whole filtered list as a workbook."""
    wanted = _filter(visit)
    rows = queries.records(
        visit.actor,
        visit.area,
        **wanted.narrowing(),
    )
    title = f"{visit.area.name}工作记录" + (f"（{wanted.words()}）" if wanted.any else "")
    return workbook(title, records_sheet(title, rows))
