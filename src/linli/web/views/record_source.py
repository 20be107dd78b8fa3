"""Naming who supplied a count that waits for its source (来源待补): then it enters reports."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse

from linli.core.access.rules import Permission
from linli.core.records import actions
from linli.core.records.rules import State
from linli.kernel.errors import Refusal, Refusals
from linli.web.door import door
from linli.web.refusal_page import problems_of
from linli.web.views.record import versions_of
from linli.web.visit import Visit


@door(permission=Permission.RECORD, methods=("GET", "POST"))
def name_source(visit: Visit, record_id: UUID) -> HttpResponse:
    """Ask for the competent body; a record that waits for none leads back to its page."""
    newest = versions_of(visit, record_id)[-1]
    if newest.state != State.SOURCE_WANTED:
        return visit.go("records-one", record_id=record_id)
    problems: list[Refusal] = []
    if visit.posted:
        try:
            actions.name_source(
                actor=visit.actor, area=newest.area, record_id=record_id, body=visit.given("body")
            )
        except (Refusal, Refusals) as fault:
            problems = list(problems_of(fault))
        else:
            messages.success(visit.request, "已补明来源，现在计入数据和报告。", extra_tags="good")
            return visit.go("records-one", record_id=record_id)
    context = {"record": newest, "problems": problems, "body": visit.given("body")}
    return visit.page("web/record_source.html", context, status=422 if problems else 200)
