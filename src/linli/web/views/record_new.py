"""Recording one piece of work: choose its kind, fill in the form that the pack declares."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse

from linli.core.access.rules import Permission
from linli.core.records.actions import record_one
from linli.core.records.rules import NewSource, SourceKind
from linli.kernel.errors import Refusal, Refusals
from linli.kernel.ids import uuid7
from linli.packs.load import registry
from linli.web.closed import closed_periods
from linli.web.door import door
from linli.web.forms.entry import EntryForm, blank
from linli.web.kind_choice import kinds_by_section
from linli.web.refusal_page import problems_of
from linli.web.visit import Visit


@door(permission=Permission.RECORD)
def choose_kind(visit: Visit) -> HttpResponse:
    """Kinds by section, narrowed by a word."""
    word = visit.given("text")
    return visit.page("web/record_kinds.html", {"groups": kinds_by_section(word), "text": word})


@door(permission=Permission.RECORD, methods=("GET", "POST"))
def new_record(visit: Visit, kind: str) -> HttpResponse:
    """The form; a right one is recorded, and only then does the page say 已保存."""
    form = blank(registry().kind(kind), _record_id(visit))
    problems: list[Refusal] = []
    if visit.posted:
        form.take(visit.request.POST)
        new = form.read()
        if new is not None:
            try:
                kept = record_one(actor=visit.actor, area=visit.area, new=new, source=_source(form))
            except (Refusal, Refusals) as fault:
                problems = list(problems_of(fault))
            else:
                messages.success(visit.request, f"已保存：{kept.title}", extra_tags="good")
                return visit.go("records-one", record_id=kept.id)
    status = 422 if visit.posted else 200
    context = {"form": form, "problems": problems, "closed": closed_periods(visit)}
    return visit.page("web/record_form.html", context, status=status)


def _record_id(visit: Visit) -> str:
    """The id that the browser carries, so that the same form sent twice is one record."""
    try:
        return str(UUID(visit.given("record_id")))
    except ValueError:
        return str(uuid7())


def _source(form: EntryForm) -> NewSource:
    if form.body:
        return NewSource(SourceKind.BODY, body=form.body)
    return NewSource()
