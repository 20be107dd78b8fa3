"""The quantities of a row: value columns, remarks and objects, 其中 parts, totals."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal

from linli.core.records.rules import NewQuantity
from linli.kernel.days import read_date
from linli.kernel.lexer import canonical_unit, find_quantities
from linli.work.intake.columns import Column, is_identifier, is_naming
from linli.work.intake.drafts import Draft
from linli.work.intake.filling import split_labels, text_of
from linli.work.intake.forms import Pair
from linli.work.intake.header_units import header_unit
from linli.work.intake.lines import Line, address
from linli.work.intake.marks import Marks
from linli.work.intake.plan import TablePlan
from linli.work.intake.problems import Problems
from linli.work.intake.read import Value
from linli.work.intake.totals import Stated, Totals
from linli.work.intake.uses import Use
from linli.work.intake.values import NOTHING, Read, Situation, Values, is_same
from linli.work.intake.words import Sort, Vocabulary, bare, without_brackets

_SCANNED = frozenset({"object", "remark", "result", "field", "content"})
_MAIN = frozenset({"content", "title"})
_ASIDE = frozenset({"remark", "field", "result"})
_ZERO = Decimal(0)
_COUNTS = re.compile(r"\d|若干|[几多]")
_PART = re.compile(r"^[#＃]?其中[：:，,\s]*")
_WHEN = re.compile(r"(?:时间|日期|年份|年月|年度)$")
_NUMERAL = re.compile(r"[0-9０-９一二三四五六七八九十百千万两半]")


@dataclass(slots=True)
class Measurer:
    """Adds quantities to the drafts of one table and keeps its sums."""

    plan: TablePlan
    problems: Problems
    marks: Marks
    values: Values = field(init=False)
    totals: Totals = field(init=False)
    _cells: list[tuple[int, Column]] = field(default_factory=list)
    _total: list[Column] = field(default_factory=list)
    _scanned: list[tuple[int, Column, bool]] = field(default_factory=list)
    _added: frozenset[int] = frozenset()
    _remarks: tuple[int, ...] = ()
    _unit: int = -1
    _object: int = -1

    def __post_init__(self) -> None:
        plan = self.plan
        item, content = plan.first("title"), plan.first("content")
        header = Vocabulary.bare_header(item.header) if item else ""
        columns = plan.values
        self._cells = [(c.index, c) for c in columns]
        self.values = Values(
            item is not None
            and content is None
            and (any(c.role == "value" for c in columns) or header in ("项目", "指标"))
        )
        self.values.alone = self.values.itemised and len(columns) == 1
        self.totals = Totals(plan.sheet, self.problems)
        self._total = [c for c in plan.columns if c.role == "total"]
        scanned = [c for c in plan.columns if c.role in _SCANNED]
        if item is not None and not is_naming(item.label):
            scanned.append(item)
        self._scanned = [(c.index, c, c.role in _MAIN) for c in scanned]
        self._added = frozenset(c.index for c in columns if c.added)
        self._remarks = tuple(c.index for c in plan.columns if c.role == "remark")
        unit, thing = plan.first("unit"), plan.first("object")
        self._unit = unit.index if unit else -1
        self._object = thing.index if thing else -1

    def measure(self, line: Line, draft: Draft, use: Use, item: str, *, part: bool = False) -> int:
        """Add the row's quantities to the draft; return how many stand in value columns."""
        own, cells = line.own, line.cells
        unit = text_of(cells[self._unit]) if self._unit >= 0 else unit_beside(line, self._remarks)
        thing = text_of(cells[self._object]) if self._object >= 0 else ""
        at = self.values.situation(use, item, unit, thing, part=part)
        percents = self.marks.percents.get(line.row, ()) if self.marks.percents else ()
        first = len(draft.quantities)
        for index, column in self._cells:
            value = own[index]
            if value == "":
                continue
            read = self.values.read(column, value, at, index in percents)
            if read is None:
                self._not_a_quantity(line, column, value, draft, use)
            elif not (at.identified or (read.long and is_number(line, column, value))):
                self._add(line, draft, column, read, item, part)
        count = len(draft.quantities) - first
        if self._total:
            self._check_row(line, draft, at, first)
        if not part:
            self._scan(line, draft, use, bool(count) or draft.cadence, at.identified)
        return count

    def _add(
        self, line: Line, draft: Draft, column: Column, read: Read, item: str, part: bool
    ) -> None:
        index, quantity = column.index, read.quantity
        cell = address(line.row, index)
        whole: str | None = None
        if part:
            whole = draft.whole_of(index, quantity.unit)
        elif column.part_of is not None:
            whole = draft.whole_of(column.part_of, quantity.unit)
        if index in self._added:
            if part:
                self.totals.add_part(index, quantity)
            else:
                self.totals.add(index, quantity)
        if quantity.value < _ZERO:
            self.problems.warn(
                self.plan.sheet, cell, quantity.value, "是负数", "请核对；冲减请改用更正"
            )
        draft.said += read.key
        draft.quantities.append(
            (index, column.period,
             NewQuantity(read.measure, read.label or item, quantity, cell, whole))
        )  # fmt: skip

    def _not_a_quantity(
        self, line: Line, column: Column, value: Value, draft: Draft, use: Use
    ) -> None:
        text = text_of(value)
        if isinstance(value, bool) or bare(text) in NOTHING:
            return
        reading = read_date(text) if len(text) < 20 else None
        if reading is not None and reading.cadence is not None:
            draft.cadence = True
            draft.fields[use.cadence] = reading.cadence.words
            return
        if not split_labels(text, draft):
            draft.fields.setdefault(column.label or "数量", text)
        if _COUNTS.search(text) and not find_quantities(text):
            self.problems.warn(
                self.plan.sheet, address(line.row, column.index), value, "读不出数量，按文字保存",
                "要计数请改成数字，如 20、20余、20户",
            )  # fmt: skip
        else:
            self._add_texts(line, draft, use, column, text)

    def _scan(self, line: Line, draft: Draft, use: Use, quiet: bool, identified: bool) -> None:
        """Quantities in words: in remarks and objects always, in contents where no column counts."""
        if identified:
            return
        own = line.own
        for index, column, main in self._scanned:
            text = own[index]
            if text and type(text) is str and not (quiet and main) and _NUMERAL.search(text):
                self._add_texts(line, draft, use, column, text)

    def _add_texts(self, line: Line, draft: Draft, use: Use, column: Column, text: str) -> None:
        header = (draft.title if column.role in _ASIDE else column.label) or column.label
        main = column.role in _MAIN
        for found in self.values.in_text(text, use, header, brackets=not main):
            if any(is_same(found.quantity, q.quantity) for _, _, q in draft.quantities):
                continue
            cell, whole = address(line.row, column.index), found.whole
            if found.part and whole is None:
                whole = draft.whole_of(-1, found.quantity.unit)
            draft.add(
                column.index,
                NewQuantity(found.measure, found.label, found.quantity, cell, whole),
            )

    def pair(self, line: Line, draft: Draft, use: Use, pair: Pair) -> None:
        """A label of a form with its value: a quantity, a cadence or a field."""
        label, value = without_brackets(pair.label) or pair.label, pair.value
        part = label.startswith("其中")
        label = _PART.sub("", label) or label
        column = Column(pair.column, pair.label, label, "value", header_unit((pair.label,)))
        at = Situation(use)
        percent = pair.column in self.marks.percents.get(line.row, ())
        told = is_identifier(label) or (_WHEN.search(label) and read_date(text_of(value)))
        read = None if told else self.values.read_once(column, value, at, percent)
        if read is None:
            text, free = text_of(value), label if not label.isascii() else f"栏{label}"
            fitting = (f.id for f in use.kind.fields if label in (f.title, *f.words))
            draft.fields[next(fitting, free)] = text
            if not told:
                self._add_texts(line, draft, use, column, text)
            return
        cell, quantity = address(line.row, pair.column), read.quantity
        whole = draft.whole_of(-1, quantity.unit) if part else None
        draft.add(pair.column, NewQuantity(read.measure, label, quantity, cell, whole))

    def part(self, line: Line, pending: Draft, use: Use, text: str, column: int) -> None:
        """A 其中 row belongs to the record above: its figures are parts of that record's."""
        label = _PART.sub("", text) or text
        if self.measure(line, pending, use, label, part=True):
            return
        for found in self.values.in_text(label, use, label, brackets=True):
            cell, whole = address(line.row, column), pending.whole_of(-1, found.quantity.unit)
            pending.add(column, NewQuantity(found.measure, label, found.quantity, cell, whole))

    def total(self, line: Line, sort: Sort, use: Use) -> None:
        """Hold a total row against the sums."""
        at, found = Situation(use), {}
        for index, column in self._cells:
            value = line.own[index]
            if value != "" and column.added:
                read = self.values.read(column, value, at)
                if read is not None:
                    found[column.index] = read.quantity
        self.totals.state(Stated(sort, line.row, found))

    def _check_row(self, line: Line, draft: Draft, at: Situation, first: int) -> None:
        """A 合计 column is held against the columns that it adds up."""
        parts = [q.quantity for _, _, q in draft.quantities[first:] if at.part or not q.part_of]
        for column in self._total:
            value = line.own[column.index]
            read = self.values.read(column, value, at) if value != "" else None
            same = [q for q in parts if read is not None and q.unit == read.quantity.unit]
            if read is None or not same or not all(q.exact for q in (read.quantity, *same)):
                continue
            total = sum(q.value for q in same)
            if read.quantity.value != total:
                self.problems.warn(
                    self.plan.sheet, address(line.row, column.index), read.quantity.value,
                    f"合计写的是 {read.quantity.value}，各栏之和是 {total}",
                    "合计栏不作记录，以各栏之和为准；请核对原表",
                )  # fmt: skip

    def finish(self) -> None:
        """Say what could only be said at the end of the table."""
        self.totals.finish()
        if self.values.doubtful_percent:
            self.problems.warn(
                self.plan.sheet, "", "", "百分比栏里有不大于 1 的数，按份额读（0.97 为 97%）",
                "不对的请在表里写成 0.97%",
            )  # fmt: skip


def is_number(line: Line, column: Column, value: Value) -> bool:
    """Whether a long bare number is that of a telephone or a document, not a count."""
    left = text_of(line.own[column.index - 1]) if column.index else ""
    return is_identifier(left) or (type(value) is str and len(value) >= 11)


def unit_beside(line: Line, remarks: tuple[int, ...]) -> str:
    """A remark that is nothing but a unit is the row's unit (1 | 百分比)."""
    for index in remarks:
        text = line.own[index]
        if type(text) is str and 0 < len(text) <= 4 and canonical_unit(text) is not None:
            return text
    return ""
