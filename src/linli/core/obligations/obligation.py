"""An obligation as others see it, and the code by which a person names it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from typing import Any
from uuid import UUID

from linli.core.obligations.rules import State


def mark(subject: str) -> str:
    """A short digest of a subject: what is stored of it beside decisions and reminders."""
    return blake2b(subject.encode(), digest_size=8).hexdigest() if subject else ""


def code(rule: str, name: str) -> str:
    """The code of an obligation: rule@window, as `linli due` shows it."""
    return f"{rule}@{name}"


def parts(given: str) -> tuple[str, str] | None:
    """Rule and window name of a code; None where it is none."""
    rule, at, name = given.strip().partition("@")
    return (rule, name) if at and rule and name else None


@dataclass(frozen=True, slots=True)
class Obligation:
    """Something due in an area. `name` is the window's, with the subject's digest; see `code`.

    `opens` to `due`: its window. `day` and `record`: when and by what it was fulfilled. `sent`: the
    steps of reminding so far, with their days. `interval` is said in words.
    """

    rule: str
    title: str
    kind: str
    owner: str
    area: str
    area_name: str
    subject: str
    interval: str
    name: str
    opens: date
    due: date
    state: State
    day: date | None = None
    record: UUID | None = None
    sent: tuple[tuple[str, date], ...] = ()

    @property
    def code(self) -> str:
        """What a person names it by: rule@window."""
        return code(self.rule, self.name)

    def as_json(self) -> dict[str, Any]:
        """The documented shape of `linli due --json`."""
        return {
            "code": self.code,
            "rule": self.rule,
            "title": self.title,
            "kind": self.kind,
            "owner": self.owner,
            "area": self.area,
            "subject": self.subject,
            "interval": self.interval,
            "opens": self.opens.isoformat(),
            "due": self.due.isoformat(),
            "state": str(self.state),
            "day": self.day.isoformat() if self.day else None,
            "record": str(self.record) if self.record else None,
            "sent": [{"step": step, "day": day.isoformat()} for step, day in self.sent],
        }
