"""Ids: UUIDv7 (RFC 9562 §5.7), made where the record is made, ascending inside a process."""

from __future__ import annotations

import os
import threading
import time
from uuid import UUID

_COUNTER_BITS = 42  # 12 bits rand_a + the upper 30 bits of rand_b (RFC 9562 §6.2, method 1)
_TAIL_BITS = 32
_POOL = 4096
_COUNTER_MAX = (1 << _COUNTER_BITS) - 1
_VERSION = 0x7 << 76
_VARIANT = 0b10 << 62


class _Sequence:
    """Milliseconds and a counter that only go up, whatever the system clock does."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._forget()

    def _forget(self) -> None:
        self._millis = -1
        self._counter = 0
        self._pool = b""  # chance for the tails, asked of the system in pieces: imports need much
        self._used = 0

    def after_fork(self) -> None:
        """A child process takes a fresh lock and a fresh counter, so it repeats no id."""
        self.__init__()  # type: ignore[misc]

    def tail(self) -> int:
        """The random bits at the end of an id."""
        with self._lock:
            if self._used == len(self._pool):
                self._pool, self._used = os.urandom(_POOL), 0
            start, self._used = self._used, self._used + _TAIL_BITS // 8
            return int.from_bytes(self._pool[start : self._used], "big")

    def next(self) -> tuple[int, int]:
        with self._lock:
            millis = time.time_ns() // 1_000_000
            if millis > self._millis:
                self._millis = millis
                # The top bit starts at 0: 2^41 ids fit in the millisecond before it overflows.
                self._counter = int.from_bytes(os.urandom(6), "big") >> (48 - _COUNTER_BITS + 1)
            elif self._counter < _COUNTER_MAX:
                self._counter += 1
            else:
                self._millis += 1
                self._counter = 0
            return self._millis, self._counter


_SEQUENCE = _Sequence()
if hasattr(os, "register_at_fork"):  # not on Windows
    os.register_at_fork(after_in_child=_SEQUENCE.after_fork)


def uuid7() -> UUID:
    """A new id. Later calls in this process give greater ids, across threads too."""
    millis, counter = _SEQUENCE.next()
    tail = _SEQUENCE.tail()
    high, low = counter >> 30, counter & ((1 << 30) - 1)
    number = (millis & ((1 << 48) - 1)) << 80 | _VERSION | high << 64
    return UUID(int=number | _VARIANT | low << _TAIL_BITS | tail)
