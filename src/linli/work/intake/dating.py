"""When the rows of a table happened: what is written, what the title states, what was supplied.

Nothing is guessed: a missing year or day of reference is one question per sheet, and a period that
is only inferred (the workbook states a single one) is a warning that names it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from linli.kernel.days import Cadence, DateReading, Occurred, Precision, read_date
from linli.kernel.periods import Period
from linli.work.intake.problems import Problems
from linli.work.intake.read import Value

UNKNOWN = Occurred(None, None, Precision.UNKNOWN)
_CHINESE_YEAR = r"[一二][〇○零O九0-9][〇○零O一二三四五六七八九0-9]{2}"
_YEAR = rf"(?:(?<!\d)(?:19|20)\d\d(?!\d)|{_CHINESE_YEAR})"
_STATED = re.compile(
    rf"{_YEAR}年?\s*[-—–~～至到]+\s*{_YEAR}年?度?"
    rf"|{_YEAR}年\s*(?:1[0-2]|[1-9]|十[一二]?|[一二三四五六七八九])\s*月?\s*[-—–~～至到]+\s*(?:1[0-2]|[1-9]|十[一二]?|[一二三四五六七八九])\s*月份?"
    rf"|{_YEAR}年?度?\s*(?:第?[一二三四1-4]季度?|[上下]半年)"
    rf"|{_YEAR}年\s*(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])\s*月(?:\d{{1,2}}日)?份?"
    rf"|{_YEAR}[.．/-](?:1[0-2]|0?[1-9])(?!\d)月?"
    rf"|{_YEAR}年度?|{_YEAR}(?=[度上下一二三四第]|$|[^\d年号室元人户个])"
    r"|第?[一二三四1-4]季度|[上下]半年|(?<![\d第])(?:1[0-2]|[1-9])月份|(?<!第)(?:十[一二]?|[一二三四五六七八九])月份"
    r"|(?<![\d.])(?:1[0-2]|[1-9])月?[-—–~～至到](?:1[0-2]|[1-9])月份?"
    r"|[近两二三四五六七八九十]{1,3}年来|去年|今年|本年度?|上年度?|本季度|上季度|本月|上月"
)
_PLAN = re.compile(r"计划(?!生育|内|外|服务|免疫)|打算|工作安排|下一步|下步|规划|目标任务")
_YEAR_IN_TEXT = re.compile(rf"{_YEAR}")


def stated_period(text: str) -> str | None:
    """The words of a title that name a period: 2010年度, 第一季度, 三年来; None without any."""
    plain = "".join(text.split())
    found = _STATED.search(plain)
    return found.group() if found else None


def years_in(texts: Iterable[str]) -> set[int]:
    """The years that the texts name in digits or in Chinese figures."""
    found: set[int] = set()
    for text in texts:
        for match in _YEAR_IN_TEXT.finditer("".join(text.split())):
            year = _digits(match.group())
            if 1949 <= year <= 2100:
                found.add(year)
    return found


_CHINESE_DIGITS = str.maketrans("〇○零O一二三四五六七八九", "0000123456789")


def _digits(text: str) -> int:
    plain = text.translate(_CHINESE_DIGITS)
    return int(plain) if plain.isdigit() else 0


def is_plan(text: str) -> bool:
    """Whether a title says that what follows is still to be done."""
    return _PLAN.search(text) is not None


@dataclass(slots=True)
class Supplied:
    """What was given by hand: options of the command and answers."""

    year: int | None = None
    as_of: date | None = None
    period: Period | None = None


@dataclass(frozen=True, slots=True)
class Dated:
    """The reading of one date cell: one or more occurrences, or a cadence, or neither."""

    occurred: tuple[Occurred, ...] = ()
    cadence: Cadence | None = None


@dataclass(slots=True)
class TableDates:
    """Dates of one table. ``inferred`` is a period that only other sheets of the workbook state."""

    sheet: str
    file: str
    title: str
    title_cell: str
    supplied: Supplied
    problems: Problems
    table_year: int | None
    inferred: Occurred | None = None
    inferred_words: str = ""
    year_from_text: bool = False
    earlier: str = ""  # what was given with the last file of the same shape
    _cells: dict[Value, Dated | None] = field(default_factory=dict)
    _default: Occurred | None = None
    _said: set[str] = field(default_factory=set)

    def year(self, cell: str, value: object) -> int | None:
        """The year for dates without one: the table's own, the given one, else a question."""
        if self.table_year is not None:
            return self.table_year
        if self.supplied.year is not None:
            return self.supplied.year
        answer = self._ask(
            "year", cell, value, "没有写明是哪一年", f"请用 --year 年份 指明{self._hint()}"
        )
        return _as_year(answer)

    def as_of(self, cell: str, value: object) -> date | None:
        """The day from which 今年, 去年 and 三年来 count: the given one, else a question."""
        if self.supplied.as_of is not None:
            return self.supplied.as_of
        answer = self._ask(
            "as_of",
            cell,
            value,
            "要从写表的那一天算起，表里没有写那一天",
            f"请用 --as-of 日期 指明，如 --as-of 2010-12-31{self._hint()}",
        )
        return _as_day(answer)

    def _ask(self, what: str, cell: str, value: object, problem: str, way_out: str) -> str | None:
        key = f"{what}:{self.sheet}"
        hint = f"；只指这张表用 --answer {key}=…"
        return self.problems.ask(key, self.sheet, cell, value, problem, way_out + hint)

    def _hint(self) -> str:
        years = sorted(years_in([self.file]))
        said = [f"文件名里有 {'、'.join(map(str, years))}，只供参考"] if years else []
        said += [f"上次导入同样的表时用的是 {self.earlier}"] if self.earlier else []
        return f"（{'；'.join(said)}）" if said else ""

    def known(self, value: Value) -> Dated | None:
        """What an equal cell said, if one was read; the quick way for long tables."""
        return self._cells.get(value)

    def read(self, value: Value, cell: str) -> Dated | None:
        """What a date cell says; None if it is no date. Read once for equal cells."""
        if value in self._cells:
            return self._cells[value]
        if len(self._cells) > 20_000:
            self._cells.clear()
        found = self._cells[value] = self._read(value, cell)
        return found

    def _read(self, value: Value, cell: str) -> Dated | None:
        if isinstance(value, bool) or not isinstance(value, str | int | float | date | datetime):
            return None
        reading = self._reading(value, cell)
        if reading is None:
            return None
        if reading.fault:
            self.problems.error(
                self.sheet,
                cell,
                value,
                f"没有这一天（{reading.fault}）",
                "请改成正确的日期后再导入",
            )
            return Dated()
        if reading.ambiguous:
            self._once(
                "ambiguous",
                cell,
                value,
                "按数字保存的日期，末尾的 0 可能丢了（3.1 也许是 3.10）",
                "请核对；不对的在表里改成 3月10日 这样的文字",
            )
        return Dated(reading.occurred, reading.cadence)

    def _reading(self, value: str | int | float | date | datetime, cell: str) -> DateReading | None:
        year, as_of = self.table_year or self.supplied.year, self.supplied.as_of
        reading = read_date(value, year=year, as_of=as_of)
        if reading is None or not reading.needs:
            self._note_year(reading, cell, value)
            return reading
        if "year" in reading.needs:
            year = self.year(cell, value)
        if "as_of" in reading.needs:
            as_of = self.as_of(cell, value)
        return read_date(value, year=year, as_of=as_of)

    def _note_year(self, reading: DateReading | None, cell: str, value: object) -> None:
        if reading and "year" in reading.supplied and self.year_from_text:
            self._once(
                "year",
                cell,
                value,
                f"没有写年份，按工作簿里唯一写明的 {self.table_year} 年",
                "不对的请用 --year 指明",
            )

    def default(self, *, cell: str = "", observed: bool = False) -> Occurred:
        """The period of rows without a date of their own."""
        if self._default is None:
            self._default = self._find_default(cell)
        found = self._default
        if observed and found.end is not None:
            return Occurred(None, found.end, Precision.UNTIL, found.words)
        return found

    def _find_default(self, cell: str) -> Occurred:
        words = stated_period(self.title)
        if words:
            dated = self.read(words, self.title_cell)
            if dated and dated.occurred:
                return dated.occurred[0]
            if dated is not None:
                return UNKNOWN
        supplied = self.supplied
        if supplied.period is not None:
            return of_period(supplied.period)
        if self.inferred is not None:
            self._once(
                "inferred",
                cell,
                "",
                f"没有写日期，按工作簿里唯一写明的期间 {self.inferred_words}",
                "不对的请用 --period 指明",
            )
            return self.inferred
        if supplied.as_of is not None:
            return Occurred(None, supplied.as_of, Precision.UNTIL)
        self._once(
            "undated",
            cell,
            "",
            "没有写日期，工作簿里也没有写明期间，只能记为日期不详",
            f"请用 --period 期间 或 --as-of 日期 指明{self._hint()}",
        )
        return UNKNOWN

    def _once(self, what: str, cell: str, value: object, problem: str, way_out: str) -> None:
        if what not in self._said:
            self._said.add(what)
            self.problems.warn(self.sheet, cell, value, problem, way_out)


def of_period(period: Period) -> Occurred:
    """A period as the span of an occurrence."""
    precision = {
        "year": Precision.YEAR,
        "half": Precision.HALF,
        "quarter": Precision.QUARTER,
        "month": Precision.MONTH,
        "years": Precision.YEARS,
    }.get(period.kind, Precision.SPAN)
    return Occurred(period.start, period.end, precision, period.words())


def _as_year(answer: str | None) -> int | None:
    digits = (answer or "").strip().removesuffix("年")
    return int(digits) if digits.isdigit() and 1949 <= int(digits) <= 2100 else None


def _as_day(answer: str | None) -> date | None:
    try:
        return date.fromisoformat((answer or "").strip())
    except ValueError:
        return None
