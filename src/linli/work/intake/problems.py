"""What is wrong, unclear or worth knowing in a workbook: said once, with place, value and way out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum


class Severity(StrEnum):
    """An error or an unanswered question writes nothing; a warning imports."""

    ERROR = "error"
    QUESTION = "question"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding. ``key`` names a question, stable for the same sheet, for ``--answer KEY=V``."""

    severity: Severity
    sheet: str
    cell: str
    value: str
    problem: str
    way_out: str
    key: str = ""

    def line(self) -> str:
        """The finding as one line for people."""
        place = f"{self.sheet}!{self.cell}" if self.cell else self.sheet
        shown = f"「{self.quoted}」" if self.quoted else ""
        return f"{place} {shown}{self.problem}。{self.way_out}".lstrip()

    @property
    def quoted(self) -> str:
        """The value to say before the sentence: none where the sentence about a file names it."""
        return "" if not self.sheet and self.value in self.problem else self.value


_SHOWN = 60


@dataclass(slots=True)
class Problems:
    """Collects findings; equal complaints of one sort are cut after ``LIMIT`` with a count."""

    found: list[Problem] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    blocked: bool = False
    _counts: dict[tuple[str, str], int] = field(default_factory=dict)
    LIMIT = 100

    def error(self, sheet: str, cell: str, value: object, problem: str, way_out: str) -> None:
        """Something that cannot be imported as it stands."""
        self.blocked = True
        self._add(Problem(Severity.ERROR, sheet, cell, shown(value), problem, way_out))

    def warn(self, sheet: str, cell: str, value: object, problem: str, way_out: str) -> None:
        """Something that imports, but that a person should know."""
        self._add(Problem(Severity.WARNING, sheet, cell, shown(value), problem, way_out))

    def ask(
        self, key: str, sheet: str, cell: str, value: object, problem: str, way_out: str
    ) -> str | None:
        """Return the answer given to a question, or record the question and return None."""
        if key in self.answers:
            return self.answers[key]
        self.blocked = True
        if not any(p.key == key for p in self.found):
            self._add(Problem(Severity.QUESTION, sheet, cell, shown(value), problem, way_out, key))
        return None

    def _add(self, problem: Problem) -> None:
        sort = (problem.sheet, problem.severity + problem.problem[:6])
        count = self._counts[sort] = self._counts.get(sort, 0) + 1
        if count <= self.LIMIT:
            self.found.append(problem)

    def listed(self) -> tuple[Problem, ...]:
        """All findings, errors first, then questions, then warnings; counts of what was cut."""
        cut = [
            Problem(
                Severity.WARNING, sheet, "", "", f"同类问题共 {n} 处，只列出前 {self.LIMIT} 处", ""
            )
            for (sheet, _), n in self._counts.items()
            if n > self.LIMIT
        ]
        order = list(Severity)
        return tuple(sorted([*self.found, *cut], key=lambda p: order.index(p.severity)))


def shown(value: object) -> str:
    """The value as the sheet shows it, cut to one line."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = " ".join(str(value).split())
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def blocked(problems: Iterable[Problem]) -> bool:
    """Whether anything stands in the way of writing."""
    return any(p.severity is not Severity.WARNING for p in problems)
