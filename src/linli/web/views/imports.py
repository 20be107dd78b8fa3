"""Importing a workbook: upload, preview with questions, commit. Nothing is written before that."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse

from linli.core.access.rules import Permission
from linli.core.records import queries as records
from linli.core.records.rules import NewRecord
from linli.kernel.errors import Refusal, Refusals
from linli.web import uploads
from linli.web.door import door
from linli.web.import_form import of_severity, questions_of, tables_of, take
from linli.web.kind_choice import kinds_by_section
from linli.web.uploads import Upload
from linli.web.visit import Visit
from linli.web.wording import ROLES
from linli.work.intake import actions, queries
from linli.work.intake.actions import Imported
from linli.work.intake.problems import Severity

_SAMPLED = 5000  # rows up to which the preview also shows what the first of them become


@door(permission=Permission.IMPORT, methods=("GET", "POST"))
def upload(visit: Visit) -> HttpResponse:
    """Choose a file; what was sent before and not imported can be taken up again."""
    problems: list[Refusal] = []
    if visit.posted:
        uploads.sweep()
        try:
            kept = uploads.keep(visit.actor, visit.area, visit.request.FILES.get("file"))
        except Refusal as fault:
            problems = [fault]
        else:
            return visit.go("import-preview", token=kept.token)
    context = {
        "problems": problems,
        "waiting": uploads.waiting(visit.actor, visit.area),
        "imports": records.imports(visit.actor, visit.area),
        "limit": uploads.LIMIT_MB,
    }
    return visit.page("web/import.html", context, status=422 if problems else 200)


@door(permission=Permission.IMPORT, methods=("GET", "POST"))
def preview(visit: Visit, token: str) -> HttpResponse:
    """What importing would make of the file; answers and corrections are kept and read again."""
    sent = uploads.find(visit.actor, visit.area, token)
    if visit.posted:
        if "forget" in visit.request.POST:
            sent.forget()
            return visit.go("import")
        problems = take(sent, visit.request.POST)
        for one in problems:
            messages.error(visit.request, str(one), extra_tags="error")
        sent.remember()
        return visit.go("import-preview", token=token)
    tried = _import(visit, sent, dry_run=True)
    records_of = _sample(visit, sent) if sum(one.rows for one in tried.tables) <= _SAMPLED else []
    asked = questions_of(tried.problems, sent)
    if tried.blocked and not tried.tables and not asked:
        sent.unreadable = True
        sent.remember()
    context = {
        "upload": sent,
        "tried": tried,
        "tables": tables_of(tried.tables, records_of),
        "questions": asked,
        "errors": of_severity(tried.problems, Severity.ERROR),
        "warnings": of_severity(tried.problems, Severity.WARNING),
        "year_asked": any(one.what == "year" for one in asked),
        "as_of_asked": any(one.what == "as_of" for one in asked),
        "kinds": kinds_by_section(),
        "roles": ROLES.items(),
    }
    return visit.page("web/import_preview.html", context)


def _import(visit: Visit, sent: Upload, *, dry_run: bool) -> Imported:
    return actions.import_workbook(
        actor=visit.actor,
        area=visit.area,
        path=sent.path,
        name=sent.name,
        year=sent.year,
        as_of=sent.day,
        period=sent.span,
        mapping=sent.mapping,
        answers=sent.answers,
        dry_run=dry_run,
    )


def _sample(visit: Visit, sent: Upload) -> list[NewRecord]:
    """What the rows would become. A file that cannot be read has been refused before."""
    try:
        return queries.preview_workbook(
            visit.actor,
            visit.area,
            sent.path,
            year=sent.year,
            as_of=sent.day,
            period=sent.span,
            mapping=sent.mapping,
            answers=sent.answers,
        ).records
    except (Refusal, Refusals):
        return []


@door(permission=Permission.IMPORT, methods=("POST",))
def commit(visit: Visit, token: str) -> HttpResponse:
    """Import; all of it or nothing. What stands in the way is shown on the preview."""
    sent = uploads.find(visit.actor, visit.area, token)
    done = _import(visit, sent, dry_run=False)
    if done.blocked:
        return visit.go("import-preview", token=token)
    sent.forget()
    messages.success(visit.request, _outcome(sent.name, done), extra_tags="good")
    return visit.go("overview")


def _outcome(name: str, done: Imported) -> str:
    parts = [f"新增 {done.created} 条"]
    if done.corrected:
        parts.append(f"更正 {done.corrected} 条")
    if done.unchanged:
        parts.append(f"{done.unchanged} 条原来就有，没有重复")
    if done.skipped:
        parts.append(f"按您的回答略过 {done.skipped} 条")
    return f"已导入“{name}”：" + "，".join(parts) + "。"
