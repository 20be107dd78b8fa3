"""Backup: everything that cannot be made anew, in one sealed file.

Database, evidence, keys, packs, fonts and whatever else lies in the home; but not the snapshot
(made from the database), logs, uploads on their way, earlier backups, nor the address of a
PostgreSQL server. The database comes first: every file that one of its rows names was there before.
"""

from __future__ import annotations

import importlib.metadata
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import connection

from linli.core.audit.reading import one_view
from linli.kernel.clock import now
from linli.kernel.disk import saying_full, whole_file
from linli.kernel.errors import Refusal, sentences
from linli.kernel.processes import alive, this_process
from linli.life import sqlite, tables
from linli.life.archive import DATABASE, HOME, Tell, Writer, writing

sentences(
    {
        "life.exists": ("{file} 已经有了。", "备份从不覆盖已有的文件，请换一个名字。"),
        "life.no_folder": ("没有文件夹 {folder}。", "请先建好，或把备份写到别处。"),
    }
)
LEFT_OUT = frozenset({"snapshot", "logs", "uploads", "backups", "database-url", "linli.sqlite3"})


@dataclass(slots=True)
class Backup:
    """What was put into a backup. `damaged`: evidence whose bytes are not those of its name."""

    file: Path
    size: int = 0
    files: int = 0
    damaged: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """What ``--json`` shows."""
        return {
            "file": str(self.file),
            "size": self.size,
            "files": self.files,
            "damaged": self.damaged,
        }


def back_up(
    home: Path, out: Path, passphrase: str, *, evidence: bool = True, tell: Tell = lambda _: None
) -> Backup:
    """Write a backup of the installation in `home`. `tell` hears how many bytes are done.

    The file is there whole, or not at all. Raises Refusal life.exists, life.no_folder,
    life.weak_passphrase, disk.full.
    """
    if out.exists():
        raise Refusal("life.exists", file=out)
    if not out.parent.is_dir():
        raise Refusal("life.no_folder", folder=out.parent)
    made = Backup(out)
    with saying_full(out), whole_file(out) as file, one_view():
        with writing(file, passphrase, about(evidence=evidence)) as archive:
            _database(home, archive)
            left_out = LEFT_OUT if evidence else LEFT_OUT | {"evidence"}
            for path in kept_files(home, left_out):
                _file(home, path, archive, made)
                tell(file.tell())
        made.size = file.tell()
    return made


def about(*, evidence: bool) -> dict[str, Any]:
    """What a backup says of itself."""
    return {
        "linli": importlib.metadata.version("linli"),
        "made": now().isoformat(timespec="seconds"),
        "database": connection.vendor,
        "migrations": tables.applied(),
        "heads": tables.heads(),
        "evidence": evidence,
    }


def _database(home: Path, archive: Writer) -> None:
    if connection.vendor == "postgresql":
        from linli.life import postgresql

        columns = postgresql.columns()
        archive.add_json(f"{DATABASE}/columns.json", columns)
        for table, names in columns.items():
            for number, piece in enumerate(postgresql.pieces(table, names)):
                archive.add(f"{DATABASE}/{table}/{number:06}", piece)
        archive.add_json(f"{DATABASE}/counters.json", postgresql.counters())
        return
    with copied(home) as copy:
        archive.add_file(f"{DATABASE}/linli.sqlite3", copy)


@contextmanager
def copied(home: Path) -> Iterator[Path]:
    """A copy of the SQLite database beside it, gone when the block ends."""
    for old in home.glob(".copy-*"):
        if not alive(f"{this_process().rpartition('/')[0]}/{old.suffix[1:]}"):
            old.unlink(missing_ok=True)  # left by a copy that was killed
    copy = home / f".copy-of-database.{os.getpid()}"
    copy.unlink(missing_ok=True)
    os.close(os.open(copy, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        sqlite.copy_file(copy)
        yield copy
    finally:
        copy.unlink(missing_ok=True)


def kept_files(home: Path, left_out: frozenset[str]) -> Iterator[Path]:
    """The files of the home that go into a backup, by name; drafts and locks do not."""
    for path in sorted(home.iterdir()):
        if path.name in left_out or path.name.startswith((".", "linli.sqlite3")):
            continue
        found = sorted(path.rglob("*")) if path.is_dir() else [path]
        yield from (one for one in found if one.is_file() and not one.name.startswith("."))


def _file(home: Path, path: Path, archive: Writer, made: Backup) -> None:
    name = path.relative_to(home).as_posix()
    digest = archive.add_file(f"{HOME}/{name}", path)
    made.files += 1
    if name.startswith("evidence/") and path.name != digest:
        made.damaged.append(name)
