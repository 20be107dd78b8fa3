"""The preview of an import as a form: tables with kind and columns, questions, what was answered."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import islice
from typing import Any

from linli.core.records.rules import NewRecord
from linli.kernel.errors import Refusal, sentences
from linli.kernel.periods import Period
from linli.packs.load import registry
from linli.web.uploads import Upload
from linli.web.wording import ROLES, sureness
from linli.work.intake.plan import TablePlan
from linli.work.intake.problems import Problem, Severity

sentences(
    {
        "web.import.year": ("“{text}”不是年份。", "请写成 2010 这样的四位数。"),
        "web.import.day": ("“{text}”不是日期。", "请写成 2010-12-31 的样子。"),
    }
)
_SAMPLE = 3


@dataclass(frozen=True, slots=True)
class ColumnView:
    """A column of a table: its letters, head, role and how sure that is."""

    name: str
    letters: str
    header: str
    role: str
    unit: str
    sure: str

    @property
    def role_words(self) -> str:
        """The role in words."""
        return ROLES.get(self.role, self.role)


@dataclass(frozen=True, slots=True)
class TableView:
    """A table as the preview shows it, with the first records it gives."""

    name: str
    key: str
    sheet: str
    title: str
    kind: str
    kind_title: str
    varied: bool
    skip: bool
    sure: str
    rows: int
    records: int
    columns: tuple[ColumnView, ...]
    sample: tuple[NewRecord, ...]


@dataclass(slots=True)
class Question:
    """What has to be answered before anything is imported; one field for all its places."""

    what: str
    title: str
    help: str
    control: str
    places: list[Problem] = field(default_factory=list)
    value: str = ""
    options: list[tuple[str, str]] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The name of the field: the whole file's, or that of one key."""
        return self.what if self.what in ("year", "as_of") else f"answer:{self.what}"


_CHOICES = {
    "dates": (
        "这些行以前导入过，这次读出的日期、事项或数量不同",
        [("apply", "按这次的更正"), ("keep", "保留原来的"), ("new", "另记一次")],
    ),
    "changed": (
        "这些行以前导入过，内容改了",
        [("apply", "更正原记录"), ("keep", "保留原来的"), ("new", "另记一条")],
    ),
    "overlap": (
        "这些行与另一个文件里已导入的内容相同",
        [("skip", "是同一件事，不重复记"), ("new", "是另一件事，照记")],
    ),
}
"""What the rows already there may ask; one answer serves all places of a sort."""
_ASKED = {
    "year": (
        "这份表格是哪一年的？",
        "表里的日期没有写年份。文件名不能作准，请填写年份，如 2010。",
        "number",
    ),
    "as_of": ("这份表格写于哪一天？", "表里的“今年、去年、三年来”要从写表的那一天算起。", "date"),
}


def tables_of(plans: list[TablePlan], records: list[NewRecord]) -> list[TableView]:
    """The tables in the order of the workbook, each with the first of the records it gives."""
    by_sheet: dict[str, Iterator[NewRecord]] = {}
    grouped: dict[str, list[NewRecord]] = {}
    for record in records:
        grouped.setdefault(record.sheet or "", []).append(record)
    found = []
    for number, plan in enumerate(plans):
        shown = plan.as_json()
        stream = by_sheet.setdefault(plan.sheet, iter(grouped.get(plan.sheet, [])))
        own = list(islice(stream, plan.records))
        found.append(_table(f"t{number}", shown, tuple(own[:_SAMPLE])))
    return found


def _table(name: str, shown: Mapping[str, Any], sample: tuple[NewRecord, ...]) -> TableView:
    columns = tuple(
        ColumnView(
            name=f"{name}.c{number}",
            letters=one["column"],
            header=one["header"],
            role=one["role"],
            unit=one["unit"] or "",
            sure=sureness(one["confidence"]),
        )
        for number, one in enumerate(shown["columns"])
    )
    return TableView(
        name=name,
        key=f"{shown['sheet']}#{shown['table']}",
        sheet=shown["sheet"],
        title=shown["title"],
        kind=shown["kind"],
        kind_title=shown["kind_title"],
        varied=shown["varied"],
        skip=shown["skip"],
        sure=sureness(shown["confidence"]),
        rows=shown["rows"],
        records=shown["records"],
        columns=columns,
        sample=sample,
    )


