"""Files that are there whole or not at all, and what is said when the disk is full."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from linli.kernel.errors import Refusal, sentences

sentences(
    {
        "disk.full": (
            "写不下了：{path} 所在的磁盘已满（还剩 {free} MB）。",
            "没有写完的部分已经删除，原有的数据都在。请腾出空间后再试一次。",
        ),
    }
)
_FULL = {errno.ENOSPC, errno.EFBIG, errno.EDQUOT}


def free_mb(path: Path) -> int:
    """Megabytes free on the disk of a path that need not exist yet."""
    while not path.exists():
        path = path.parent
    return shutil.disk_usage(path).free // 1_000_000


@contextmanager
def saying_full(path: Path) -> Iterator[None]:
    """Turn a full disk (or quota) into the Refusal disk.full; other faults pass."""
    try:
        yield
    except OSError as fault:
        if fault.errno in _FULL:
            raise Refusal("disk.full", path=path, free=free_mb(path)) from fault
        raise


@contextmanager
def whole_file(path: Path) -> Iterator[IO[bytes]]:
    """A private file (0600) to write: synced and named at the end, or gone if anything fails."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
        sync_folder(path.parent)
    finally:
        draft.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Make a rename durable; Windows has no such call and needs none."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
