"""A reading of the installation's snapshot: fresh, leased, with its engine; shared by requests.

Opening a generation costs tens of milliseconds, so a process keeps the newest one open. A reader
that is still busy with an older one finishes there; it is closed when the last reader leaves.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings

from linli.insight.compile import Question
from linli.insight.engine import Engine
from linli.insight.evaluate import Value, evaluate
from linli.insight.layout import field_columns
from linli.insight.snapshot import Manifest, Snapshot
from linli.insight.snapshot.core import CoreSource, micros, moment
from linli.insight.snapshot.pseudonym import pseudonyms
from linli.kernel.clock import now
from linli.kernel.periods import Period
from linli.packs.load import registry as load_registry
from linli.packs.registry import Registry
from linli.packs.schema import Indicator


@dataclass(slots=True)
class _Open:
    """A generation held open in this process."""

    snapshot: Snapshot
    manifest: Manifest
    engine: Engine
    stack: ExitStack
    readers: int = 0
    retired: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader works with."""

    registry: Registry
    snapshot: Snapshot
    manifest: Manifest
    engine: Engine

    @property
    def known_at(self) -> datetime:
        """The instant whose knowledge this reading holds: that of the latest change."""
        return moment(self.manifest.known_at) if self.manifest.known_at else now()

    def evaluate(
        self,
        indicators: Sequence[Indicator],
        targets: tuple[int, ...] | None,
        period: Period,
        *,
        known_at: datetime | None = None,
        keys: bool = False,
        prove: bool = True,
    ) -> Sequence[Value]:
        """Values of the indicators for the targets (keys of areas; None: all areas)."""
        question = Question(
            start=period.start,
            end=period.end,
            targets=targets,
            columns={column.field: column for column in self.snapshot.columns},
            digest=self.snapshot.names.text,
            known_at=None if known_at is None else micros(known_at),
            changes=self.engine.changes(period.end),
            prove=prove,
        )
        return evaluate(self.engine, self.registry, indicators, question, keys=keys)


_lock = threading.Lock()
_open: dict[Path, _Open] = {}


@contextmanager
def reading() -> Iterator[Reading]:
    """A reading that holds every write acknowledged before this call."""
    registry = load_registry(settings.LINLI_HOME)
    snapshot = Snapshot(
        Path(settings.LINLI_HOME) / "snapshot",
        field_columns(registry),
        pseudonyms(settings.SECRET_KEY),
    )
    wanted = snapshot.refresh(CoreSource(registry))
    held = _enter(snapshot, wanted)
    try:
        yield Reading(registry, snapshot, held.manifest, held.engine)
    finally:
        _leave(held)


def forget() -> None:
    """Close what is held open (tests, and before a fork)."""
    with _lock:
        for held in _open.values():
            held.retired = True
            _close_if_free(held)
        _open.clear()


def _enter(snapshot: Snapshot, wanted: Manifest) -> _Open:
    with _lock:
        held = _open.get(snapshot.folder)
        stale = held is not None and (
            held.manifest.generation < wanted.generation or held.manifest.layout != wanted.layout
        )
        if held is None or stale:
            fresh = _opened(snapshot)
            if held is not None:
                held.retired = True
                _close_if_free(held)
            held = _open[snapshot.folder] = fresh
        held.readers += 1
        return held


def _leave(held: _Open) -> None:
    with _lock:
        held.readers -= 1
        _close_if_free(held)


def _opened(snapshot: Snapshot) -> _Open:
    stack = ExitStack()
    manifest = stack.enter_context(snapshot.lease())
    engine = Engine(snapshot.folder, manifest, snapshot.columns)
    stack.callback(engine.close)
    return _Open(snapshot, manifest, engine, stack)


def _close_if_free(held: _Open) -> None:
    if held.retired and held.readers == 0:
        held.stack.close()
