"""UUIDv7: the right bits, ascending, also across threads, forks and clocks that go back."""

from __future__ import annotations

import os
import threading
import time
from itertools import pairwise
from uuid import RFC_4122, UUID

import pytest

from linli.kernel import ids
from linli.kernel.ids import uuid7


def test_version_and_variant() -> None:
    one = uuid7()
    assert (one.version, one.variant) == (7, RFC_4122)
    assert abs((one.int >> 80) - time.time_ns() // 1_000_000) < 60_000


def test_ids_ascend() -> None:
    several = [uuid7() for _ in range(20_000)]
    assert all(first < second for first, second in pairwise(several))
    assert len(set(several)) == len(several)


def test_ids_ascend_in_threads() -> None:
    taken: list[list[UUID]] = [[] for _ in range(8)]

    def take(into: list[UUID]) -> None:
        into.extend(uuid7() for _ in range(2_000))

    threads = [threading.Thread(target=take, args=(into,)) for into in taken]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(first < second for into in taken for first, second in pairwise(into))
    assert len({one for into in taken for one in into}) == 16_000


def test_a_clock_that_goes_back_is_not_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    sequence = ids._Sequence()
    monkeypatch.setattr(ids.time, "time_ns", lambda: 5_000_000_000)
    first = sequence.next()
    monkeypatch.setattr(ids.time, "time_ns", lambda: 1_000_000_000)
    assert sequence.next() == (first[0], first[1] + 1)


def test_a_full_counter_borrows_a_millisecond(monkeypatch: pytest.MonkeyPatch) -> None:
    sequence = ids._Sequence()
    monkeypatch.setattr(ids.time, "time_ns", lambda: 5_000_000_000)
    millis, _ = sequence.next()
    sequence._counter = ids._COUNTER_MAX
    assert sequence.next() == (millis + 1, 0)


def test_a_fork_starts_afresh(monkeypatch: pytest.MonkeyPatch) -> None:
    sequence = ids._Sequence()
    monkeypatch.setattr(ids.time, "time_ns", lambda: 5_000_000_000)
    counters = {sequence.next()[1]}
    sequence.after_fork()
    counters.add(sequence.next()[1])
    assert len(counters) == 2  # 41 random bits: the same again would be no chance


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
def test_a_child_process_repeats_no_id() -> None:
    uuid7()
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writer, uuid7().bytes)
        os._exit(0)
    mine = uuid7()
    os.waitpid(child, 0)
    assert UUID(bytes=os.read(reader, 16)) != mine
    os.close(reader)
    os.close(writer)
