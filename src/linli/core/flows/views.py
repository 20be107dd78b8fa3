"""Matters, moves and messages as others see them. Plain Python."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from linli.core.flows.rules import SORT_NAMES, Sort, Standing
from linli.kernel.clock import beijing


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else beijing(moment).isoformat(timespec="seconds")


@dataclass(frozen=True, slots=True)
class CaseView:
    """A matter and where it stands at the instant that was asked for. `area` is a slug.

    `assignee` is the name of the person or body that has it; `seen` the number of its last move.
    """

    id: UUID
    record: UUID
    area: str
    title: str
    flow: str
    flow_title: str
    step_title: str
    assignee: str
    parent: UUID | None
    parts: int
    standing: Standing

    @property
    def seen(self) -> int:
        """What a next move has to name."""
        return self.standing.seq

    def as_json(self) -> dict[str, Any]:
        """The shape of `linli flow list --json`."""
        now_at = self.standing
        return {
            "id": str(self.id),
            "record": str(self.record),
            "area": self.area,
            "title": self.title,
            "flow": self.flow,
            "step": now_at.step,
            "step_title": self.step_title,
            "round": now_at.round,
            "since": _time(now_at.since),
            "assignee": self.assignee,
            "due": _time(now_at.due),
            "overdue": now_at.overdue,
            "paused": _time(now_at.paused),
            "closed": now_at.closed,
            "in_time": now_at.in_time,
            "returns": now_at.returns,
            "outcome": now_at.outcome,
            "parent": str(self.parent) if self.parent else None,
            "parts": self.parts,
            "seen": now_at.seq,
        }


@dataclass(frozen=True, slots=True)
class MoveView:
    """One move of a matter, for people. `who` made it; `assignee` has the matter after it."""

    id: UUID
    seq: int
    title: str
    step: str
    round: int
    occurred: datetime
    late: bool
    who: str
    assignee: str
    outcome: str
    reason: str

    def as_json(self) -> dict[str, Any]:
        """The shape of the moves in `linli flow show --json`."""
        return {
            "id": str(self.id),
            "seq": self.seq,
            "move": self.title,
            "step": self.step,
            "round": self.round,
            "occurred": _time(self.occurred),
            "late": self.late,
            "who": self.who,
            "assignee": self.assignee,
            "outcome": self.outcome,
            "reason": self.reason,
        }


@dataclass(frozen=True, slots=True)
class ChoiceView:
    """A move that the actor may make now, and what it asks for (titles of fields)."""

    name: str
    title: str
    act: str
    step: str
    reason: bool
    assignee: bool
    evidence: bool
    fields: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The shape of the choices in `linli flow show --json`."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class MessageView:
    """A message between areas. `state`: waiting, delivered, accepted or refused."""

    id: UUID
    sort: Sort
    area: str
    other: str
    title: str
    content: Mapping[str, Any]
    correlation: UUID
    at: datetime
    state: str
    case: UUID | None

    def as_json(self) -> dict[str, Any]:
        """The shape of `linli flow inbox --json`."""
        return {
            "id": str(self.id),
            "sort": str(self.sort),
            "sort_title": SORT_NAMES[self.sort],
            "area": self.area,
            "other": self.other,
            "title": self.title,
            "content": dict(self.content),
            "correlation": str(self.correlation),
            "at": _time(self.at),
            "state": self.state,
            "case": str(self.case) if self.case else None,
        }