def questions_of(problems: tuple[Problem, ...], upload: Upload) -> list[Question]:
    """The open questions; those about year and day are asked once for the whole file."""
    found: dict[str, Question] = {}
    for one in problems:
        if one.severity is not Severity.QUESTION:
            continue
        what = one.key.partition(":")[0]
        if what in _ASKED:
            question = found.setdefault(what, Question(what, *_ASKED[what]))
        elif what in _CHOICES:
            title, options = _CHOICES[what]
            question = found.setdefault(what, Question(what, title, "", "select", options=options))
        else:
            answered = upload.answers.get(one.key, "")
            question = found.setdefault(
                one.key, Question(one.key, one.problem, one.way_out, "text", value=answered)
            )
        question.places.append(one)
    return list(found.values())


_HINTS = (
    (re.compile(r"；只指这张表用 --answer [^ ；]*"), ""),
    (re.compile(r"请用 --answer .*$"), "请在上面回答"),
    (re.compile(r"--year(?: 年份)?"), "“年份”"),
    (re.compile(r"--as-of(?: 日期)?(?: 指明，如 --as-of [-0-9]+)?"), "“写表日期”"),
    (re.compile(r"--period(?: 期间)?"), "“期间”"),
    (re.compile(r"--map"), "“各栏怎么读”"),
)


def _on_the_page(problem: Problem) -> Problem:
    """The way out in the words of this page: intake speaks of the options of its command."""
    words = problem.way_out
    for pattern, instead in _HINTS:
        words = pattern.sub(instead, words)
    return replace(problem, way_out=words)


def of_severity(
    problems: tuple[Problem, ...], severity: Severity
) -> list[tuple[str, list[Problem]]]:
    """Problems of a severity by sheet."""
    groups: dict[str, list[Problem]] = {}
    for one in problems:
        if one.severity is severity:
            groups.setdefault(one.sheet, []).append(_on_the_page(one))
    return list(groups.items())


def take(upload: Upload, data: Mapping[str, str]) -> list[Refusal]:
    """Keep what a person answered and corrected; return what could not be understood."""
    problems = []
    for name, keep in (("year", _year), ("as_of", _day), ("period", _period)):
        if name in data:
            try:
                setattr(upload, name, keep(data[name].strip()))
            except Refusal as fault:
                problems.append(fault)
    for name, value in data.items():
        if name.startswith("answer:") and value.strip():
            upload.answers[name.removeprefix("answer:")] = value.strip()
    for name, key in data.items():
        if name.endswith(".key"):
            _correct(upload, name.removesuffix(".key"), key, data)
    return problems


def _year(text: str) -> int | None:
    digits = text.removesuffix("年")
    if not digits:
        return None
    if not (digits.isascii() and digits.isdecimal() and 1949 <= int(digits[:5]) <= 2100):
        raise Refusal("web.import.year", text=text)
    return int(digits)


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat() if text else ""
    except ValueError as fault:
        raise Refusal("web.import.day", text=text) from fault


def _period(text: str) -> str:
    return Period.parse(text).text if text else ""


def _correct(upload: Upload, name: str, key: str, data: Mapping[str, str]) -> None:
    """What was changed of one table, over what had been changed before."""
    known = upload.mapping.get(key)
    mapping: dict[str, Any] = dict(known) if isinstance(known, dict) else {}
    if _changed(data, f"{name}.kind"):
        mapping["kind"] = registry().kind(data[f"{name}.kind"]).id
    mapping["skip"] = f"{name}.skip" in data
    columns = dict(mapping.get("columns", {}))
    number = 0
    while f"{name}.c{number}" in data:
        column = f"{name}.c{number}"
        if _changed(data, column) and data[column] in ROLES:
            columns[data.get(f"{column}.letters", "")] = data[column]
        number += 1
    if columns:
        mapping["columns"] = columns
    if mapping != {"skip": False} or known:
        upload.mapping[key] = mapping


def _changed(data: Mapping[str, str], name: str) -> bool:
    return bool(data.get(name)) and data.get(name) != data.get(f"{name}.was")
