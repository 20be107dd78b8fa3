"""Uploaded files between the steps of an import: kept by hash, only for whoever sent them.

They lie in the home under `uploads/USER/TOKEN/`, with what the person has said about them so far.
Nothing of it is a record yet; what is not imported within a day is swept.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import time
from dataclasses import asdict, dataclass, field
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from linli.core.access.rules import Actor
from linli.core.areas.rules import AreaView
from linli.kernel.errors import Refusal, sentences
from linli.kernel.periods import Period

sentences(
    {
        "web.upload.none": ("没有选择文件。", "请选择一个表格文件再上传。"),
        "web.upload.too_large": (
            "文件“{name}”有 {size} MB，超过了 {limit} MB。",
            "请拆成几个文件，或者用命令行 linli import 导入。",
        ),
        "web.upload.gone": ("这次上传的文件已经不在了。", "请重新上传；未导入的文件只保留一天。"),
    }
)

LIMIT_MB = 32
KEPT_SECONDS = 24 * 60 * 60
_TOKEN = re.compile(r"[0-9a-f]{32}")
_ODD = re.compile(r"[\x00-\x1f\x7f/\\:]+")


@dataclass(slots=True)
class Upload:
    """A file that was sent, and what its owner has said about it."""

    token: str
    area: str
    name: str
    size: int
    sha256: str
    year: int | None = None
    as_of: str = ""
    period: str = ""
    answers: dict[str, str] = field(default_factory=dict)
    mapping: dict[str, dict[str, Any]] = field(default_factory=dict)
    unreadable: bool = False
    """Nothing in it can be imported, whatever is answered: it waits for nobody."""
    folder: Path = field(default=Path(), repr=False)

    @property
    def path(self) -> Path:
        """The file itself, under the name it was sent with."""
        return self.folder / "file" / self.name

    @property
    def day(self) -> date | None:
        """The day the file was written at, as far as it was said."""
        return date.fromisoformat(self.as_of) if self.as_of else None

    @property
    def span(self) -> Period | None:
        """The period of rows without a date, as far as it was said."""
        return Period.parse(self.period) if self.period else None

    def remember(self) -> None:
        """Remember what was said."""
        said = asdict(self)
        said.pop("folder")
        draft = self.folder / ".said.part"
        draft.write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")
        draft.replace(self.folder / "said.json")

    def forget(self) -> None:
        """Remove the file: it is imported, or not wanted."""
        shutil.rmtree(self.folder, ignore_errors=True)


def _own(actor: Actor) -> Path:
    return Path(settings.LINLI_HOME) / "uploads" / sha256(actor.id.encode()).hexdigest()[:32]


def keep(actor: Actor, area: AreaView, sent: UploadedFile[Any] | None) -> Upload:
    """Keep what was sent. Raises Refusal web.upload.none, web.upload.too_large."""
    if sent is None or not sent.name:
        raise Refusal("web.upload.none")
    name, size = _ODD.sub("_", sent.name)[-120:].strip(". ") or "表格", sent.size or 0
    if size > LIMIT_MB * 1024 * 1024:
        shown = f"{size / 1024 / 1024:.0f}"
        raise Refusal("web.upload.too_large", name=name, size=shown, limit=LIMIT_MB)
    own = _own(actor)
    own.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = own / f".{os.getpid()}-{time.monotonic_ns()}.part"
    digest = _write(sent, draft)
    token = sha256(f"{area.slug}/{digest}".encode()).hexdigest()[:32]
    upload = Upload(token, area.slug, name, size, digest, folder=own / token)
    shutil.rmtree(upload.folder, ignore_errors=True)
    (upload.folder / "file").mkdir(mode=0o700, parents=True)
    draft.replace(upload.path)
    upload.remember()
    return upload


def _write(sent: UploadedFile[Any], draft: Path) -> str:
    digest = sha256()
    with draft.open("wb") as file:
        for chunk in sent.chunks():
            digest.update(chunk)
            file.write(chunk)
    return digest.hexdigest()


def find(actor: Actor, area: AreaView, token: str) -> Upload:
    """The upload of that token, if this actor sent it for this area. Raises web.upload.gone."""
    folder = _own(actor) / token
    upload = _read(folder) if _TOKEN.fullmatch(token) else None
    if upload is None or upload.area != area.slug:
        raise Refusal("web.upload.gone")
    return upload


def waiting(actor: Actor, area: AreaView) -> list[Upload]:
    """What this actor has sent for the area, can be imported, and is not yet."""
    own = _own(actor)
    found = [_read(folder) for folder in sorted(own.iterdir())] if own.is_dir() else []
    return [one for one in found if one and one.area == area.slug and not one.unreadable]


def _read(folder: Path) -> Upload | None:
    try:
        said = json.loads((folder / "said.json").read_text("utf-8"))
        upload = Upload(**said, folder=folder)
    except (OSError, ValueError, TypeError):
        return None
    return upload if upload.path.is_file() else None


def sweep() -> None:
    """Remove what has lain here for more than a day."""
    root = Path(settings.LINLI_HOME) / "uploads"
    for folder in root.glob("*/*"):
        try:
            old = time.time() - folder.stat().st_mtime > KEPT_SECONDS
        except OSError:
            continue
        if old:
            shutil.rmtree(folder, ignore_errors=True) if folder.is_dir() else folder.unlink()
