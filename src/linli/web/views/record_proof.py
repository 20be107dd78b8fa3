"""Evidence of a record: a photo or file is added, and given out again through the same gate."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse

from linli.core.access.rules import Permission
from linli.core.evidence.actions import store
from linli.core.evidence.queries import file_of
from linli.core.evidence.rules import HEAD_BYTES, EvidenceView, check_proof
from linli.core.records import queries
from linli.core.records.actions import attach
from linli.core.records.rules import RecordView
from linli.kernel.errors import Refusal, Refusals
from linli.web.door import door
from linli.web.downloads import safe_name, stored
from linli.web.refusal_page import problems_of
from linli.web.views.record import page, versions_of
from linli.web.visit import Visit


@door(permission=Permission.EVIDENCE, methods=("POST",))
def add(visit: Visit, record_id: UUID) -> HttpResponse:
    """Keep the file and say that it proves the record; a fault comes back with the record's page."""
    newest = versions_of(visit, record_id)[-1]
    if newest.area != visit.area.slug:
        raise Refusal("web.hidden")
    try:
        sent = visit.request.FILES
        said = _keep(visit, newest, sent.get("photo") or sent.get("file"))
    except (Refusal, Refusals) as fault:
        return page(visit, record_id, problems_of(fault), proves=visit.given("proves"))
    messages.success(visit.request, said, extra_tags="good")
    return visit.go("records-one", record_id=record_id)


def _keep(visit: Visit, record: RecordView, sent: UploadedFile[Any] | None) -> str:
    """What to tell the person once the file is kept."""
    if sent is None or not sent.name:
        raise Refusal("evidence.none")
    name, proves = _name(sent.name), visit.given("proves")
    check_proof(name, sent.size or 0, sent.read(HEAD_BYTES), proves)
    before = {one.sha256 for one in queries.proofs(visit.actor, record.id)}
    with TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        sent.seek(0)
        with path.open("wb") as file:
            file.writelines(sent.chunks())
        kept = store(actor=visit.actor, area=record.area, content=path, name=name, proves=proves)
    if kept.sha256 in before:
        return f"这个文件已经是这条记录的佐证（“{kept.name}”），没有再存一份。"
    attach(actor=visit.actor, area=record.area, record_id=record.id, evidence=kept.id)
    if (kept.name, kept.proves) != (name, proves):
        return (
            f"同一份文件先前存过（“{kept.name}”，{kept.proves or '没有说明'}），已附到这条记录上。"
        )
    return f"已存为佐证：{name}"


def _name(sent: str) -> str:
    """The name as it was sent, without a folder; a long one keeps its ending."""
    stem, dot, suffix = sent.rpartition(".")
    return safe_name(stem) + dot + suffix if dot else safe_name(sent)


@door(permission=Permission.READ)
def download(visit: Visit, record_id: UUID, evidence_id: UUID) -> HttpResponse:
    """The file, byte for byte as it was sent, held against its hash first."""
    newest = versions_of(visit, record_id)[-1]
    found = _proof(visit, record_id, evidence_id)
    return stored(file_of(visit.actor, newest.area, evidence_id), found.name or "佐证")


def _proof(visit: Visit, record_id: UUID, evidence_id: UUID) -> EvidenceView:
    for one in queries.proofs(visit.actor, record_id):
        if one.id == evidence_id:
            return one
    raise Refusal("web.hidden")
