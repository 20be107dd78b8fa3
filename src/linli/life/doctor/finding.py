"""What a check found: one line, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Health(StrEnum):
    """How a thing is."""

    WELL = "正常"
    NOTE = "注意"
    BAD = "有问题"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the check-up. `todo` is empty where nothing needs doing."""

    check: str
    health: Health
    words: str
    todo: str = ""

    def as_json(self) -> dict[str, Any]:
        """What ``--json`` shows."""
        return {
            "check": self.check,
            "health": str(self.health),
            "words": self.words,
            "todo": self.todo,
        }


def well(check: str, words: str) -> Finding:
    """Nothing to do."""
    return Finding(check, Health.WELL, words)


def note(check: str, words: str, todo: str) -> Finding:
    """It works, but something should be done."""
    return Finding(check, Health.NOTE, words, todo)


def bad(check: str, words: str, todo: str) -> Finding:
    """Something is broken, or will be soon."""
    return Finding(check, Health.BAD, words, todo)
