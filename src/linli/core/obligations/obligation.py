"""An obligation as others see it, and the code by which a person names it. Pure."""

from __future__ import annotations

from collections.abc import Iterable
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


@dataclass(frozen=True, slots=True)
class Row:
    """Obligations of one rule, area and subject in one state, as a list shows them: in one row.

    `first` is the one to look at: of what was missed the newest, else the next due.
    """

    first: Obligation
    count: int
    opens: date
    due: date


def rows(found: Iterable[Obligation]) -> list[Row]:
    """What a person reads: thirty missed days of a patrol are one row, not thirty.

    What is due comes first, then what is paused, missed, done and still to come, by due day.
    """
    groups: dict[tuple[str, str, str, State], list[Obligation]] = {}
    for one in found:
        groups.setdefault((one.area, one.rule, one.subject, one.state), []).append(one)
    made = [
        Row(
            max(group, key=lambda one: one.due)
            if state is State.MISSED
            else min(group, key=lambda one: one.due),
            len(group),
            min(one.opens for one in group),
            max(one.due for one in group),
        )
        for (*_, state), group in groups.items()
    ]
    return sorted(made, key=lambda row: (_ORDER.index(row.first.state), row.first.due))


_ORDER = (
    State.DUE,
    State.PAUSED,
    State.MISSED,
    State.DONE_LATE,
    State.DONE,
    State.WAIVED,
    State.UPCOMING,
)
