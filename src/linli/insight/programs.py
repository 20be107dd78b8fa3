"""Compiled programs, kept: the same question of another period or area is compiled once."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

from linli.insight.compile import Program, Question, compile_batch
from linli.insight.slots import Batch, Sorts, batch
from linli.packs.registry import Registry
from linli.packs.schema import Indicator

_SIZE = 64
_lock = threading.Lock()
_kept: OrderedDict[tuple[Any, ...], tuple[Registry, Batch, Program | None]] = OrderedDict()


def program(
    indicators: Sequence[Indicator],
    registry: Registry,
    question: Question,
    present: Sorts,
) -> tuple[Batch, Program | None]:
    """Return the batch and its program. ``present``: the kinds and grains that have records."""
    key = (
        id(registry),  # the registry is kept beside the program, so its id is not reused
        tuple((i.id, i.version) for i in indicators),
        present,
        tuple(question.columns.values()),
        question.targets is None,
        question.known_at is None,
        len(question.changes),
        question.prove,
    )
    with _lock:
        found = _kept.get(key)
        if found is not None:
            _kept.move_to_end(key)
            return found[1], found[2]
    asked = batch(indicators, registry, present)
    made = compile_batch(asked, question)
    with _lock:
        _kept[key] = (registry, asked, made)
        while len(_kept) > _SIZE:
            _kept.popitem(last=False)
    return asked, made
