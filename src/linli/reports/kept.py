"""The files of every report, kept in the home whoever asked for it: one folder a report.

The office may move or change the copies it was given; what was signed stays here.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from uuid import UUID

from django.conf import settings

from linli.kernel.errors import Refusal
from linli.kernel.ids import uuid7

FORMATS = ("docx", "pdf", "html")


def _root() -> Path:
    return Path(settings.LINLI_HOME) / "reports"


def keep(report: UUID, name: str, contents: Mapping[str, bytes]) -> None:
    """Keep the files of a report, all of them or none; ``contents`` by suffix."""
    draft = _root() / f".{uuid7()}"
    draft.mkdir(mode=0o700, parents=True)
    try:
        for suffix, content in contents.items():
            write(draft / f"{name}.{suffix}", content)
        draft.rename(_root() / str(report))
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def drop(report: UUID) -> None:
    """Remove what was kept of a report that was not written after all."""
    shutil.rmtree(_root() / str(report), ignore_errors=True)


def files(report: UUID) -> list[Path]:
    """The kept files of a report, in the order of FORMATS."""
    folder = _root() / str(report)
    found = {path.suffix[1:]: path for path in folder.iterdir()} if folder.is_dir() else {}
    return [found[name] for name in FORMATS if name in found]


def refuse_no_folder(out: Path) -> None:
    """Refuse a place for files that is no folder and cannot become one: reports.out.file."""
    nearest = next(
        place for place in (out, *out.parents) if place.exists() or place == place.parent
    )
    if not nearest.is_dir():
        raise Refusal("reports.out.file", out=out, file=nearest)


def write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all; an older one of the same name is replaced."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with draft.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
