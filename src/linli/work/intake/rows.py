"""The rows of a table become records: work, parts, totals and remarks told apart, line by line."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

from linli.core.records.rules import NewRecord
from linli.kernel.cadences import read_cadence
from linli.kernel.days import read_date
from linli.kernel.lexer import read_quantity
from linli.work.intake.columns import Column, is_naming, tells
from linli.work.intake.dating import UNKNOWN, Dated, TableDates, is_plan
from linli.work.intake.drafts import Draft, Sealer
from linli.work.intake.filling import Filler, text_of
from linli.work.intake.forms import Pair, pairs_of
from linli.work.intake.lines import Line, address
from linli.work.intake.marks import Marks
from linli.work.intake.measuring import Measurer
from linli.work.intake.plan import TablePlan
from linli.work.intake.problems import Problems
from linli.work.intake.read import Row, Value
from linli.work.intake.spoken import Spoken
from linli.work.intake.tables import Table
from linli.work.intake.uses import Use
from linli.work.intake.words import Sort, Vocabulary, brackets

_TOTALS = (Sort.TOTAL, Sort.SUBTOTAL, Sort.RUNNING)
_SHORT = 5000
_MOJIBAKE = re.compile(r"[\u00c2-\u00ef][\u0080-\u00bf\u0152-\u02dc\u2013-\u2122]")


@dataclass(slots=True)
class TableReader:
    """Reads one table; ``records()`` yields as it goes and leaves its findings in ``problems``."""

    table: Table
    plan: TablePlan
    dates: TableDates
    words: Vocabulary
    problems: Problems
    sealer: Sealer
    filler: Filler = field(init=False)
    measurer: Measurer = field(init=False)
    spoken: Spoken = field(init=False)
    _date_column: Column | None = None
    _category: int = -1
    _item: int = -1
    _content: int = -1
    _titles: tuple[int, ...] = ()
    _named: bool = False
    _state: str = "done"
    _forms: bool = False
    _all_periods: bool = False
    _raw: Callable[[Any], Any] = repr

    def __post_init__(self) -> None:
        plan = self.plan
        self._date_column = plan.first("date") or plan.first("cadence")
        category, item, content = (plan.first(r) for r in ("category", "title", "content"))
        self._category = category.index if category else -1
        self._item = item.index if item else -1
        self._content = content.index if content else -1
        self._titles = self._order_of_titles(item, content)
        self._named = item is not None and is_naming(item.label) and plan.first("unit") is None
        if is_plan(plan.title or plan.sheet):
            self._state, plan.kind.varied = "planned", False
        indexes = [c.index for c in plan.columns] or [0]
        self._raw = itemgetter(*indexes, indexes[0])
        self.filler = Filler(plan, self.words.registry)
        self.measurer = Measurer(plan, self.problems, self.table.sheet.marks)
        spans = {row: [m.left for m in merges] for row, merges in self.table.lines.spans.items()}
        self.spoken = Spoken(
            plan, self.dates, self.words, self.problems, self.filler, self.measurer.values, spans,
            self._titles[0] if self._titles else -1, self._state,
        )  # fmt: skip
        self._forms = self.table.sheet.height <= _SHORT and bool(plan.values)
        values = plan.values
        self._all_periods = bool(values) and all(c.period for c in values)
        self._periods()

    def _order_of_titles(self, item: Column | None, content: Column | None) -> tuple[int, ...]:
        """Where a row's title is looked for: its name or content first."""
        first = ["content", "title"]
        if item is not None and (
            content is None or is_naming(item.label) or not tells(content.header)
        ):
            first = ["title", "content"]
        order = [*first, "category", "object", "cadence"]
        order += ["organiser", "partner", "place", "person", "field", "level", "remark"]
        found: dict[int, None] = {}
        for role in order:
            found.update(dict.fromkeys(c.index for c in self.plan.columns if c.role == role))
        return tuple(found)

    def _periods(self) -> None:
        """Months and quarters that stand as columns."""
        for column in self.plan.columns:
            if column.period and column.period not in self.sealer.periods:
                cell = address(column.row, column.index)
                dated = self.dates.read(column.period, cell)
                self.sealer.periods[column.period] = (
                    dated.occurred[0] if dated and dated.occurred else UNKNOWN
                )

    # The walk over the lines -------------------------------------------------------------------

    def records(self) -> Iterator[NewRecord]:
        """Yield the records of the table: those of its head first, then row by row."""
        if self.plan.skip:
            return
        for draft in self.spoken.of_head():
            yield from self._sealed(draft)
        if self.table.head.form:
            yield from self._form()
            return
        pending: Draft | None = None
        sheet = self.table.sheet
        suspect = bool(sheet.marks.faults) or sheet.garbled or sheet.formulas
        # In a long sheet only what the guard saw in its bytes is worth a look at every cell.
        suspect = suspect or sheet.height <= _SHORT
        for line in self.table.body():
            sort = self._sort(line)
            if suspect:
                self._inspect(line, sort)
            if sort is Sort.WORK or (sort is Sort.PART and pending is None):
                if pending is not None:
                    yield from self._sealed(pending)
                pending = self._work(line)
            elif sort is Sort.PART:
                self._part(line, pending)
            elif sort in _TOTALS:
                self.measurer.total(line, sort, self.filler.use(self.plan.kind.kind))
        if pending is not None:
            yield from self._sealed(pending)
        self.measurer.finish()

    def _sealed(self, draft: Draft) -> Iterator[NewRecord]:
        plan = self.plan
        if not plan.rows:
            self.filler.head_fields(draft)
        plan.rows += 1
        for record in self.sealer.seal(draft):
            plan.records += 1
            yield record

    def _sort(self, line: Line) -> Sort:
        """What the first text of the row makes of it; a part may say so in a later column."""
        own, sort_of = line.own, self.words.sort_of
        for value in own:
            if value != "":
                break
        else:
            return Sort.NOTE
        if type(value) is str:
            sort = sort_of(value)
            if sort is not Sort.WORK:
                return sort
        for index in self._titles[:2]:
            text = own[index]
            if type(text) is str and text and text is not value:
                sort = sort_of(text)
                if sort is Sort.PART or sort in _TOTALS:
                    return sort
        return Sort.WORK

    def _inspect(self, line: Line, sort: Sort) -> None:
        marks = self.table.sheet.marks
        if line.row in marks.faults:
            self._faults(line, sort, marks)
        for column, value in line.texts():
            if type(value) is str:
                self._inspect_text(address(line.row, column), value)

    def _faults(self, line: Line, sort: Sort, marks: Marks) -> None:
        """Error values and formulas without a value: errors in work, a warning in a total row."""
        for column, fault in marks.faults[line.row].items():
            cell = address(line.row, column)
            what = "公式出错" if fault.startswith("#") else "公式没有算出的值"
            way_out = "请在 Excel 或 WPS 里改好公式并保存，或改成数值后再导入"
            if sort in _TOTALS:
                self.problems.warn(
                    self.plan.sheet, cell, fault, f"合计行的{what}，没法核对", way_out
                )
            elif sort in (Sort.WORK, Sort.PART):
                self.problems.error(self.plan.sheet, cell, fault, what, way_out)

    def _inspect_text(self, cell: str, text: str) -> None:
        if is_garbled(text):
            self.problems.error(
                self.plan.sheet, cell, text, "是乱码，编码弄错了",
                "请用原来的软件重新导出为 UTF-8 编码，或在表里改正后再导入",
            )  # fmt: skip
        elif text[0] in "=@":
            self.problems.warn(
                self.plan.sheet, cell, text, "看着像公式，按文字保存，不会执行",
                "不要的请在表里删去",
            )  # fmt: skip

    # Forms ---------------------------------------------------------------------------------------

    def _form(self) -> Iterator[NewRecord]:
        """A form is one record: its labels name quantities and fields."""
        whole: Draft | None = None
        for line in self.table.body():
            self._inspect(line, Sort.WORK)
            pairs = pairs_of(line, self.words)
            if pairs is None:
                spoken = self.spoken.of_line(line) if line.filled == 1 else None
                if isinstance(spoken, Draft):
                    yield from self._sealed(spoken)
                elif self._sort(line) is Sort.WORK and spoken is None:
                    self._left_out(line)
                continue
            if whole is None:
                whole = self._form_draft(line)
            self._take_pairs(line, whole, pairs)
        if whole is not None:
            yield from self._sealed(whole)

    def _form_draft(self, line: Line) -> Draft:
        kind = self.plan.kind.kind
        title = self.plan.title or self.plan.sheet
        draft = Draft(kind, line.row, title, (), False, "", state=self._state)
        observed = kind.grain == "observation"
        draft.occurred = (self.dates.default(cell=address(line.row, 0), observed=observed),)
        self.filler.complete(draft, self.filler.use(kind))
        return draft

    def _take_pairs(self, line: Line, draft: Draft, pairs: list[Pair]) -> None:
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

    # Rows of work --------------------------------------------------------------------------------

    def _work(self, line: Line) -> Draft | None:
        if line.filled == 1 and len(self.plan.columns) > 1:
            spoken = self.spoken.of_line(line)
            if spoken is not None:
                return spoken if isinstance(spoken, Draft) else None
        if self._forms and line.filled >= 4:
            pairs = pairs_of(line, self.words)
            if pairs and self._stray(line, pairs):
                draft = self._form_draft(line)
                self._take_pairs(line, draft, pairs)
                return draft
        cells = line.cells
        own = self._title(cells)
        item = text_of(cells[self._item]) if self._item >= 0 else ""
        category = text_of(cells[self._category]) if self._category >= 0 else self.filler.caption
        content = text_of(cells[self._content]) if self._content >= 0 else ""
        kind = self.plan.kind.of_row(category, item or own, content)
        use = self.filler.use(kind)
        title = own or self.plan.title or self.plan.sheet
        draft = Draft(kind, line.row, title, (), False, repr(self._raw(cells)))
        draft.state, draft.named = self._state, self._named
        self._date(line, draft, use)
        self.filler.fill(line, draft, use)
        self.measurer.measure(line, draft, use, item or own)
        if kind.supplied_by_body:
            self._want_source(line, draft)
        return draft

    def _stray(self, line: Line, pairs: list[Pair]) -> bool:
        """Whether labels stand where the table has values: a line of a form under the table."""
        values = {c.index for c in self.plan.values}
        starts = {i for i, _ in line.texts()[::2]}
        counted = any(read_quantity(p.value) for p in pairs if isinstance(p.value, str | float))
        return bool(starts & values) and counted

    def _title(self, cells: Row) -> str:
        for index in self._titles:
            value = cells[index]
            if type(value) is str and value:
                return value
        return ""

    def _part(self, line: Line, pending: Draft | None) -> None:
        if pending is None:
            return
        text = self._title(line.own)
        pending.raw += "\x1e" + repr(self._raw(line.cells))
        use = self.filler.use(pending.kind)
        self.measurer.part(line, pending, use, text, self._titles[0] if self._titles else 0)

    def _date(self, line: Line, draft: Draft, use: Use) -> None:
        column = self._date_column
        dated: Dated | None = None
        if column is not None:
            value: Value = line.cells[column.index]
            if value != "":
                dated = self.dates.known(value)
                if dated is None:
                    dated = self._read_date(line, column, value)
        if dated is not None and dated.occurred:
            draft.occurred, draft.own_date = dated.occurred, True
            return
        if self._all_periods:
            draft.occurred = (UNKNOWN,)
            return
        if dated is not None and dated.cadence is not None:
            self._keep_cadence(draft, use, dated.cadence.words)
        elif self._bracketed_date(line, draft, use):
            return
        observed = draft.kind.grain == "observation"
        draft.occurred = (self.dates.default(cell=address(line.row, 0), observed=observed),)

    def _read_date(self, line: Line, column: Column, value: Value) -> Dated | None:
        row = line.origins.get(column.index, line.row)
        dated = self.dates.read(value, address(row, column.index))
        if dated is None and column.role == "date":
            self.problems.warn(
                self.plan.sheet, address(row, column.index), value, "看不出是哪一天，按文字保存",
                "请改成 3月5日、2010-03-05 这样的写法",
            )  # fmt: skip
        return dated

    def _bracketed_date(self, line: Line, draft: Draft, use: Use) -> bool:
        """（2005年） or （每月一次） behind a name dates the row that has no date of its own."""
        for index in self._titles[:2]:
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
                    self._keep_cadence(draft, use, cadence.words)
        return False

    @staticmethod
    def _keep_cadence(draft: Draft, use: Use, words: str) -> None:
        draft.cadence = True
        draft.fields[use.cadence] = words

    def _want_source(self, line: Line, draft: Draft) -> None:
        """A count that a competent body supplies enters reports only once its source is named."""
        if not draft.quantities or draft.state != "done":
            return
        body = next(
            (text_of(line.cells[c.index]) for c in self.plan.columns
             if c.role in ("organiser", "partner") and line.cells[c.index] != ""),
            "",
        )  # fmt: skip
        if body and draft.kind.field("supplier") is not None:
            draft.fields["supplier"] = body
        elif "supplier" not in draft.fields:
            draft.state = "source_wanted"
            self.problems.warn(
                self.plan.sheet, draft.quantities[0][2].cell or "", draft.title,
                "是主管单位提供的数，没有写明来源，记为来源待补，不进报告",
                "请补上提供数据的单位",
            )  # fmt: skip


def is_garbled(text: str) -> bool:
    """Whether a text shows the marks of a wrong decoding."""
    marks = ("\ufffd", "锟斤拷", "烫烫", "屯屯屯")
    return any(mark in text for mark in marks) or _MOJIBAKE.search(text) is not None
