"""Correcting and withdrawing a record. The form carries the version it was made from."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse

from linli.core.access.rules import Permission
from linli.core.records import actions
from linli.core.records.rules import NewRecord, RecordView
from linli.kernel.errors import Refusal, Refusals
from linli.packs.load import registry
from linli.web.closed import closed_over
from linli.web.door import door
from linli.web.forms.entry import EntryForm, filled
from linli.web.refusal_page import problems_of
from linli.web.views.record import versions_of
from linli.web.visit import Visit


@door(permission=Permission.RECORD, methods=("GET", "POST"))
def correct(visit: Visit, record_id: UUID) -> HttpResponse:
    """The record in a form; saving makes a new version, unless somebody was quicker."""
    found = versions_of(visit, record_id)
    newest, seen = found[-1], _seen(visit, found)
    form = filled(registry().kind(newest.kind), seen)
    problems: list[Refusal] = []
    if visit.posted:
        form.take(visit.request.POST)
        new = form.read()
        if new is not None:
            try:
                kept = _save(visit, seen, new, form)
            except (Refusal, Refusals) as fault:
                problems = list(problems_of(fault))
            else:
                messages.success(
                    visit.request, f"已更正，现在是第 {kept.version} 版。", extra_tags="good"
                )
                return visit.go("records-one", record_id=record_id)
    overtaken = any(one.code == "records.changed" for one in problems)
    if overtaken:
        form.version = newest.version  # seen now: saving again is meant
    context = {
        "form": form,
        "record": newest,
        "problems": problems,
        "closed": closed_over(visit, newest),
        "differences": form.differences(newest) if overtaken else [],
    }
    status = 409 if overtaken else 422 if visit.posted else 200
    return visit.page("web/record_form.html", context, status=status)


def _seen(visit: Visit, found: list[RecordView]) -> RecordView:
    """The version that the form was made from; the newest at first."""
    text = visit.given("version") if visit.posted else ""
    return next((one for one in found if str(one.version) == text), found[-1])


def _save(visit: Visit, seen: RecordView, new: NewRecord, form: EntryForm) -> RecordView:
    return actions.correct(
        actor=visit.actor,
        area=seen.area,
        record_id=seen.id,
        new=new,
        reason=form.reason,
        version=seen.version,
    )


@door(permission=Permission.RECORD, methods=("GET", "POST"))
def withdraw(visit: Visit, record_id: UUID) -> HttpResponse:
    """Ask why, then withdraw: it counts no more, and stays readable."""
    newest = versions_of(visit, record_id)[-1]
    problems: list[Refusal] = []
    if visit.posted:
        try:
            actions.withdraw(
                actor=visit.actor,
                area=newest.area,
                record_id=record_id,
                reason=visit.given("reason"),
            )
        except (Refusal, Refusals) as fault:
            problems = list(problems_of(fault))
        else:
            messages.success(visit.request, "已撤销；原来的内容仍可查看。", extra_tags="good")
            return visit.go("records-one", record_id=record_id)
    context = {"record": newest, "problems": problems, "reason": visit.given("reason")}
    return visit.page("web/record_withdraw.html", context, status=422 if visit.posted else 200)
