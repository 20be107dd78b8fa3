"""File locks between processes: one refresher at a time; leases of readers on a generation."""

from __future__ import annotations

import sys
from pathlib import Path
from types import TracebackType
from typing import IO, Self

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl


class FileLock:
    """A lock on a file that ends with the process, however it dies.

    Windows has no shared locks in the standard library; a reader there takes none, and old
    generations are kept for a while instead (see ``refresh``).
    """

    def __init__(self, path: Path, *, shared: bool = False) -> None:
        self._path = path
        self._shared = shared
        self._file: IO[bytes] | None = None

    def acquire(self, *, wait: bool = True) -> bool:
        """Take the lock; without ``wait`` return False if somebody else holds it."""
        handle = self._path.open("rb" if self._shared else "ab")
        try:
            self._lock(handle, wait)
        except OSError:
            handle.close()
            if wait:
                raise
            return False
        self._file = handle
        return True

    def release(self) -> None:
        """Give the lock back; harmless if it is not held."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def __enter__(self) -> Self:
        self.acquire()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()

    if sys.platform == "win32":

        def _lock(self, handle: IO[bytes], wait: bool) -> None:
            if not self._shared:
                handle.seek(0)
                msvcrt.locking(handle.fileno(), msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)

    else:

        def _lock(self, handle: IO[bytes], wait: bool) -> None:
            how = fcntl.LOCK_SH if self._shared else fcntl.LOCK_EX
            fcntl.flock(handle.fileno(), how if wait else how | fcntl.LOCK_NB)
