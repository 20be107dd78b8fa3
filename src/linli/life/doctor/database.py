"""The database: whole, with the settings that keep it so, at the version of the program."""

from __future__ import annotations

from pathlib import Path

from django.db import connection

from linli.core.audit import trail
from linli.kernel.errors import Refusal
from linli.life import tables
from linli.life.doctor.finding import Finding, bad, note, well
from linli.life.upgrade import refuse_newer

_RESTORE = "请停掉网站，从最近的备份恢复（linli restore），并查一查磁盘。"
_WANTED = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def version(home: Path) -> Finding:
    """Whether database and program belong together."""
    try:
        refuse_newer(home)
    except Refusal as refused:
        return bad("版本", refused.sentence, refused.way_out)
    pending = tables.pending()
    if pending:
        return bad("版本", f"数据库还差 {len(pending)} 步升级", "请运行 linli upgrade。")
    return well("版本", "数据库与程序一致")


def integrity(home: Path) -> Finding:
    """Whether the pages of the database are whole and no row points nowhere."""
    del home
    if connection.vendor == "postgresql":
        return _postgresql()
    said = [str(row[0]) for row in _ask("PRAGMA integrity_check(5)")]
    if said != ["ok"]:
        return bad("数据库", f"文件损坏：{said[0]}", _RESTORE)
    loose = _ask("PRAGMA foreign_key_check")
    if loose:
        return bad("数据库", f"{loose[0][0]} 等表里有 {len(loose)} 行指向不存在的数据", _RESTORE)
    return well("数据库", "完好，没有悬空的引用")


def _postgresql() -> Finding:
    loose = _ask("SELECT conname FROM pg_constraint WHERE NOT convalidated")
    if loose:
        return bad("数据库", f"约束 {loose[0][0]} 没有生效", _RESTORE)
    return well("数据库", f"PostgreSQL {_ask('SHOW server_version')[0][0]}，约束都有效")


def settings(home: Path) -> Finding:
    """Whether an acknowledged record survives a power cut."""
    del home
    if connection.vendor == "postgresql":
        off = [name for name, question in _SYNCS.items() if _ask(question)[0][0] != "on"]
    else:
        off = [name for name, value in _WANTED.items() if _ask(_PRAGMAS[name])[0][0] != value]
    if off:
        todo = "断电时可能丢失刚登记的内容，请恢复这些设置。"
        return bad("数据库设置", f"{'、'.join(off)} 被改过", todo)
    return well("数据库设置", "断电也不丢已确认的登记")


_PRAGMAS = {name: f"PRAGMA {name}" for name in _WANTED}
_SYNCS = {"fsync": "SHOW fsync", "synchronous_commit": "SHOW synchronous_commit"}


def chain(home: Path) -> Finding:
    """Whether the audit chain holds, and every row it speaks of."""
    del home
    report = trail.verify()
    if not report.ok:
        words = f"在 {report.broken_at} 处断开：{report.problem}"
        return bad("审计链", words, "有人绕过程序改了数据。请保留现场，从备份核对，并报告管理员。")
    if not report.entries:
        return note("审计链", "还没有任何一条", "新的安装是这样；如果不是新的，请查一查。")
    return well("审计链", f"{report.entries} 条完整，与数据一致")


def _ask(question: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return list(cursor.fetchall())
