"""Upgrade: backed up, brought to the newest tables, proved; or put back to what it was."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from linli.core.access.keys import make_keys
from linli.core.audit import trail
from linli.core.jobs.queries import working_since
from linli.core.jobs.worker import note_fault
from linli.kernel.clock import beijing, now
from linli.kernel.errors import Refusal, sentences
from linli.life import sqlite, tables
from linli.life.backup import back_up, copied

sentences(
    {
        "life.older_program": (
            "{home} 的数据库比这个程序新（{strange}）。",
            "请换用较新版本的邻里程序；这个程序不会改动它。",
        ),
        "life.at_work": (
            "网站或后台程序正在运行（自 {since} 起）。",
            "请先停掉 linli serve，再运行这个命令。",
        ),
        "life.upgrade_failed": (
            "升级没有成功：{why}。数据库已退回升级前的样子。",
            "原来的数据都在，可继续用旧版本的程序。升级前的备份是 {file}，详情在 {log}。",
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Upgraded:
    """The migrations that were applied, the backup made before, the audit entries that hold."""

    steps: tuple[str, ...]
    backup: Path | None
    entries: int

    def as_json(self) -> dict[str, Any]:
        """What ``--json`` shows."""
        return {
            "steps": list(self.steps),
            "backup": str(self.backup) if self.backup else None,
            "audit_entries": self.entries,
        }


def upgrade(home: Path, passphrase: str) -> Upgraded:
    """Bring the installation up to date; one that is does nothing.

    The backup leaves out the evidence, which no upgrade touches. Raises Refusal
    life.older_program, life.at_work, life.upgrade_failed, disk.full.
    """
    refuse_newer(home)
    make_keys(home)  # those that the older release did not know; none is ever replaced
    wanted = tables.pending()
    if not wanted:
        return Upgraded((), None, trail.verify().entries)
    refuse_while_at_work()
    folder = home / "backups"
    folder.mkdir(mode=0o700, exist_ok=True)
    file = folder / f"before-upgrade-{beijing(now()):%Y%m%d-%H%M%S}.backup"
    back_up(home, file, passphrase, evidence=False)
    try:
        with _all_or_nothing(home):
            entries = _migrate()
    except Exception as fault:
        log = note_fault("linli upgrade", fault)
        raise Refusal("life.upgrade_failed", why=fault, file=file, log=log) from fault
    return Upgraded(tuple(f"{app} {name}" for app, name in wanted), file, entries)


def refuse_newer(home: Path) -> None:
    """Raise Refusal life.older_program if the database has had migrations unknown here."""
    strange = sorted(set(tables.applied()) - tables.known())
    if strange:
        names = "、".join(f"{app} {name}" for app, name in strange[:3])
        raise Refusal("life.older_program", home=home, strange=names)


def refuse_while_at_work() -> None:
    """Raise Refusal life.at_work if a worker is alive (an older installation has none)."""
    if not tables.exists("jobs_worker"):
        return
    since = working_since()
    if since is not None:
        raise Refusal("life.at_work", since=f"{beijing(since):%m-%d %H:%M}")


def _migrate() -> int:
    before = tables.heads()
    tables.migrate()
    report = trail.verify()
    if not report.ok:
        raise ValueError(f"审计链在 {report.broken_at} 处不成立：{report.problem}")
    if tables.heads() != before:
        raise ValueError("审计链的末尾变了")
    return report.entries


@contextmanager
def _all_or_nothing(home: Path) -> Iterator[None]:
    """PostgreSQL: one transaction. SQLite alters tables outside of one: put the copy back."""
    if connection.vendor == "postgresql":
        with transaction.atomic():
            yield
        return
    with copied(home) as copy:
        try:
            yield
        except BaseException:
            sqlite.put_file_back(copy)
            raise
