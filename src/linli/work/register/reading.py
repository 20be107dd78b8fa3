"""Rows of a register workbook become persons: what each cell says, and every fault of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from linli.core.registers.addresses import Address, in_parts, read_address
from linli.core.registers.names import plain_name
from linli.core.registers.rules import (
    SEXES,
    Particulars,
    Tie,
    checked,
    relation_of,
    sealed_form,
)
from linli.kernel.clock import today
from linli.kernel.days import Precision, read_date
from linli.kernel.errors import Refusal
from linli.packs.registry import Registry
from linli.packs.schema_care import FORBIDDEN
from linli.work.register.columns import (
    Layout,
    Page,
    Value,
    care_class_of,
    cell_name,
    layout_of,
)
from linli.work.register.problems import Problems

_SPLIT = re.compile(r"[、，,;；/\s]+")
_YES = {"是", "有", "√", "✓", "1", "y", "yes", "对"}
_TIES = {
    Tie.REGISTERED: ("户在人不在", "人不在", "空挂户", "空挂", "外出"),
    Tie.LIVING: ("人在户不在", "户不在", "流动", "流动人口", "寄住", "租住", "租户", "外来"),
    Tie.BOTH: ("人户一致", "人在户在", "户在人在", "户籍", "常住", "本地户籍", "一致", "在"),
}
_TOTALS = re.compile(r"^(?:合计|总计|小计|共计|填表人|制表|审核|注[:：]|说明[:：]|备注[:：])")


@dataclass(slots=True)
class Entry:
    """A person as a row says: where the row stands, what it says, what follows from it."""

    sheet: str
    row: int
    cells: Mapping[str, int]
    given: Particulars
    relation: str | None = None
    head: str = ""
    household: str = ""
    address: Address | None = None
    since: date | None = None
    classes: tuple[str, ...] = ()
    said: frozenset[str] = field(default_factory=frozenset)

    def cell(self, role: str) -> str:
        """The cell of a role, as a spreadsheet names it; else that of the name."""
        return cell_name(self.row, self.cells.get(role, self.cells["name"]))


def read_pages(pages: Sequence[Page], registry: Registry, problems: Problems) -> list[Entry]:
    """All persons of all sheets that hold a register; an error where no sheet does."""
    found: list[Entry] = []
    tables = 0
    for page in pages:
        layout = layout_of(page.rows, registry)
        if layout is not None:
            tables += 1
            found += _Reader(page, layout, registry, problems).entries()
    if not tables:
        problems.error(
            pages[0].name if pages else "", "", "", "没有一张表有“姓名”和另一个认得的表头。",
            "请在表头写明姓名、身份证号、住址等。",
        )  # fmt: skip
    return found


class _Reader:
    """Reads one sheet."""

    def __init__(self, page: Page, layout: Layout, registry: Registry, problems: Problems) -> None:
        self.page, self.layout, self.registry, self.problems = page, layout, registry, problems
        self.row = 0

    def entries(self) -> Iterator[Entry]:
        for row in range(self.layout.first, len(self.page.rows)):
            self.row = row
            texts = [_text(cell) for cell in self.page.rows[self.row]]
            if not any(texts) or any(_TOTALS.match(text) for text in texts[:3]):
                continue
            if self._text("name") == "姓名":
                continue  # the header again, on a later printed page
            entry = self._entry()
            if entry is not None:
                yield entry

    def _entry(self) -> Entry | None:
        name = plain_name(self._text("name"))
        roles = [r for r in self.layout.columns if r not in ("ordinal", "remark")]
        if not name:
            if any(self._text(role) for role in ("identity_number", "phone", "birth")):
                self._error("name", "", "这一行没有姓名。", "请补上姓名，或删掉这一行。")
            return None
        given = self._particulars(name)
        if given is None:
            return None
        return Entry(
            sheet=self.page.name,
            row=self.row,
            cells=self.layout.columns,
            given=given,
            relation=self._relation(),
            head=plain_name(self._text("head")),
            household=self._text("household"),
            address=self._address(),
            since=self._day("since"),
            classes=tuple(dict.fromkeys(self._classes())),
            said=frozenset(role for role in roles if self._text(role)),
        )

    def _particulars(self, name: str) -> Particulars | None:
        secrets = dict(self._secrets())
        sex = self._text("sex").removesuffix("性")
        if sex and sex not in SEXES:
            self._error("sex", sex, "性别写的不是男或女。", "请写男或女。")
            sex = ""
        tie, elsewhere = self._tie()
        draft = Particulars(name, sex, self._day("birth"), tie, elsewhere, secrets)
        try:
            return checked(draft, today())
        except Refusal as refused:
            self.problems.refused(self.page.name, self._cell("identity_number"), refused)
            return None

    def _secrets(self) -> Iterator[tuple[str, str]]:
        for role in ("identity_number", "phone", "certificate"):
            value = self._value(role)
            if not _text(value):
                continue
            try:
                yield role, _sealed(role, value)
            except Refusal as refused:
                if role == "phone":
                    self.problems.ask(
                        "phones", self.page.name, self._cell(role), "", refused.sentence, ("skip",)
                    )
                else:
                    self.problems.refused(self.page.name, self._cell(role), refused)

    def _tie(self) -> tuple[str, str]:
        word, elsewhere = self._text("tie"), self._text("elsewhere")
        if not word:
            return Tie.BOTH, elsewhere
        for tie, words in _TIES.items():
            if any(word.startswith(one) for one in words):
                return tie, elsewhere
        self._error("tie", word, "看不出人户关系。", "请写人户一致、户在人不在或人在户不在。")
        return Tie.BOTH, elsewhere

    def _relation(self) -> str | None:
        word = self._text("relation")
        if not word:
            return None
        try:
            return relation_of(word)
        except Refusal as refused:
            self.problems.refused(self.page.name, self._cell("relation"), refused)
            return None

    def _address(self) -> Address | None:
        number = self._text("number")
        if number and self._text("building"):
            return in_parts(self._text("building"), self._text("stairwell"), number)
        text = self._text("residence") or number
        if not text:
            return None
        address = read_address(text)
        if address is None:
            role = "residence" if self._text("residence") else "number"
            self._error(role, text, "住址里看不出楼栋和房号。", "请写成 3栋2单元301 这样。")
        return address

    def _day(self, role: str) -> date | None:
        value = self._value(role)
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, date):
            return value
        if not _text(value):
            return None
        plain = value if isinstance(value, str | int | float) else _text(value)
        try:
            reading = read_date(plain)
        except ValueError:
            reading = None
        spans = reading.occurred if reading else ()
        if len(spans) == 1 and spans[0].precision is Precision.DAY and spans[0].start:
            return spans[0].start
        if spans and spans[0].precision in (Precision.MONTH, Precision.YEAR):
            text = _text(value)
            self.problems.warn(
                self.page.name, self._cell(role), text, "日期没有写到日，没有采用。", "请补全。"
            )
            return None
        self._error(role, _text(value), "不是日期。", "请写成 1950-03-07。")
        return None

    def _classes(self) -> Iterator[str]:
        for column, class_id in self.layout.care.items():
            if _text(self._at(column)).lower() in _YES:
                yield class_id
        for word in filter(None, _SPLIT.split(self._text("category"))):
            found = care_class_of(word, self.registry)
            if found is not None:
                yield found
            elif any(one in word for one in FORBIDDEN):
                self._warn("category", word, "这类名册按规定不得建立，没有登记。", "")
            elif word not in ("无", "一般", "普通", "正常"):
                self._warn(
                    "category", word, "业务包里没有这个类别，没有登记。", "可在业务包里增加。"
                )

    # -- cells ----------------------------------------------------------------------------------

    def _value(self, role: str) -> Value:
        column = self.layout.columns.get(role)
        return "" if column is None else self._at(column)

    def _at(self, column: int) -> Value:
        row = self.page.rows[self.row]
        return row[column] if column < len(row) else ""

    def _text(self, role: str) -> str:
        return _text(self._value(role))

    def _cell(self, role: str) -> str:
        return cell_name(self.row, self.layout.columns.get(role, self.layout.columns["name"]))

    def _error(self, role: str, value: str, problem: str, way_out: str) -> None:
        self.problems.error(self.page.name, self._cell(role), value, problem, way_out)

    def _warn(self, role: str, value: str, problem: str, way_out: str) -> None:
        self.problems.warn(self.page.name, self._cell(role), value, problem, way_out)


def _sealed(role: str, value: Any) -> str:
    from_number = isinstance(value, int | float) and role == "identity_number"
    return sealed_form(role, value if from_number else _text(value))


def _text(value: object) -> str:
    """A cell as text; a number cell without its point."""
    if isinstance(value, float) and value.is_integer():
        return f"{value:.0f}"
    return "" if value is None else str(value).strip()
