"""The rows of a table become records: work, parts, totals, remarks and free lines told apart."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from operator import itemgetter

from linli.core.records.rules import NewQuantity, NewRecord
from linli.kernel.cadences import read_cadence
from linli.kernel.days import read_date
from linli.kernel.lexer import canonical_unit, find_quantities
from linli.packs.schema import Kind
from linli.work.intake.columns import Column, is_naming, tells
from linli.work.intake.dating import UNKNOWN, Dated, TableDates, is_plan
from linli.work.intake.drafts import Draft, Sealer
from linli.work.intake.lines import Line, address
from linli.work.intake.plan import Fields, TablePlan, fields_of
from linli.work.intake.problems import Problems, shown
from linli.work.intake.marks import Marks
from linli.work.intake.read import Value
from linli.work.intake.tables import Table
from linli.work.intake.totals import Stated, Totals
from linli.work.intake.values import FITS, NOTHING, InText, Read, Situation, Values
from linli.work.intake.words import Sort, Vocabulary, bare, brackets

_TOTALS = (Sort.TOTAL, Sort.SUBTOTAL, Sort.RUNNING)
_SCANNED = frozenset({"object", "remark", "result", "field", "content"})
_ONGOING = re.compile(r"进行中|在建|正在|未完成|未整改|未办结|处理中|办理中|推进中|筹备中")
_CAPTION = re.compile(r"^[（(]?[一二三四五六七八九十]{1,3}[)）、.．]")
_LABELLED = re.compile(r"^([^：:，。；、]{1,12})[：:](.+)$", re.S)
_PAIR = re.compile(r"([^\s：:（(]{1,8})[：:]\s*(\S+)")
_MISSING = "公式没有算出的值"


@dataclass(slots=True)
class TableReader:
    """Reads one table; ``records()`` yields as it goes and leaves its findings in ``problems``."""

    table: Table
    plan: TablePlan
    dates: TableDates
    words: Vocabulary
    problems: Problems
    sealer: Sealer
    values: Values = field(init=False)
    totals: Totals = field(init=False)
    _uses: dict[str, Fields] = field(default_factory=dict)
    _columns: dict[str, Column | None] = field(default_factory=dict)
    _value_columns: list[Column] = field(default_factory=list)
    _total_columns: list[Column] = field(default_factory=list)
    _scanned: dict[int, Column] = field(default_factory=dict)
    _remarks: tuple[int, ...] = ()
    _raw: Callable[[object], object] = repr
    _caption: str = ""
    _state: str = "done"
    _named: bool = False
    _title_texts: tuple[int, ...] = ()
    _said: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        plan = self.plan
        for role in ("date", "cadence", "title", "content", "category", "object", "unit", "state"):
            self._columns[role] = plan.first(role)
        self._value_columns = plan.values
        self._total_columns = [c for c in plan.columns if c.role == "total"]
        item = self._columns["title"]
        header = Vocabulary.bare_header(item.header) if item else ""
        itemised = item is not None and self._columns["content"] is None and (
            any(c.role == "value" for c in self._value_columns) or header in ("项目", "指标")
        )
        self.values = Values(self.words, itemised)
        self.totals = Totals(plan.sheet, self.problems)
        self._remarks = tuple(c.index for c in plan.columns if c.role == "remark")
        self._scanned = {c.index: c for c in plan.columns if c.role in _SCANNED}
        if item is not None and not is_naming(item.label):
            self._scanned.setdefault(item.index, item)
        self._named = item is not None and is_naming(item.label) and not any(
            c.role == "unit" for c in plan.columns
        )
        indexes = [c.index for c in plan.columns]
        if len(indexes) > 1:
            self._raw = itemgetter(*indexes)
        elif indexes:
            self._raw = itemgetter(*indexes, indexes[0])
        self._state = "planned" if is_plan(plan.title or plan.sheet) else "done"
        if self._state == "planned":
            plan.kind.varied = False
        self._title_texts = self._order_of_titles()
        self._period_columns()

    def _order_of_titles(self) -> tuple[int, ...]:
        """Where a row's title is looked for: its content or name first."""
        item, content = self._columns["title"], self._columns["content"]
        roles = ["content", "title"]
        if item is not None and (
            content is None or is_naming(item.label) or not tells(content.header)
        ):
            roles = ["title", "content"]
        roles += ["category", "object", "cadence"]
        found = [self._columns[r] for r in roles if r in self._columns]
        extra = [c for c in self.plan.columns if c.role in ("organiser", "partner", "place", "person", "field")]
        return tuple(c.index for c in (*found, *extra) if c is not None)

    def _period_columns(self) -> None:
        for column in (*self._value_columns, *self._total_columns):
            if column.period and column.period not in self.sealer.periods:
                cell = address(self.plan.head.first_row, column.index)
                dated = self.dates.read(column.period, cell)
                self.sealer.periods[column.period] = (
                    dated.occurred[0] if dated and dated.occurred else UNKNOWN
                )

    # The walk over the lines ---------------------------------------------------------------

    def records(self) -> Iterator[NewRecord]:
        """Yield the records of the table: its title's first, then row by row."""
        if self.plan.skip:
            return
        yield from self._of_title()
        pending: Draft | None = None
        first = True
        marks = self.table.sheet.marks
        guarded = bool(marks.faults or marks.percents)
        garbled = self.table.sheet.garbled
        for line in self.table.body():
            sort = self._sort(line)
            if guarded and line.row in marks.faults:
                self._faults(line, sort, marks)
            if garbled:
                self._check_garbled(line)
            if sort is Sort.WORK:
                if pending is not None:
                    yield from self._sealed(pending)
                pending = self._work(line)
                if first and pending is not None:
                    first = False
                    self._head_fields(pending)
            elif sort is Sort.PART and pending is not None:
                self._part(line, pending)
            elif sort in _TOTALS:
                self._total(line, sort)
            elif sort is Sort.PART:
                pending = self._work(line)
        if pending is not None:
            yield from self._sealed(pending)
        self.totals.finish()
        self._last_words()

    def _sealed(self, draft: Draft) -> Iterator[NewRecord]:
        self.plan.rows += 1
        for record in self.sealer.seal(draft):
            self.plan.records += 1
            yield record

    def _sort(self, line: Line) -> Sort:
        """What the first text of the row makes of it; a part may say so in a later column."""
        own = line.own
        for value in own:
            if value != "":
                break
        else:
            return Sort.NOTE
        if type(value) is str:
            sort = self.words.sort_of(value)
            if sort is not Sort.WORK:
                return sort
        for index in self._title_texts[:2]:
            text = own[index]
            if type(text) is str and text:
                sort = self.words.sort_of(text)
                if sort is Sort.PART or sort in _TOTALS:
                    return sort
        return Sort.WORK

    def _faults(self, line: Line, sort: Sort, marks: Marks) -> None:
        """Error values and formulas without a value: errors in work, a warning in a total row."""
        for column, fault in marks.faults[line.row].items():
            cell = address(line.row, column)
            what = "公式出错" if fault.startswith("#") else _MISSING
            way_out = "请在 Excel 或 WPS 里改好公式并保存，或改成数值后再导入"
            if sort in _TOTALS:
                self.problems.warn(self.plan.sheet, cell, fault, f"合计行的{what}，没法核对", way_out)
            elif sort in (Sort.WORK, Sort.PART):
                self.problems.error(self.plan.sheet, cell, fault, what, way_out)

    def _check_garbled(self, line: Line) -> None:
        for column, value in line.texts():
            if isinstance(value, str) and is_garbled(value):
                self.problems.error(
                    self.plan.sheet, address(line.row, column), value, "是乱码，编码弄错了",
                    "请用原来的软件重新导出为 UTF-8 编码，或在表里改正后再导入",
                )

    # Rows of work --------------------------------------------------------------------------

    def _work(self, line: Line) -> Draft | None:
        if line.filled == 1 and len(self.plan.columns) > 1:
            free = self._free_line(line)
            if free is not None:
                return free if isinstance(free, Draft) else None
        cells = line.cells
        own, category, item, content = self._texts(cells)
        title = own or self.plan.title or self.plan.sheet
        kind = self.plan.kind.of_row(category, item or title, content)
        draft = Draft(kind, line.row, title, (), False, repr(self._raw(cells)), state=self._state)
        draft.named = self._named
        self._date(line, draft)
        self._fill(line, draft)
        self._measure(line, draft, item or own)
        self._settle(line, draft)
        return draft

    def _texts(self, cells: object) -> tuple[str, str, str, str]:
        at = self._columns
        title = ""
        for index in self._title_texts:
            value = cells[index]  # type: ignore[index]
            if value != "" and isinstance(value, str):
                title = value
                break
        category, item, content = at["category"], at["title"], at["content"]
        return (
            title,
            _text(cells[category.index]) if category else self._caption,  # type: ignore[index]
            _text(cells[item.index]) if item else "",  # type: ignore[index]
            _text(cells[content.index]) if content else "",  # type: ignore[index]
        )

    def _date(self, line: Line, draft: Draft) -> None:
        column = self._columns["date"] or self._columns["cadence"]
        value: Value = line.cells[column.index] if column else ""
        dated: Dated | None = None
        if value != "" and column is not None:
            row = line.origins.get(column.index, line.row)
            dated = self.dates.read(value, address(row, column.index))
            if dated is None and column.role == "date":
                self._unread_date(line, column, value)
        if dated is not None and dated.occurred:
            draft.occurred, draft.own_date = dated.occurred, True
            return
        if dated is not None and dated.cadence is not None:
            self._keep_cadence(draft, dated.cadence.words)
        elif self._bracketed_date(line, draft):
            return
        draft.occurred = (
            self.dates.default(
                cell=address(line.row, 0), observed=draft.kind.grain == "observation"
            ),
        )

    def _unread_date(self, line: Line, column: Column, value: Value) -> None:
        use = shown(value)
        self.problems.warn(
            self.plan.sheet, address(line.row, column.index), use, "看不出是哪一天，按文字保存",
            "请改成 3月5日、2010-03-05 这样的写法",
        )

    def _bracketed_date(self, line: Line, draft: Draft) -> bool:
        """（2005年） or （每月一次） behind a name dates the row that has no date of its own."""
        for index in self._title_texts[:2]:
            text = line.cells[index]
            if not isinstance(text, str) or not ("（" in text or "(" in text):
                continue
            for inner in brackets(text):
                reading = read_date(inner) if len(inner) < 20 else None
                if reading is not None and reading.occurred and not reading.needs:
                    draft.occurred, draft.own_date = reading.occurred, True
                    return True
                cadence = read_cadence(inner) if len(inner) < 20 else None
                if cadence is not None:
                    self._keep_cadence(draft, cadence.words)
        return False

    def _keep_cadence(self, draft: Draft, words: str) -> None:
        draft.cadence = True
        draft.fields[self._use(draft.kind).cadence] = words

    def _use(self, kind: Kind) -> Fields:
        found = self._uses.get(kind.id)
        if found is None:
            found = self._uses[kind.id] = fields_of(kind, self.plan.columns)
        return found

    def _fill(self, line: Line, draft: Draft) -> None:
        use = self._use(draft.kind)
        fields = draft.fields
        for index, name, options, free in use.places:
            value = line.cells[index]
            if value == "":
                continue
            text = value if type(value) is str else shown(value)
            if not options or text in options:
                fields.setdefault(name, text)
            else:
                fields[free] = text
        if self._caption:
            fields.setdefault("分组", self._caption)
        titled = draft.kind.titled_by
        if titled and titled not in fields:
            fields[titled] = draft.title
        for declared in draft.kind.fields:
            if declared.required and declared.id not in fields:
                fields[declared.id] = draft.title if not declared.options else declared.options[0]
        state = self._columns["state"]
        if state is not None and _ONGOING.search(_text(line.cells[state.index])):
            draft.state = "ongoing"

    # Quantities ----------------------------------------------------------------------------

    def _measure(self, line: Line, draft: Draft, item: str, *, part: bool = False) -> int:
        """Add the row's quantities to the draft; return how many stand in value columns."""
        own, unit_column, object_column = line.own, self._columns["unit"], self._columns["object"]
        percents = self.table.sheet.marks.percents.get(line.row, ())
        at = Situation(
            draft.kind,
            item,
            _text(line.cells[unit_column.index]) if unit_column else self._unit_beside(line),
            _text(line.cells[object_column.index]) if object_column else "",
            part,
        )
        count = 0
        for column in self._value_columns:
            value = own[column.index]
            if value == "":
                continue
            situation = at
            if column.index in percents:
                situation = Situation(draft.kind, item, at.unit, at.object, part, True)
            read = self.values.read(column, value, situation)
            if read is None:
                self._not_a_quantity(line, column, value, draft)
                continue
            count += 1
            self._add(line, draft, column, read, part)
        if self._total_columns:
            self._check_row(line, draft)
        if not part:
            self._scan(line, draft, count)
        return count

    def _unit_beside(self, line: Line) -> str:
        """A remark that is nothing but a unit is the row's unit (1 | 百分比)."""
        for index in self._remarks:
            text = line.own[index]
            if type(text) is str and 0 < len(text) <= 4 and canonical_unit(text) is not None:
                return text
        return ""

    def _add(self, line: Line, draft: Draft, column: Column, read: Read, part: bool) -> None:
        cell = address(line.row, column.index)
        quantity = read.quantity
        whole: str | None = None
        if part:
            whole = draft.whole_of(column.index, quantity.unit)
        elif column.part_of is not None:
            whole = draft.whole_of(column.part_of, quantity.unit)
        if column.added:
            if part:
                self.totals.add_part(column.index, quantity)
            else:
                self.totals.add(column.index, quantity)
        if quantity.value < 0:
            self.problems.warn(
                self.plan.sheet, cell, quantity.value, "是负数", "请核对；冲减请改用更正"
            )
        draft.quantities.append(
            (column.index, column.period, NewQuantity(read.measure, read.label, quantity, cell, whole))
        )

    def _not_a_quantity(self, line: Line, column: Column, value: Value, draft: Draft) -> None:
        if isinstance(value, bool):
            return
        text = _text(value) or shown(value)
        if bare(text) in NOTHING:
            return
        reading = read_date(text) if len(text) < 20 else None
        if reading is not None and reading.cadence is not None:
            self._keep_cadence(draft, reading.cadence.words)
            return
        if not self._split_labels(text, draft):
            draft.fields.setdefault(column.label or "数量", text)
        if re.search(r"\d|若干|[几多]", text) and not find_quantities(text):
            self.problems.warn(
                self.plan.sheet, address(line.row, column.index), value, "读不出数量，按文字保存",
                "要计数请改成数字，如 20、20余、20户",
            )
        else:
            self._add_texts(line, draft, column, text)

    def _split_labels(self, text: str, draft: Draft) -> bool:
        """``东：…；南：…`` fills the kind's fields of those names."""
        found = [m for m in map(_LABELLED.match, re.split(r"[；;\n]", text)) if m]
        named = {w: f.id for f in draft.kind.fields for w in (f.title, *f.words)}
        pairs = [(named[m[1].strip()], m[2].strip()) for m in found if m[1].strip() in named]
        draft.fields.update(pairs)
        return bool(pairs) and len(pairs) == len(found)

    def _scan(self, line: Line, draft: Draft, counted: int) -> None:
        """Quantities in words: in remarks and objects always, in contents where no column counts."""
        for index, column in self._scanned.items():
            text = line.own[index]
            if type(text) is not str or not text:
                continue
            main = column.role in ("content", "title")
            if main and (counted or draft.cadence):
                continue
            self._add_texts(line, draft, column, text)

    def _add_texts(self, line: Line, draft: Draft, column: Column, text: str) -> None:
        main = column.role in ("content", "title")
        aside = column.role in ("remark", "field", "result")
        header = (draft.title if aside else column.label) or column.label
        for found in self.values.in_text(text, draft.kind, header, brackets=not main):
            if any(_same(found, q) for _, _, q in draft.quantities):
                continue
            cell = address(line.row, column.index)
            draft.quantities.append(
                (column.index, "", NewQuantity(
                    found.measure, found.label, found.quantity, cell, found.whole
                ))
            )

    def _part(self, line: Line, pending: Draft) -> None:
        """A 其中 row belongs to the record above: its figures are parts of that record's."""
        text = next((_text(line.own[i]) for i in self._title_texts if _text(line.own[i])), "")
        label = re.sub(r"^[#＃]?其中[：:，,\s]*", "", text) or text
        pending.raw += "\x1e" + repr(self._raw(line.cells))
        if not self._measure(line, pending, label, part=True):
            for found in self.values.in_text(label, pending.kind, label, brackets=True):
                whole = pending.whole_of(-1, found.quantity.unit)
                cell = address(line.row, self._title_texts[0])
                pending.quantities.append(
                    (-1, "", NewQuantity(found.measure, label, found.quantity, cell, whole))
                )

    def _settle(self, line: Line, draft: Draft) -> None:
        """A body's own count needs its source; a merged number counts once, in its first row."""
        if draft.kind.supplied_by_body and draft.quantities and draft.state == "done":
            named = any(
                c.role in ("organiser", "partner") and line.cells[c.index] != ""
                for c in self.plan.columns
            )
            if not named:
                draft.state = "source_wanted"
                self.problems.warn(
                    self.plan.sheet, draft.quantities[0][2].cell or "", draft.title,
                    "是主管单位提供的数，没有写明来源，记为来源待补，不进报告",
                    "请补上提供数据的单位",
                )

    # Totals, titles, free lines --------------------------------------------------------------

    def _total(self, line: Line, sort: Sort) -> None:
        at = Situation(self.plan.kind.kind)
        found = {}
        for column in self._value_columns:
            value = line.own[column.index]
            if value == "" or not column.added:
                continue
            read = self.values.read(column, value, at)
            if read is not None:
                found[column.index] = read.quantity
        self.totals.state(Stated(sort, line.row, found))

    def _check_row(self, line: Line, draft: Draft) -> None:
        """A 合计 column is held against the columns that it adds up."""
        for column in self._total_columns:
            value = line.own[column.index]
            read = self.values.read(column, value, Situation(draft.kind)) if value != "" else None
            parts = [q.quantity for _, period, q in draft.quantities if q.part_of is None]
            if read is None or not parts or any(not q.exact for q in parts):
                continue
            total = sum(q.value for q in parts)
            if len({q.unit for q in parts}) == 1 and read.quantity.exact and (
                read.quantity.value != total
            ):
                self.problems.warn(
                    self.plan.sheet, address(line.row, column.index), read.quantity.value,
                    f"合计写的是 {read.quantity.value}，各栏之和是 {total}",
                    "合计栏不作记录，以各栏之和为准；请核对原表",
                )

    def _of_title(self) -> Iterator[NewRecord]:
        """A quantity in a title or above the header is a record of its own."""
        kind = self.plan.kind.kind
        for place in self.plan.head.titles:
            found = self.values.in_text(place.text, kind, bare(place.text), brackets=True)
            kept = [f for f in found if f.quantity.unit not in ("年", "天", "个月")]
            if kept and self.words.sort_of(place.text) is Sort.WORK:
                yield from self._spoken(place.row, place.column, place.text, kind, kept)

    def _spoken(
        self, row: int, column: int, text: str, kind: Kind, found: list[InText]
    ) -> Iterator[NewRecord]:
        cell = address(row, column)
        draft = Draft(kind, row, text, (), False, f"{text}\x1e{row if not text else ''}")
        draft.summed = True
        draft.state = self._state
        draft.occurred = (self.dates.default(cell=cell, observed=kind.grain == "observation"),)
        self._title_fields(draft)
        draft.quantities = [
            (column, "", NewQuantity(f.measure, f.label, f.quantity, cell, f.whole)) for f in found
        ]
        yield from self._sealed(draft)

    def _head_fields(self, draft: Draft) -> None:
        """``位置：…`` above the header fills the kind's field of that name, in the first record."""
        named = {w: f.id for f in draft.kind.fields for w in (f.title, *f.words) if not f.options}
        for place in self.plan.head.labels:
            for match in _PAIR.finditer(place.text):
                name = named.get(match[1])
                if name and name not in draft.fields and canonical_unit(match[2]) is None:
                    draft.fields[name] = match[2]

    def _title_fields(self, draft: Draft) -> None:
        for declared in draft.kind.fields:
            if declared.required or declared.id == draft.kind.titled_by:
                draft.fields[declared.id] = (
                    draft.title if not declared.options else declared.options[0]
                )

    def _free_line(self, line: Line) -> Draft | None | bool:
        """One filled cell in a table: a free line, a caption, or (None) an ordinary row."""
        column, value = line.texts()[0]
        if not isinstance(value, str):
            return None
        spanning = any(m.left == column for m in self.table.lines.spans.get(line.row, ()))
        found = [f for f in self.values.in_text(value, self.plan.kind.kind, bare(value), brackets=True)]
        first = column == (self.plan.columns[0].index if self.plan.columns else 0)
        listed = column in self._title_texts[:1] and not spanning
        if found and first and (spanning or is_sentence(value) or not listed):
            return self._line_draft(line, column, value)
        match = _LABELLED.match(value)
        if match and first:
            return self._label_line(line, match[1].strip(), match[2].strip())
        if (spanning and first) or (first and _CAPTION.match(value) and not listed):
            self._caption = _CAPTION.sub("", value)
            return False
        return None

    def _line_draft(self, line: Line, column: int, text: str) -> Draft:
        matches = self.words.kinds_in(text)
        kind = self.words.registry.kind(matches[0].kind) if matches else self.plan.kind.kind
        cell = address(line.row, column)
        draft = Draft(kind, line.row, text, (), False, text, state=self._state, summed=True)
        draft.occurred = (self.dates.default(cell=cell, observed=kind.grain == "observation"),)
        self._title_fields(draft)
        for found in self.values.in_text(text, kind, bare(text), brackets=True):
            draft.quantities.append(
                (column, "", NewQuantity(found.measure, found.label, found.quantity, cell, found.whole))
            )
        return draft

    def _label_line(self, line: Line, label: str, text: str) -> Draft | bool:
        """``指导单位：…`` under a table: kept with the kind that has such a field."""
        for kind in (self.plan.kind.kind, *self.words.registry.kinds.values()):
            named = next((f for f in kind.fields if label in (f.title, *f.words) and f.type != "choice"), None)
            if named is not None and (kind is self.plan.kind.kind or label in (named.title,)):
                title = self.plan.title or self.plan.sheet
                draft = Draft(kind, line.row, title, (), False, f"{label}：{text}", state=self._state)
                draft.occurred = (
                    self.dates.default(cell=address(line.row, 0), observed=kind.grain == "observation"),
                )
                self._title_fields(draft)
                draft.fields[named.id] = text
                return draft
        self.problems.warn(
            self.plan.sheet, address(line.row, line.texts()[0][0]), f"{label}：{text}",
            "表外的一行，没有合适的事项，没有导入", "要登记请另填一条",
        )
        return False

    def _last_words(self) -> None:
        if self.values.doubtful_percent:
            self.problems.warn(
                self.plan.sheet, "", "", "百分比栏里有不大于 1 的数，按份额读（0.97 为 97%）",
                "不对的请在表里写成 0.97%",
            )


_MOJIBAKE = re.compile(r"[\u00c2-\u00ef][\u0080-\u00bf\u0152-\u02dc\u2013-\u2122]")


def is_garbled(text: str) -> bool:
    """Whether a text shows the marks of a wrong decoding."""
    return (
        "\ufffd" in text or "锟斤拷" in text or "烫烫" in text or "屯屯屯" in text
        or _MOJIBAKE.search(text) is not None
    )


def is_sentence(text: str) -> bool:
    """Whether a text is a statement rather than a name."""
    return len(bare(text)) >= 8 and not text.endswith(("队", "团", "社", "站", "室", "家庭", "单位"))


def _text(value: Value) -> str:
    return value if type(value) is str else ("" if value == "" else shown(value))


def _same(found: InText, known: NewQuantity) -> bool:
    left, right = found.quantity, known.quantity
    return left.value == right.value and FITS.get(left.unit) == FITS.get(right.unit)
