"""What is wrong, unclear or worth knowing in a register workbook: place, masked value, way out."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from linli.kernel.errors import Refusal


class Severity(StrEnum):
    """An error or an unanswered question writes nothing; a warning does not stand in the way."""

    ERROR = "error"
    QUESTION = "question"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding; its shape is that of `linli import --json`. `key` names a question."""

    severity: Severity
    sheet: str
    cell: str
    value: str
    problem: str
    way_out: str
    key: str = ""

    def as_json(self) -> dict[str, Any]:
        """The documented object; `key` only where there is a question."""
        shape = asdict(self) | {"severity": str(self.severity)}
        return shape if self.key else {k: v for k, v in shape.items() if k != "key"}

    def line(self) -> str:
        """The finding as one line for people."""
        place = f"{self.sheet}!{self.cell} " if self.cell else ""
        shown = f"「{self.value}」" if self.value else ""
        return f"{place}{shown}{self.problem}{self.way_out}"


@dataclass(slots=True)
class Problems:
    """Collects findings; a question that was answered is no finding any more."""

    answers: dict[str, str] = field(default_factory=dict)
    found: list[Problem] = field(default_factory=list)

    @property
    def blocked(self) -> bool:
        """Whether an error or an open question stands in the way."""
        return any(one.severity is not Severity.WARNING for one in self.found)

    def error(self, sheet: str, cell: str, value: str, problem: str, way_out: str) -> None:
        """Something that cannot be taken in as it stands."""
        self.found.append(Problem(Severity.ERROR, sheet, cell, value, problem, way_out))

    def refused(self, sheet: str, cell: str, refusal: Refusal) -> None:
        """An error in the words of the rule that refused; they never hold the number itself."""
        self.error(sheet, cell, "", refusal.sentence, refusal.way_out)

    def warn(self, sheet: str, cell: str, value: str, problem: str, way_out: str) -> None:
        """Something a person should know."""
        self.found.append(Problem(Severity.WARNING, sheet, cell, value, problem, way_out))

    def ask(
        self, key: str, sheet: str, cell: str, value: str, problem: str, choices: tuple[str, ...]
    ) -> str | None:
        """The answer to a question that one answer settles for the whole file, or None."""
        if self.answers.get(key) in choices:
            return self.answers[key]
        way_out = f"请回答 --answer {key}={'|'.join(choices)}。"
        self.found.append(Problem(Severity.QUESTION, sheet, cell, value, problem, way_out, key))
        return None

    def listed(self) -> tuple[Problem, ...]:
        """Errors first, then questions, then warnings."""
        order = list(Severity)
        return tuple(sorted(self.found, key=lambda one: order.index(one.severity)))
