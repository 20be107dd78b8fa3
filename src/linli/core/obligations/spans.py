"""Which interval holds when: as a pack declares it, until an installation names another. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from linli.kernel.intervals import Interval
from linli.kernel.windows import Window, windows

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Named:
    """An interval that an installation named: from `since` on, in an area and all under it.

    `depth`: how far down the tree its area lies; the nearest area decides, then the newest day.
    """

    depth: int
    since: date
    order: int
    interval: Interval


class Span(NamedTuple):
    """The days, both counted, on which one interval holds; `begins` is the day it was named for."""

    first: date
    last: date
    interval: Interval
    begins: date | None


def in_force(
    declared: Interval, named: Sequence[Named], first: date, last: date
) -> tuple[Span, ...]:
    """Which interval holds when, between two days. A window belongs to the one of its due day."""
    changes = sorted({one.since for one in named if first < one.since <= last})
    starts = [first, *changes]
    ends = [day - _DAY for day in changes] + [last]
    return tuple(
        _held(declared, named, start, end) for start, end in zip(starts, ends, strict=True)
    )


def _held(declared: Interval, named: Sequence[Named], first: date, last: date) -> Span:
    known = [one for one in named if one.since <= first]
    if not known:
        return Span(first, last, declared, None)
    held = max(known, key=lambda one: (one.depth, one.since, one.order))
    return Span(first, last, held.interval, held.since)


def windows_of(spans: Iterable[Span]) -> list[Window]:
    """The windows of all spans, each asked for its own days."""
    found: list[Window] = []
    for span in spans:
        begins = {} if span.begins is None else {"begins": span.begins}
        found += windows(span.interval, span.first, span.last, **begins)
    return found
