"""The folder of the installation: can it be written, has it room, is it private, is the clock right."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from linli.core.access.keys import signing_key
from linli.core.audit.queries import latest
from linli.kernel.clock import FIXED, beijing, now
from linli.kernel.disk import free_mb, whole_file
from linli.kernel.errors import Refusal
from linli.life.doctor.finding import Finding, bad, note, well

SCARCE_MB, TIGHT_MB = 200, 2000
_TOLERANCE = timedelta(minutes=5)


def writable(home: Path) -> Finding:
    """Whether a file can be written, synced and renamed there."""
    probe = home / "doctor.probe"
    try:
        with whole_file(probe) as file:
            file.write(b"probe")
    except OSError as fault:
        todo = "请检查文件夹的权限和磁盘。"
        return bad("安装目录", f"{home} 写不进去：{fault.strerror}", todo)
    finally:
        probe.unlink(missing_ok=True)
    return well("安装目录", f"{home} 可以写入")


def room(home: Path) -> Finding:
    """How much room the disk has; a backup needs as much as the database and the evidence."""
    free = free_mb(home)
    words = f"还剩 {free} MB"
    if free < SCARCE_MB:
        return bad("磁盘", words, "请马上腾出空间：写不下时登记会被拒绝。")
    if free < TIGHT_MB:
        return note("磁盘", words, "请腾出空间，或换大一些的磁盘。")
    return well("磁盘", words)


def clock(home: Path) -> Finding:
    """Whether the clock stands behind what was written already, or is stopped."""
    if os.environ.get(FIXED):
        return note(
            "时钟",
            f"被 {FIXED} 固定在 {beijing(now()):%Y-%m-%d %H:%M}",
            f"正式使用请取消 {FIXED}。",
        )
    entry = latest()
    written = [home / "secret", *(home / "evidence").glob("??")]
    newest = max((path.stat().st_mtime for path in written if path.exists()), default=0.0)
    last = max(entry or datetime.fromtimestamp(0, UTC), datetime.fromtimestamp(newest, UTC))
    ahead = last - datetime.fromtimestamp(time.time(), UTC)
    if ahead > _TOLERANCE:
        words = (
            f"本机时间 {beijing(now()):%Y-%m-%d %H:%M} 早于已写下的 {beijing(last):%Y-%m-%d %H:%M}"
        )
        todo = "时钟被调回过，或曾经走快。请校准时间；已登记的都在，只是先后的时刻会乱。"
        return bad("时钟", words, todo)
    return well("时钟", f"{beijing(now()):%Y-%m-%d %H:%M}，不早于已写下的任何一条")


def keys(home: Path) -> Finding:
    """Whether the signing key and the secret are there and can be read."""
    if not (home / "secret").read_text("ascii").strip():
        return bad("密钥", "secret 是空的", "请从备份恢复 secret。")
    try:
        signing_key(home)
    except Refusal as refused:
        return bad("密钥", refused.sentence, refused.way_out)
    return well("密钥", "签名密钥和 secret 都在")


def private(home: Path) -> Finding:
    """Whether others on the machine can read what is nobody's business."""
    open_ones = [path.relative_to(home).as_posix() for path in _secrets(home) if _open(path)]
    if open_ones:
        shown = "、".join(name if name != "." else str(home) for name in open_ones[:5])
        return bad("权限", f"别的用户可以读：{shown}", f"请运行 chmod -R go-rwx {home}。")
    return well("权限", "只有本用户能读")


def _secrets(home: Path) -> Iterator[Path]:
    yield home
    yield from home.glob("linli.sqlite3*")
    yield home / "secret"
    yield from (home / "keys").rglob("*")


def _open(path: Path) -> bool:
    return os.name != "nt" and path.exists() and bool(path.stat().st_mode & 0o077)
