"""Answers that are files."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote

from django.http import FileResponse, HttpResponse

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_TYPES = {
    ".xlsx": XLSX,
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".pdf": "application/pdf",
    ".json": "application/json",
}
_ODD = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]+')


def _named(answer: HttpResponse, name: str) -> HttpResponse:
    """Always an attachment: nothing that was uploaded is ever shown as a page of ours."""
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


def safe_name(title: str) -> str:
    """A title as a file name on any system."""
    return _ODD.sub("_", title).strip(". ")[:100] or "文件"


def workbook(title: str, content: bytes) -> HttpResponse:
    """A workbook made for this answer."""
    return _named(HttpResponse(content, content_type=XLSX), safe_name(title) + ".xlsx")


def stored(path: Path, name: str) -> HttpResponse:
    """A file that lies on the disk, streamed."""
    kind = _TYPES.get(Path(name).suffix.lower(), "application/octet-stream")
    answer = FileResponse(path.open("rb"), content_type=kind)
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return answer  # type: ignore[return-value]
