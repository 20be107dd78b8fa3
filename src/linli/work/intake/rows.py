"""The rows of a table become records: work, parts, totals and remarks told apart, line by line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from operator import itemgetter
from typing import Any

from linli.core.records.rules import NewRecord
from linli.work.intake.columns import Column, is_naming, tells
from linli.work.intake.dater import Dater
from linli.work.intake.dating import TableDates, is_plan
from linli.work.intake.drafts import Draft, Sealer
from linli.work.intake.filling import Filler, text_of
from linli.work.intake.form_reader import FormReader
from linli.work.intake.forms import pairs_of
from linli.work.intake.inspecting import SHORT, Inspector
from linli.work.intake.lines import Line
from linli.work.intake.measuring import Measurer
from linli.work.intake.plan import TablePlan
from linli.work.intake.problems import Problems
from linli.work.intake.read import Row
from linli.work.intake.spoken import Spoken
from linli.work.intake.tables import Table
from linli.work.intake.words import Sort, Vocabulary, goes_on

_TOTALS = (Sort.TOTAL, Sort.SUBTOTAL, Sort.RUNNING)


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
    dater: Dater = field(init=False)
    forms: FormReader = field(init=False)
    inspector: Inspector = field(init=False)
    _category: int = -1
    _item: int = -1
    _content: int = -1
    _titles: tuple[int, ...] = ()
    _names: tuple[int, ...] = ()
    _many: bool = False
    _named: bool = False
    _state: str = "done"
    _forms: bool = False
    _raw: Callable[[Any], Any] = repr
    _sort_of: Callable[[str], Sort] = field(init=False)

    def __post_init__(self) -> None:
        plan = self.plan
        category, item, content = (plan.first(r) for r in ("category", "title", "content"))
        self._category = category.index if category else -1
        self._item = item.index if item else -1
        self._content = content.index if content else -1
        self._titles = self._order_of_titles(item, content)
        self._names, self._many = self._titles[:2], len(plan.columns) > 1
        self._sort_of = self.words.sort_of
        self._named = item is not None and is_naming(item.label) and plan.first("unit") is None
        if is_plan(plan.title or plan.sheet):
            self._state, plan.kind.varied = "planned", False
        # The serial number is left out: a row put in above must not make all others new.
        indexes = [c.index for c in plan.columns if c.role != "number"] or [0]
        self._raw = itemgetter(*indexes, indexes[0])
        self.filler = Filler(plan, self.words.registry)
        self.measurer = Measurer(plan, self.problems, self.table.sheet.marks)
        spans = {row: [m.left for m in merges] for row, merges in self.table.lines.spans.items()}
        self.spoken = Spoken(
            plan, self.dates, self.words, self.problems, self.filler, self.measurer.values, spans,
            self._titles[0] if self._titles else -1, self._state,
        )  # fmt: skip
        self._forms = self.table.sheet.height <= SHORT and bool(plan.values)
        self.dater = Dater(plan, self.dates, self.problems, self._titles)
        self.sealer.periods = self.dater.periods()
        self.inspector = Inspector(self.table.sheet, self.problems)
        self.forms = FormReader(
            self.table, plan, self.dates, self.words, self.problems, self.filler, self.measurer,
            self.spoken, self.inspector, self._state,
        )  # fmt: skip

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

    # The walk over the lines -------------------------------------------------------------------

    def records(self) -> Iterator[NewRecord]:
        """Yield the records of the table: those of its head first, then row by row."""
        if self.plan.skip:
            return
        whole = self.forms.drafts() if self.table.head.form else self._drafts()
        seal, plan = self.sealer.seal, self.plan
        for draft in chain(self.spoken.of_head(), whole):
            if not plan.rows:
                self.filler.head_fields(draft)
            sealed = seal(draft)
            plan.rows += 1
            plan.records += len(sealed)
            yield from sealed
        self.measurer.finish()

    def _drafts(self) -> Iterator[Draft]:
        """The rows of work, each held back until its parts (其中) have been read."""
        pending: Draft | None = None
        suspect, noting = self.inspector.needed, False
        for line in self.table.body():
            sort = self._sort(line)
            if sort is Sort.NOTE:
                noting = True
            elif noting:
                noting = line.filled == 1 and goes_on(text_of(line.texts()[0][1]))
                sort = Sort.NOTE if noting else sort
            if suspect:
                self.inspector.inspect(line, sort)
            if sort is Sort.WORK or (sort is Sort.PART and pending is None):
                if pending is not None:
                    yield pending
                pending = self._work(line)
            elif sort is Sort.PART:
                self._part(line, pending)
            elif sort in _TOTALS:
                self.measurer.total(line, sort, self.filler.use(self.plan.kind.kind))
        if pending is not None:
            yield pending

    def _sort(self, line: Line) -> Sort:
        """What the first text of the row makes of it; a part may say so in a later column."""
        own = line.own
        for value in own:
            if value != "":
                break
        else:
            return Sort.NOTE
        if type(value) is str:
            sort = self._sort_of(value)
            if sort is not Sort.WORK:
                return sort
        for index in self._names:
            text = own[index]
            if type(text) is str and text and text is not value:
                sort = self._sort_of(text)
                if sort is not Sort.WORK and (sort is Sort.PART or sort in _TOTALS):
                    return sort
        return Sort.WORK

    # Rows of work --------------------------------------------------------------------------------

    def _work(self, line: Line) -> Draft | None:
        if line.filled == 1 and self._many:
            spoken = self.spoken.of_line(line)
            if spoken is not None:
                return spoken if isinstance(spoken, Draft) else None
        if self._forms and line.filled >= 4 and not line.filled % 2:
            pairs = pairs_of(line, self.words)
            if pairs and self.forms.stray(line, pairs):
                draft = self.forms.draft(line)
                self.forms.take(line, draft, pairs)
                return draft
        cells = line.cells
        own = self._title(cells)
        item = (text_of(cells[self._item]) if self._item >= 0 else "") or own
        category = text_of(cells[self._category]) if self._category >= 0 else self.filler.caption
        content = text_of(cells[self._content]) if self._content >= 0 else ""
        kind = self.plan.kind.of_row(category, item, content)
        use = self.filler.use(kind)
        title = own or self.plan.title or self.plan.sheet
        draft = Draft(kind, line.row, title, (), False, repr(self._raw(cells)))
        draft.state, draft.named = self._state, self._named
        self.dater.date(line, draft, use)
        self.filler.fill(line, draft, use)
        self.measurer.measure(line, draft, use, item)
        if kind.supplied_by_body:
            want_source(line, draft, self.plan, self.problems)
        return draft

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


def want_source(line: Line, draft: Draft, plan: TablePlan, problems: Problems) -> None:
    """A count that a competent body supplies enters reports only once its source is named."""
    if not draft.quantities or draft.state != "done":
        return
    body = next(
        (text_of(line.cells[c.index]) for c in plan.columns
         if c.role in ("organiser", "partner") and line.cells[c.index] != ""),
        "",
    )  # fmt: skip
    if body and draft.kind.field("supplier") is not None:
        draft.fields["supplier"] = body
    elif "supplier" not in draft.fields:
        draft.state = "source_wanted"
        problems.warn(
            plan.sheet, draft.quantities[0][2].cell or "", draft.title,
            "是主管单位提供的数，没有写明来源，记为来源待补，不进报告",
            "请补上提供数据的单位",
        )  # fmt: skip
