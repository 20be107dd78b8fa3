"""Templates: literal text, slots in braces, droppable stretches in square brackets."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from linli.reports.draft import Cell, Run

Resolve = Callable[[str], Cell | None]


@dataclass(frozen=True, slots=True)
class _Slot:
    name: str


@dataclass(frozen=True, slots=True)
class _Group:
    parts: tuple[_Part, ...]


_Part = str | _Slot | _Group
_TOKEN = re.compile(r"\{([^{}]+)\}|(\[)|(\])|([^\[\]{}]+)")


@lru_cache(maxsize=2048)
def _parse(text: str) -> tuple[_Part, ...]:
    stack: list[list[_Part]] = [[]]
    for slot, opened, closed, literal in _TOKEN.findall(text):
        if slot:
            stack[-1].append(_Slot(slot))
        elif opened:
            stack.append([])
        elif closed and len(stack) > 1:
            group = _Group(tuple(stack.pop()))
            stack[-1].append(group)
        elif literal:
            stack[-1].append(literal)
    return tuple(stack[0])


def slots(text: str) -> list[str]:
    """Return the names of all slots of a template, in order."""
    return [slot for slot, *_ in _TOKEN.findall(text) if slot]


def _fill(parts: tuple[_Part, ...], resolve: Resolve) -> list[Run] | None:
    runs: list[Run] = []
    for part in parts:
        if isinstance(part, str):
            runs.append(Run(part))
        elif isinstance(part, _Slot):
            value = resolve(part.name)
            if not value:
                return None
            runs.extend(value)
        else:
            runs.extend(_fill(part.parts, resolve) or [])
    return runs


def fill(text: str, resolve: Resolve) -> Cell | None:
    """Return the runs of a template, or None when a slot outside brackets has no value."""
    runs = _fill(_parse(text), resolve)
    return tidy(runs) if runs is not None else None


_DOUBLED = re.compile(r"([，、；：。])[，、；：。]+")
_EMPTY = re.compile(r"（[，、]*）|\(\)|“”|《》")
_BEFORE_CLOSE = re.compile(r"[，、；：]+(?=[）)])")


def _squeeze(match: re.Match[str]) -> str:
    """Of several stops keep the strongest: 。 over ； over ， over 、."""
    return max(match.group(), key="、，：；。".index)


def tidy(runs: list[Run] | tuple[Run, ...]) -> Cell:
    """Join plain runs, drop empty brackets and doubled stops, also across the seams of links."""
    joined: list[Run] = []
    for run in runs:
        if not run.text:
            continue
        last = joined[-1] if joined else None
        if (
            last is not None
            and last.ref is None
            and run.ref is None
            and not last.unverified
            and not run.unverified
        ):
            joined[-1] = Run(last.text + run.text)
        else:
            joined.append(run)
    out: list[Run] = []
    for run in joined:
        if run.ref is not None or run.unverified:
            out.append(run)
            continue
        words = _DOUBLED.sub(_squeeze, _BEFORE_CLOSE.sub("", _EMPTY.sub("", run.text)))
        if out and out[-1].text[-1:] in "，、；：。！？" and words[:1] in "，、；：。":
            words = words[1:]  # a quoted title brought its own stop
        if words:
            out.append(Run(words))
    return tuple(out)
