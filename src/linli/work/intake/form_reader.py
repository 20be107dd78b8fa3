"""Reads forms: a whole sheet of labels and values, or a line of them under a table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from linli.kernel.lexer import read_quantity
from linli.work.intake.dating import TableDates
from linli.work.intake.drafts import Draft
from linli.work.intake.filling import Filler
from linli.work.intake.forms import Pair, pairs_of
from linli.work.intake.inspecting import Inspector
from linli.work.intake.lines import Line, address
from linli.work.intake.measuring import Measurer
from linli.work.intake.plan import TablePlan
from linli.work.intake.problems import Problems
from linli.work.intake.spoken import Spoken
from linli.work.intake.tables import Table
from linli.work.intake.words import Sort, Vocabulary


@dataclass(slots=True)
class FormReader:
    """Makes drafts of label and value pairs."""

    table: Table
    plan: TablePlan
    dates: TableDates
    words: Vocabulary
    problems: Problems
    filler: Filler
    measurer: Measurer
    spoken: Spoken
    inspector: Inspector
    state: str = "done"

    def drafts(self) -> Iterator[Draft]:
        """A form is one record: its labels name quantities and fields."""
        whole: Draft | None = None
        for line in self.table.body():
            self.inspector.inspect(line, Sort.WORK)
            pairs = pairs_of(line, self.words)
            if pairs is None and not self._is_work(line):
                continue
            if pairs is None:
                spoken = self.spoken.of_line(line) if line.filled == 1 else None
                if isinstance(spoken, Draft):
                    yield spoken
                elif spoken is None:
                    self._left_out(line)
                continue
            if whole is None:
                whole = self.draft(line)
            self.take(line, whole, pairs)
        if whole is not None:
            yield whole

    def draft(self, line: Line) -> Draft:
        kind = self.plan.kind.kind
        title = self.plan.title or self.plan.sheet
        draft = Draft(kind, line.row, title, (), False, "", state=self.state)
        observed = kind.grain == "observation"
        draft.occurred = (self.dates.default(cell=address(line.row, 0), observed=observed),)
        self.filler.complete(draft, self.filler.use(kind))
        return draft

    def take(self, line: Line, draft: Draft, pairs: list[Pair]) -> None:
        use = self.filler.use(draft.kind)
        draft.raw += repr(line.texts())
        for pair in pairs:
            self.measurer.pair(line, draft, use, pair)

    def _left_out(self, line: Line) -> None:
        column, value = line.texts()[0]
        self.problems.warn(
            self.plan.sheet, address(line.row, column), value, "这一行认不出是什么，没有导入",
            "要登记请改成“名称、数值”两格，或另填一条",
        )  # fmt: skip

    def _is_work(self, line: Line) -> bool:
        _, value = line.texts()[0]
        return not isinstance(value, str) or self.words.sort_of(value) is Sort.WORK

    def stray(self, line: Line, pairs: list[Pair]) -> bool:
        """Whether labels stand where the table has values: a line of a form under the table."""
        values = {c.index for c in self.plan.values}
        starts = {i for i, _ in line.texts()[::2]}
        counted = any(read_quantity(p.value) for p in pairs if isinstance(p.value, str | float))
        return bool(starts & values) and counted
