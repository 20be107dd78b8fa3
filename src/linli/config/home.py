"""The folder of an installation: where things lie in it, and how it is laid out.

linli.sqlite3   the database            database-url   or the address of PostgreSQL (linli move)
evidence/       files by their hash        snapshot/   what indicators are computed from
packs/          local packs                fonts/      the office's own fonts
keys/           signing key of the installation (core.access.keys)
logs/           what went wrong            secret      key of sessions and pseudonyms
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from linli.config.database import url_of

FOLDERS = ("evidence", "snapshot", "keys", "fonts", "packs", "logs")


def home_folder() -> Path:
    """`$LINLI_HOME`, else `~/.linli`; absolute."""
    return Path(os.environ.get("LINLI_HOME") or Path.home() / ".linli").expanduser().resolve()


def lay_out(home: Path) -> None:
    """Make the folders and the secret where they are missing; what is there stays."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in FOLDERS:
        (home / name).mkdir(mode=0o700, exist_ok=True)
    write_once(home / "secret", secrets.token_urlsafe(48).encode())
    if url_of(home) is None:
        write_once(home / "linli.sqlite3", b"")  # SQLite itself would let others read its file


def write_once(path: Path, content: bytes) -> None:
    """Write a private file (0600) and sync it; a file that exists is left as it is."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def secret(home: Path) -> str:
    """The installation's secret; before `linli init`, one that lasts as long as the process."""
    try:
        return (home / "secret").read_text("ascii").strip() or secrets.token_urlsafe(48)
    except FileNotFoundError:
        return secrets.token_urlsafe(48)
