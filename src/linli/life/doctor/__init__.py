"""The check-up of an installation: one line a check, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from linli.life.doctor import contents, database, folder, running
from linli.life.doctor.finding import Finding, Health, bad

__all__ = ["Finding", "Health", "examine"]

Check = Callable[[Path], Finding]
CHECKS: dict[str, Check] = {
    "安装目录": folder.writable,
    "磁盘": folder.room,
    "权限": folder.private,
    "密钥": folder.keys,
    "版本": database.version,
    "数据库": database.integrity,
    "数据库设置": database.settings,
    "时钟": folder.clock,
    "审计链": database.chain,
    "佐证": contents.evidence,
    "快照": contents.snapshot,
    "字体": contents.fonts,
    "后台程序": running.worker,
    "端口": running.port,
    "证书": running.certificate,
}
LONG = frozenset({"审计链", "佐证"})
"""Checks that read everything; `--quick` leaves them out."""


def examine(home: Path, *, quick: bool = False) -> Iterator[Finding]:
    """All checks in their order. One that breaks down is a finding, and the next goes on."""
    for name, check in CHECKS.items():
        if quick and name in LONG:
            continue
        try:
            yield check(home)
        except Exception as fault:
            words = f"查不下去：{type(fault).__name__}：{fault}"
            yield bad(name, words, "请先处理上面的问题，再查一遍。")
