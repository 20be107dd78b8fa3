"""SQLite hands over its file by its own backup call: one consistent moment, while writers go on."""

from __future__ import annotations

import errno
import sqlite3
from contextlib import closing
from pathlib import Path

from django.db import OperationalError, connection

_HELD_UP = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
_NO_ROOM = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE)
_WAITS = 80  # of a quarter of a second each


def copy_file(target: Path) -> None:
    """Copy the SQLite database into a file, as of one moment. Raises OSError on a full disk."""
    connection.ensure_connection()
    with closing(sqlite3.connect(target)) as copy:
        try:
            connection.connection.backup(copy, progress=_Patience())
        except sqlite3.OperationalError as fault:
            if fault.sqlite_errorcode in _NO_ROOM:
                raise OSError(errno.ENOSPC, str(fault), str(target)) from fault
            raise


def put_file_back(source: Path) -> None:
    """Make the SQLite database what it was when it was copied, in one transaction."""
    connection.ensure_connection()
    with closing(sqlite3.connect(source)) as copy:
        copy.backup(connection.connection, progress=_Patience())


class _Patience:
    """Ends a copy that the database will not let begin; by itself the call would wait for ever."""

    def __init__(self) -> None:
        self._waits = 0

    def __call__(self, status: int, remaining: int, total: int) -> None:
        self._waits = self._waits + 1 if status in _HELD_UP else 0
        if self._waits > _WAITS:
            raise OperationalError("database is locked")
