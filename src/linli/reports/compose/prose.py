"""Prose typed by a person: it stays word for word; its numbers are bound or marked 未核."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from linli.kernel.errors import Refusal
from linli.kernel.lexer import Found, find_quantities
from linli.kernel.quantities import Quantity
from linli.kernel.units import kind_of
from linli.packs.schema_report import ReportPlan
from linli.reports.compose import refs
from linli.reports.compose.material import Datum, Item, Material
from linli.reports.draft import Cell, Run
from linli.reports.numerals import numerals

_HEADING = re.compile(r"^#+\s*(.+?)\s*$")
_DATE = re.compile(r"(?:\d{4}年)?\d{1,2}月(?:\d{1,2}日(?:[上下]午)?|[上中下]旬)?|\d{4}年")
_NEAR = 12  # characters around a number that may name what it counts


def read(path: Path, plan: ReportPlan) -> dict[str, tuple[str, ...]]:
    """Return the paragraphs of a prose file by section; a line ``# 标题`` opens a section."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        why = "不是 UTF-8 编码" if isinstance(error, UnicodeDecodeError) else "打不开"
        raise Refusal("reports.prose.unreadable", file=path.name, why=why) from error
    names = {name: one.id for one in plan.sections for name in (one.id, one.heading) if name}
    section = plan.sections[0].id if plan.sections else ""
    found: dict[str, list[str]] = {}
    for line in lines:
        heading = _HEADING.match(line)
        if heading:
            if heading.group(1) not in names:
                known = "、".join(names)
                raise Refusal("reports.prose.section", name=heading.group(1), names=known)
            section = names[heading.group(1)]
        elif line.strip():
            found.setdefault(section, []).append(line.strip())
    return {name: tuple(texts) for name, texts in found.items()}


def bind(text: str, material: Material, used: dict[str, Datum]) -> Cell:
    """Return the runs of a typed paragraph. Nothing of its words is changed."""
    runs: list[Run] = []
    at = 0
    for start, end, run in sorted(_bound(text, material, used), key=lambda one: one[0]):
        if start < at:
            continue
        runs.extend((Run(text[at:start]), run))
        at = end
    runs.append(Run(text[at:]))
    return _verbatim(runs)


def _verbatim(runs: list[Run]) -> Cell:
    return tuple(run for run in runs if run.text)


def _bound(text: str, material: Material, used: dict[str, Datum]) -> Iterator[tuple[int, int, Run]]:
    taken: list[tuple[int, int]] = []
    for one in find_quantities(text):
        run = _match(one, text, material, used)
        if run is not None:
            taken.append((one.start, one.end))
            yield one.start, one.end, Run(text[one.start : one.end], run.ref)
    for found in _DATE.finditer(text):
        if not _touches(taken, *found.span()):
            run = _day(found.group(), material)
            if run is not None:
                taken.append(found.span())
                yield *found.span(), run
    for numeral in numerals(text):
        if not _touches(taken, numeral.start, numeral.end):
            # the whole quantity is marked, not its digits alone: 30户（未核）
            start, end = _whole(text, numeral.start, numeral.end)
            taken.append((start, end))
            yield start, end, Run(text[start:end], unverified=True)


def _whole(text: str, start: int, end: int) -> tuple[int, int]:
    for one in find_quantities(text):
        if one.start <= start and end <= one.end:
            return one.start, one.end
    for found in _DATE.finditer(text):
        if found.start() <= start and end <= found.end():
            return found.span()
    return start, end


def _touches(taken: list[tuple[int, int]], start: int, end: int) -> bool:
    return any(start < stop and begin < end for begin, stop in taken)


def _equal(left: Quantity, right: Quantity) -> bool:
    same_unit = left.unit == right.unit or (
        kind_of(left.unit) == kind_of(right.unit) == "people"  # 人 and 名 count the same heads
    )
    mine = (left.value, left.qualifier, left.value_max)
    return same_unit and mine == (right.value, right.qualifier, right.value_max)


def _shared(title: str, around: str) -> int:
    """How many neighbouring pairs of characters of the title stand near the number."""
    return sum(title[at : at + 2] in around for at in range(len(title) - 1))


def _match(one: Found, text: str, material: Material, used: dict[str, Datum]) -> Run | None:
    equal = [d for d in material.data.values() if d.quantity and _equal(d.quantity, one.quantity)]
    around = text[max(0, one.start - _NEAR) : one.end + _NEAR]
    named = [(score, d) for d in equal if (score := _shared(d.title, around))]
    if named:
        best = max(score for score, _ in named)
        chosen = next(datum for score, datum in named if score == best)
        used.setdefault(chosen.indicator, chosen)
        return refs.figure(chosen, material)
    return _of_record(one, around, material)


def _of_record(one: Found, around: str, material: Material) -> Run | None:
    for item in material.items:
        for amount in item.amounts:
            label = amount.label or item.title
            if _equal(amount.quantity, one.quantity) and _shared(label + item.title, around):
                return refs.amount(item, amount, material)
    return None


def _day(text: str, material: Material) -> Run | None:
    if text == material.period.words():
        return refs.period(material)
    item = next((i for i in material.items if _says(i, material, text)), None)
    return refs.occurred(item, material) if item else None


def _says(item: Item, material: Material, text: str) -> bool:
    run = refs.occurred(item, material)
    return run is not None and run.text == text
