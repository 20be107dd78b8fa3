"""Restore: a backup becomes an installation in an empty folder, seen by nobody until it is proved.

Everything is unpacked into `.restoring` inside the folder, held against the manifest, and the audit
chain is verified there against the tables. Then the entries are moved up, `secret` last: without it
a folder is no installation. A kill before that leaves nothing that a command would open.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from linli.core.audit import trail
from linli.kernel.disk import saying_full, sync_folder
from linli.kernel.errors import Refusal, sentences
from linli.life import tables
from linli.life.archive import ABOUT, HOME, Member, Reader, Tell
from linli.life.contents import Contents
from linli.life.draft import DRAFT

sentences(
    {
        "life.newer": (
            "{file} 是较新版本的邻里（{version}）做的备份，数据库比这个程序新。",
            "请先升级邻里程序，再恢复。",
        ),
        "life.other_database": (
            "{file} 备份的是 {wanted}，现在设定的数据库却是 {given}。",
            "来自 SQLite 的备份请不设 LINLI_DATABASE_URL；来自 PostgreSQL 的，请把它指向一个空数据库。",
        ),
        "life.database_not_empty": (
            "LINLI_DATABASE_URL 指向的数据库里已经有表。",
            "请指向一个空数据库。",
        ),
        "life.chain_broken": (
            "备份已解开，但审计链在 {place} 处不成立：{problem}。",
            "什么都没有恢复。请换更早的一份备份，并把这件事告诉管理员。",
        ),
    }
)
_NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


def restore(
    file: Path,
    passphrase: str,
    home: Path,
    *,
    complete: Callable[[Path], None],
    tell: Tell = lambda _: None,
) -> Contents:
    """Make `home` what it was; its draft is the home of the settings, and empty.

    `complete` lays out what a backup does not hold. An older backup is brought up to date. Raises
    what `Reader` does, and Refusal life.newer, life.other_database, life.database_not_empty,
    life.chain_broken, disk.full.
    """
    draft = home / DRAFT
    try:
        with saying_full(home), file.open("rb") as source, _transaction():
            unpacking = _Unpacking(file, draft)
            for member in Reader(source, passphrase, str(file)).members():
                unpacking.take(member)
                tell(source.tell())
            unpacking.finish()
            _prove(unpacking)
        connection.close()
        _publish(draft, home)
        complete(home)
    finally:
        connection.close()
        shutil.rmtree(draft, ignore_errors=True)
    return unpacking.done


def _transaction() -> AbstractContextManager[object]:
    """PostgreSQL takes all tables in one transaction; SQLite is a file of the draft."""
    return transaction.atomic() if connection.vendor == "postgresql" else nullcontext()


class _Unpacking:
    """Puts members where they belong in the draft or the database."""

    def __init__(self, file: Path, draft: Path) -> None:
        self.done = Contents()
        self._file, self._draft = file, draft
        self._columns: dict[str, list[str]] = {}
        self._counters: dict[str, int | None] = {}

    def take(self, member: Member) -> None:
        """Take the next member."""
        where, _, name = member.name.partition("/")
        if member.name == ABOUT:
            self._begin(json.loads(member.read_all()))
        elif where == HOME:
            self._write(member, self._draft / name)
            self.done.files += 1
        elif name.endswith(".sqlite3"):
            self._write(member, self._draft / name)
        else:
            self._table(name, member)

    def _begin(self, about: dict[str, Any]) -> None:
        self.done.take(about)
        strange = {(app, name) for app, name in about["migrations"]} - tables.known()
        if strange:
            raise Refusal("life.newer", file=self._file, version=about["linli"])
        if about["database"] != connection.vendor:
            wanted, given = _NAMES[about["database"]], _NAMES[connection.vendor]
            raise Refusal("life.other_database", file=self._file, wanted=wanted, given=given)
        if connection.vendor == "postgresql":
            if not tables.is_empty():
                raise Refusal("life.database_not_empty")
            tables.migrate([(app, name) for app, name in about["migrations"]])

    def _table(self, name: str, member: Member) -> None:
        from linli.life import postgresql

        match name:
            case "columns.json":
                self._columns = json.loads(member.read_all())
                postgresql.clear(list(self._columns))
            case "counters.json":
                self._counters = json.loads(member.read_all())
            case _:
                table = name.partition("/")[0]
                postgresql.put_piece(table, self._columns[table], member.read_all())

    def finish(self) -> None:
        """All members are there: check what only the whole can show, and bring it up to date."""
        if connection.vendor == "postgresql":
            from linli.life import postgresql

            postgresql.set_counters(self._counters)
            postgresql.check_keys()
        self.done.migrated = [name for _, name in tables.pending()]
        tables.migrate()

    def _write(self, member: Member, path: Path) -> None:
        for folder in reversed(path.relative_to(self._draft).parents):
            (self._draft / folder).mkdir(mode=0o700, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as out:
            for block in member.blocks():
                out.write(block)
            out.flush()
            os.fsync(out.fileno())


def _prove(unpacking: _Unpacking) -> None:
    """The chain holds against every table, and ends where it ended when the backup was made."""
    report = trail.verify()
    done = unpacking.done
    if report.ok and tables.heads() != done.heads:
        report = replace(report, ok=False, broken_at="0/0", problem="链头与备份时不同")
    if not report.ok:
        raise Refusal("life.chain_broken", place=report.broken_at, problem=report.problem)
    done.entries = report.entries


def _publish(draft: Path, home: Path) -> None:
    """Move the entries up, `secret` last; every folder is synced before the next step."""
    for folder in sorted({path.parent for path in draft.rglob("*")} | {draft}):
        sync_folder(folder)
    names = sorted((path.name for path in draft.iterdir()), key=lambda name: name == "secret")
    for name in names:
        if name == "secret":
            sync_folder(home)
        (draft / name).rename(home / name)
    sync_folder(home)
