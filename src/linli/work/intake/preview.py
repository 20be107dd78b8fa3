"""One pass over a workbook: sheets to tables to records, with all problems at once. Writes nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from linli.core.records.rules import NewRecord
from linli.kernel.days import Occurred, read_date
from linli.kernel.ids import uuid7
from linli.kernel.periods import Period
from linli.packs.registry import Registry
from linli.work.intake.beside import side_by_side
from linli.work.intake.dating import (
    Supplied,
    TableDates,
    is_plan,
    stated_period,
    years_in,
)
from linli.work.intake.drafts import Sealer
from linli.work.intake.given import KEPT, words_of
from linli.work.intake.head import Head, is_label
from linli.work.intake.lines import address
from linli.work.intake.plan import TablePlan, plan_table
from linli.work.intake.problems import Problem, Problems
from linli.work.intake.read import Book, Sheet, read
from linli.work.intake.rows import TableReader
from linli.work.intake.tables import Table, tables
from linli.work.intake.words import Vocabulary

_SMALL = 3000
_DAY = re.compile(
    r"^[（(]?(?:统计)?(?:时间|日期|年度|期间|时段|所属期|报告期|统计年度|统计期间)[：:]"
)


@dataclass(slots=True)
class Preview:
    """What an import would do: the plans of its tables, the records, the problems."""

    sheets: list[TablePlan] = field(default_factory=list)
    records: list[NewRecord] = field(default_factory=list)
    problems: tuple[Problem, ...] = ()


@dataclass(slots=True)
class Known:
    """What the titles of the whole workbook state: its only year, and its only period."""

    year: int | None = None
    period: Occurred | None = None
    words: str = ""


@dataclass(slots=True)
class Reading:
    """One reading of one workbook. ``records()`` streams; plans and problems fill up meanwhile."""

    book: Book
    registry: Registry
    supplied: Supplied
    problems: Problems
    area: str = ""
    mappings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    plans: list[TablePlan] = field(default_factory=list)
    words: Vocabulary = field(init=False)
    new_id: Callable[[], UUID] = uuid7
    _seen: dict[tuple[str, str], dict[bytes, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.words = Vocabulary(self.registry)

    def records(self) -> Iterator[NewRecord]:
        """Yield the workbook's records, sheet by sheet."""
        known = self._known()
        if self.book.blind:
            self.problems.warn(
                "", "", self.book.name, "这种文件里出错的公式和百分比格式看不出来，都当成空格和小数",
                "有这样的格子请另存为 .xlsx 再导入",
            )  # fmt: skip
        for sheet in self.book.sheets:
            self._sheet_remarks(sheet)
            for whole in tables(sheet, self.words):
                for table in side_by_side(whole):
                    yield from self._table(sheet, table, known)

        if not self.plans:
            self.problems.warn(
                "", "", self.book.name, "里没有可以导入的表", "请核对是不是选错了文件"
            )

    def _table(self, sheet: Sheet, table: Table, known: Known) -> Iterator[NewRecord]:
        if not table.head.columns and not table.head.form:
            self._loose(sheet, table.head)
        plan = plan_table(
            sheet.name, table.ordinal, table.head, table.sample(), self.words, self.mappings
        )
        if not plan.columns and not plan.head.titles:
            return
        self.plans.append(plan)
        dates = self._dates(plan, known)
        sealer = self._sealer(plan, dates)
        reader = TableReader(table, plan, dates, self.words, self.problems, sealer)
        yield from reader.records()

    def _sealer(self, plan: TablePlan, dates: TableDates) -> Sealer:
        """Equal rows of equal tables are counted together over the whole workbook."""
        stated = stated_period(dates.title) or ""
        sealer = Sealer(self.area, plan.sheet, plan.shape, self.problems, stated, self.new_id)
        sealer.seen = self._seen.setdefault((plan.shape, stated), {})
        return sealer

    def _dates(self, plan: TablePlan, known: Known) -> TableDates:
        texts = [plan.title or plan.sheet]
        texts += [p.text for p in plan.head.titles if not is_label(p.text) or _DAY.search(p.text)]
        stated = years_in(texts) or years_in([plan.sheet])
        given = self.supplied.year is not None
        year = next(iter(stated)) if len(stated) == 1 else None
        from_text = year is None and not given and known.year is not None
        period_text = next((t for t in (*texts, plan.sheet) if stated_period(t)), plan.title)
        return TableDates(
            sheet=plan.sheet,
            file=self.book.name,
            title=period_text,
            title_cell=plan.title_cell,
            supplied=self.supplied,
            problems=self.problems,
            table_year=year or (known.year if from_text else None),
            inferred=known.period,
            inferred_words=known.words,
            year_from_text=from_text,
            earlier=words_of(self.mappings.get(plan.shape, {}).get(KEPT, {})),
        )

    def _known(self) -> Known:
        """Read all titles of small sheets first: a single stated year or period serves the rest."""
        titles: list[str] = []
        texts: list[str] = []
        for sheet in self.book.sheets:
            if sheet.height > _SMALL and len(self.book.sheets) == 1:
                continue
            for table in tables(sheet, self.words):
                texts += [p.text for p in table.head.titles]
                titles.append(table.head.title or sheet.name)
                if sheet.height > _SMALL:
                    break
        years = years_in(texts)
        known = Known()
        as_of = self.supplied.as_of
        if len(years) == 1 and (as_of is None or as_of.year in years):
            known.year = next(iter(years))
        self._only_period(titles, known)
        return known

    def _only_period(self, titles: list[str], known: Known) -> None:
        year = self.supplied.year or known.year
        found: dict[tuple[object, object], tuple[Occurred, str]] = {}
        for title in titles:
            words = stated_period(title)
            if words is None or is_plan(title):
                continue
            reading = read_date(words, year=year, as_of=self.supplied.as_of)
            if reading is None or reading.needs or len(reading.occurred) != 1:
                return
            occurred = reading.occurred[0]
            found[occurred.start, occurred.end] = (occurred, words)
        if len(found) == 1:
            known.period, known.words = next(iter(found.values()))

    def _sheet_remarks(self, sheet: Sheet) -> None:
        if sheet.hidden:
            self.problems.warn(sheet.name, "", "", "是隐藏的工作表，也读了", "不要的请删掉后再导入")
        rows = sheet.marks.hidden_rows
        if rows:
            shown = "、".join(str(r + 1) for r in rows[:10]) + ("…" if len(rows) > 10 else "")
            self.problems.warn(
                sheet.name,
                f"A{rows[0] + 1}",
                "",
                f"第 {shown} 行是隐藏的，也读了",
                "不要的请删掉后再导入",
            )

    def _loose(self, sheet: Sheet, head: Head) -> None:
        if not head.titles:
            line = address(head.first_row, 0)
            self.problems.warn(
                sheet.name, line, "", "没有认出表头", "请在第一行写上各栏名称，或用 --map 指明各栏"
            )


def open_reading(
    path: Path,
    registry: Registry,
    *,
    year: int | None = None,
    as_of: date | None = None,
    period: Period | None = None,
    mappings: Mapping[str, Mapping[str, Any]] | None = None,
    answers: Mapping[str, str] | None = None,
    area: str = "",
) -> Reading:
    """Open the file for one reading; Refusal if it is no workbook."""
    return Reading(
        book=read(path),
        registry=registry,
        supplied=Supplied(year, as_of, period),
        problems=Problems(answers=dict(answers or {})),
        area=area,
        mappings=mappings or {},
    )


def preview(
    path: Path,
    *,
    registry: Registry,
    year: int | None = None,
    as_of: date | None = None,
    period: Period | None = None,
    mapping: Mapping[str, Mapping[str, Any]] | None = None,
    answers: Mapping[str, str] | None = None,
    area: str = "",
) -> Preview:
    """Read the whole file and return all that an import would do."""
    reading = open_reading(
        path,
        registry,
        year=year,
        as_of=as_of,
        period=period,
        mappings=mapping,
        answers=answers,
        area=area,
    )
    records = list(reading.records())
    return Preview(reading.plans, records, reading.problems.listed())
