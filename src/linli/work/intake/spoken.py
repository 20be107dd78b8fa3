"""What stands in a table as a sentence, not as a row: quantities in titles and free lines, labels."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from linli.core.records.rules import NewQuantity
from linli.packs.schema import Kind
from linli.work.intake.dating import TableDates
from linli.work.intake.drafts import Draft
from linli.work.intake.filling import LABELLED, Filler
from linli.work.intake.lines import Line, address
from linli.work.intake.plan import TablePlan
from linli.work.intake.problems import Problems
from linli.work.intake.values import Values
from linli.work.intake.words import Sort, Vocabulary, bare, goes_on

_CAPTION = re.compile(r"^[（(]?[一二三四五六七八九十]{1,3}[)）、.．]")
_NAMES = ("队", "团", "社", "站", "室", "家庭", "单位", "中心", "组")
_DURATIONS = frozenset(("年", "天", "个月", "小时", "周", "学期", "分钟"))
_COUNTED_TIME = re.compile("时长|时数|工时|学时|课时")  # 历时3年 tells how long, 总时长 is a sum


@dataclass(slots=True)
class Spoken:
    """Makes drafts of the sentences of one table."""

    plan: TablePlan
    dates: TableDates
    words: Vocabulary
    problems: Problems
    filler: Filler
    values: Values
    spans: dict[int, list[int]]
    names: int = -1  # the column of the rows' names
    state: str = "done"

    def of_head(self) -> Iterator[Draft]:
        """A quantity in a title, or in a line above the header, is a record of its own."""
        kind = self.plan.kind.kind
        noting = False
        for place in self.plan.head.titles:
            sort = self.words.sort_of(place.text)
            noting = sort is Sort.NOTE or (noting and goes_on(place.text))
            if sort is Sort.WORK and not noting:
                draft = self._draft(kind, place.row, place.column, place.text)
                if draft.quantities:
                    yield draft

    def _draft(self, kind: Kind, row: int, column: int, text: str) -> Draft:
        cell, use = address(row, column), self.filler.use(kind)
        draft = Draft(kind, row, text, (), False, text, state=self.state, summed=True)
        self.filler.complete(draft, use)
        for found in self.values.in_text(text, use, bare(text), brackets=True):
            if found.quantity.unit not in _DURATIONS or _COUNTED_TIME.search(found.label):
                draft.add(column, NewQuantity(
                    found.measure, found.label, found.quantity, cell, found.whole
                ))  # fmt: skip
        if draft.quantities:
            draft.occurred = (self.dates.default(cell=cell, observed=kind.grain == "observation"),)
        return draft

    def of_line(self, line: Line) -> Draft | bool | None:
        """One filled cell in a table: a draft, True if it is a caption or nothing, None if a row."""
        column, value = line.texts()[0]
        if not isinstance(value, str) or not self.plan.columns:
            return None
        spanning = column in self.spans.get(line.row, ())
        first = column == self.plan.columns[0].index
        listed = column == self.names and not spanning
        if not first:
            return None
        if spanning or is_sentence(value) or not listed:
            matches = self.words.kinds_in(value)
            kind = self.words.registry.kind(matches[0].kind) if matches else self.plan.kind.kind
            draft = self._draft(kind, line.row, column, value)
            if draft.quantities:
                return draft
        match = LABELLED.match(value)
        if match:
            return self._of_label(line, match[1].strip(), match[2].strip())
        if spanning or (_CAPTION.match(value) and not listed):
            self.filler.caption = _CAPTION.sub("", value)
            return True
        return None

    def _of_label(self, line: Line, label: str, text: str) -> Draft | bool:
        """``指导单位：…`` under a table: kept with a kind that has such a field."""
        own = self.plan.kind.kind
        for kind in (own, *self.words.registry.kinds.values()):
            for declared in kind.fields:
                named = label == declared.title or (kind is own and label in declared.words)
                if named and not declared.options:
                    return self._labelled(line, kind, declared.id, label, text)
        self.problems.warn(
            self.plan.sheet, address(line.row, line.texts()[0][0]), f"{label}：{text}",
            "表外的一行，没有合适的事项，没有导入", "要登记请另填一条",
        )  # fmt: skip
        return True

    def _labelled(self, line: Line, kind: Kind, name: str, label: str, text: str) -> Draft:
        title = self.plan.title or self.plan.sheet
        draft = Draft(kind, line.row, title, (), False, f"{label}：{text}", state=self.state)
        cell = address(line.row, 0)
        draft.occurred = (self.dates.default(cell=cell, observed=kind.grain == "observation"),)
        self.filler.complete(draft, self.filler.use(kind))
        draft.fields[name] = text
        return draft


def is_sentence(text: str) -> bool:
    """Whether a text is a statement rather than a name."""
    return len(bare(text)) >= 8 and not text.endswith(_NAMES)
