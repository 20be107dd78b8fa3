"""Processes by name: who is at work on something, and whether it still lives."""

from __future__ import annotations

import os
import socket
import time
from datetime import UTC, datetime


def this_process() -> str:
    """Host and number of this process, as tables keep it."""
    return f"{socket.gethostname()[:80]}/{os.getpid()}"


def alive(process: str) -> bool:
    """Whether the process may still be at work. On another machine or on Windows: unknown, so yes."""
    host, _, number = process.rpartition("/")
    if host != socket.gethostname()[:80] or os.name == "nt":
        return True
    try:
        os.kill(int(number), 0)  # signal 0 only asks
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def machine_now() -> datetime:
    """The machine's own clock: a heartbeat must beat even where LINLI_NOW stops the clock."""
    return datetime.fromtimestamp(time.time(), UTC)
