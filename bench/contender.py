"""One measured program: it runs in a process of its own, so that its memory is its own."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PYTHON = ROOT / ".venv" / "bin" / "python"
OTHER_PYTHON = ROOT / ".venv-bench" / "bin" / "python"
"""Holds pandas, which the product does not need."""


class Unequal(Exception):
    """Two contenders answered the same question differently: no ratio is worth printing."""


@dataclass(frozen=True, slots=True)
class Contender:
    """A function ``module:name`` that takes keyword arguments and returns what it measured."""

    name: str
    function: str
    arguments: Mapping[str, Any]
    python: Path = PYTHON


@dataclass(slots=True)
class Measured:
    """Times of several runs by part of the question, and their peaks of memory."""

    name: str
    rounds: dict[str, list[float]] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)
    peaks: list[float] = field(default_factory=list)
    said: dict[str, Any] = field(default_factory=dict)

    @property
    def seconds(self) -> dict[str, float]:
        """The median time of each part."""
        return {part: median(times) for part, times in self.rounds.items()}

    @property
    def peak_mb(self) -> float:
        """The median peak."""
        return median(self.peaks)

    @property
    def total(self) -> float:
        """Seconds of all parts together."""
        return sum(self.seconds.values())

    def add(self, line: Mapping[str, Any]) -> None:
        """Take the outcome of one run."""
        answers = dict(line["answers"])
        if self.answers and self.answers != answers:
            raise Unequal(f"{self.name} does not answer the same twice")
        self.answers = answers
        for part, seconds in line["seconds"].items():
            self.rounds.setdefault(part, []).append(seconds)
        self.peaks.append(float(line["peak_mb"]))
        self.said.update(line.get("said", {}))


def run(contender: Contender) -> dict[str, Any]:
    """Run it once in a fresh process. Its own words go to standard error."""
    command = [str(contender.python), "-m", "bench.child", contender.function]
    done = subprocess.run(
        [*command, json.dumps(dict(contender.arguments))],
        cwd=ROOT,
        env={k: v for k, v in os.environ.items() if not k.startswith("LINLI_")},
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{contender.name} failed with exit code {done.returncode}")
    line: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return line


def race(contenders: Iterable[Contender], times: int) -> list[Measured]:
    """Run the contenders in turn, ``times`` rounds.

    In turn, so that a busy minute of the machine hits all of them alike.
    """
    field_ = list(contenders)
    found = [Measured(one.name) for one in field_]
    for _ in range(times):
        for one, measured in zip(field_, found, strict=True):
            measured.add(run(one))
    return found


def equal(one: Measured, other: Measured, parts: Iterable[str] | None = None) -> None:
    """Raise Unequal unless both gave the same answers (to the given parts, or all they share)."""
    shared = set(one.answers) & set(other.answers) if parts is None else set(parts)
    if not shared:
        raise Unequal(f"{one.name} and {other.name} have no answer in common")
    for part in sorted(shared):
        if one.answers.get(part) != other.answers.get(part):
            raise Unequal(f"{one.name} and {other.name} differ in {part}")
