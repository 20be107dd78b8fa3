"""Python's search for cyclic garbage, made rare while a workbook is read.

An import makes millions of objects and no cycles; looking for some among them takes a sixth of its
time. The setting is the process's, so imports that overlap share it.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

_RARELY = 200_000  # new objects between two looks
_lock = Lock()
_reading: list[tuple[int, int, int]] = []  # what to go back to, once for each import at work


@contextmanager
def rarely_collecting() -> Iterator[None]:
    """Look for cyclic garbage rarely until the last of those inside has left."""
    with _lock:
        _reading.append(_reading[0] if _reading else gc.get_threshold())
        gc.set_threshold(_RARELY, *_reading[0][1:])
    try:
        yield
    finally:
        with _lock:
            before = _reading.pop()
            if not _reading:
                gc.set_threshold(*before)
