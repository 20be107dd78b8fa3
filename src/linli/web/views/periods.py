"""Closing periods, and the corrections made since."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse

from linli.core.access.rules import Permission
from linli.core.periods import actions, queries
from linli.core.records.provenance import entered_since_close
from linli.kernel.errors import Refusal
from linli.kernel.periods import Period
from linli.web.activity import recorded
from linli.web.door import door
from linli.web.visit import Visit

_LATE = 200  # late records that the page lists


@door(permission=Permission.CLOSE, methods=("GET", "POST"))
def periods(visit: Visit) -> HttpResponse:
    """What is closed; a form that closes one more."""
    problems: list[Refusal] = []
    typed = visit.given("period")
    if visit.posted:
        try:
            closed = actions.close(actor=visit.actor, area=visit.area, period=Period.parse(typed))
        except Refusal as fault:
            problems = [fault]
        else:
            messages.success(visit.request, f"{closed.period}已关账。", extra_tags="good")
            return visit.go("periods")
    done = queries.closes(visit.actor, visit.area)
    covered = {(one.start, one.end) for one in done}
    context = {
        "closes": done[::-1],
        "corrections": [
            one for one in queries.corrections(visit.actor, visit.area)[::-1] if one.old_version
        ],
        "late": entered_since_close(visit.actor, visit.area, limit=_LATE),
        "late_limit": _LATE,
        "suggested": [one for one in _suggested(visit) if (one.start, one.end) not in covered],
        "problems": problems,
        "typed": typed if visit.posted else "",
    }
    return visit.page("web/periods.html", context, status=422 if problems else 200)


def _suggested(visit: Visit) -> list[Period]:
    """Years with records and their quarters: what an office closes."""
    years = sorted(recorded(visit).years, reverse=True)
    return [
        part for year in years for part in (Period.of_year(year), *Period.of_year(year).quarters())
    ]
