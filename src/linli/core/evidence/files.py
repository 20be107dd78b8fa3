"""The folder of evidence: a file named by the SHA-256 of its bytes, in a folder of two letters.

A file is there whole or not at all: it is written under a temporary name, synced, renamed, and its
folder synced, before any row speaks of it. A kill leaves at most an orphan, which `orphans` finds.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from django.conf import settings

from linli.core.audit.points import killpoint
from linli.kernel.disk import sync_folder
from linli.kernel.ids import uuid7

_CHUNK = 1024 * 1024


def path_of(digest: str) -> Path:
    """Where the file of a digest lies."""
    return Path(settings.LINLI_HOME) / "evidence" / digest[:2] / digest


def put(content: bytes | Path) -> tuple[str, int]:
    """Keep bytes or a copy of a file; return its SHA-256 (hex) and size. The same bytes once."""
    root = Path(settings.LINLI_HOME) / "evidence"
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = root / f".{uuid7()}.part"
    try:
        digest, size = _copy(content, draft)
    except OSError:
        draft.unlink(missing_ok=True)  # a full disk must get its room back
        raise
    killpoint("evidence.written")
    final = path_of(digest)
    if not final.parent.exists():
        final.parent.mkdir(mode=0o700, exist_ok=True)
        sync_folder(root)
    draft.replace(final)
    sync_folder(final.parent)
    killpoint("evidence.renamed")
    return digest, size


def _copy(content: bytes | Path, draft: Path) -> tuple[str, int]:
    digest, size = sha256(), 0
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        for chunk in _chunks(content):
            digest.update(chunk)
            size += len(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest(), size


def _chunks(content: bytes | Path) -> Iterator[bytes]:
    if isinstance(content, bytes):
        yield content
        return
    with content.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk


def digest_of_file(path: Path) -> str:
    """SHA-256 of a file as it lies."""
    digest = sha256()
    for chunk in _chunks(path):
        digest.update(chunk)
    return digest.hexdigest()


def stored() -> Iterator[Path]:
    """All stored files."""
    yield from (Path(settings.LINLI_HOME) / "evidence").glob("??/*")


def drafts() -> Iterator[Path]:
    """What a kill left half-written."""
    yield from (Path(settings.LINLI_HOME) / "evidence").glob(".*.part")
