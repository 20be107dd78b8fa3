"""The date of a row: its own cell, a bracket in its name, or what the table states."""

from __future__ import annotations

from dataclasses import dataclass

from linli.kernel.cadences import read_cadence
from linli.kernel.days import Occurred, read_date
from linli.work.intake.columns import Column
from linli.work.intake.date_parts import joined
from linli.work.intake.dating import UNKNOWN, Dated, TableDates
from linli.work.intake.drafts import Draft
from linli.work.intake.filling import text_of
from linli.work.intake.lines import Line, address
from linli.work.intake.plan import TablePlan
from linli.work.intake.problems import Problems
from linli.work.intake.read import Value
from linli.work.intake.uses import Use
from linli.work.intake.words import Vocabulary, brackets


@dataclass(slots=True)
class Dater:
    """Dates the drafts of one table. ``titles``: the columns in which a row's name is looked for."""

    plan: TablePlan
    dates: TableDates
    problems: Problems
    titles: tuple[int, ...]
    _column: Column | None = None
    _periods: bool = False

    def __post_init__(self) -> None:
        self._column = self.plan.first("date") or self.plan.first("cadence")
        values = self.plan.values
        self._periods = bool(values) and all(c.period for c in values)

    def periods(self) -> dict[str, Occurred]:
        """Months, quarters and years that stand as columns."""
        found: dict[str, Occurred] = {}
        for column in self.plan.columns:
            if column.period and column.period not in found:
                dated = self.dates.read(column.period, address(column.row, column.index))
                known = dated is not None and dated.occurred
                found[column.period] = dated.occurred[0] if dated and known else UNKNOWN
        return found

    def date(self, line: Line, draft: Draft, use: Use) -> None:
        """Give the draft its days: of its own cell, of a bracket in its name, else the table's."""
        column = self._column
        dated: Dated | None = None
        if column is not None:
            value: Value = line.cells[column.index]
            if column.joined:
                value = joined(line.cells, column.joined)
            if value != "":
                dated = self.dates.known(value)
                if dated is None:
                    dated = self._read(line, column, value)
                if dated is None:
                    draft.fields[unread(column)] = text_of(value)
        if dated is not None and dated.occurred:
            draft.occurred, draft.own_date = dated.occurred, True
            return
        if self._periods:
            draft.occurred = (UNKNOWN,)
            return
        if dated is not None and dated.cadence is not None:
            keep_cadence(draft, use, dated.cadence.words)
        elif self._bracketed(line, draft, use):
            return
        observed = draft.kind.grain == "observation"
        draft.occurred = (self.dates.default(cell=address(line.row, 0), observed=observed),)

    def _read(self, line: Line, column: Column, value: Value) -> Dated | None:
        row = line.origins.get(column.index, line.row)
        dated = self.dates.read(value, address(row, column.index))
        if dated is None and column.role == "date":
            self.problems.warn(
                self.plan.sheet, address(row, column.index), value, "看不出是哪一天，按文字保存",
                "请改成 3月5日、2010-03-05 这样的写法",
            )  # fmt: skip
        return dated

    def _bracketed(self, line: Line, draft: Draft, use: Use) -> bool:
        """（2005年） or （每月一次） behind a name dates the row that has no date of its own."""
        for index in self.titles[:2]:
            text = line.cells[index]
            if type(text) is not str or not ("（" in text or "(" in text):
                continue
            for inner in brackets(text):
                if len(inner) > 20:
                    continue
                reading = read_date(inner)
                if reading is not None and reading.occurred and not reading.needs:
                    draft.occurred, draft.own_date = reading.occurred, True
                    return True
                cadence = read_cadence(inner)
                if cadence is not None:
                    keep_cadence(draft, use, cadence.words)
        return False


def unread(column: Column) -> str:
    """The field that keeps a date which nobody can read."""
    header = Vocabulary.bare_header(column.header)
    return "日期" if column.joined or header.isascii() else header


def keep_cadence(draft: Draft, use: Use, words: str) -> None:
    """A cadence is a property of the work, never a count."""
    draft.cadence = True
    draft.fields[use.cadence] = words
