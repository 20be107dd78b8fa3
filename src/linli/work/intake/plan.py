"""How one table is read: title, columns, kind, shape. What a preview shows and a person corrects."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Any

from linli.kernel.errors import Refusal, sentences
from linli.packs.schema import Kind
from linli.work.intake.columns import VALUE_ROLES, Column, read_columns
from linli.work.intake.dating import stated_period
from linli.work.intake.head import Head
from linli.work.intake.header_units import Unit, header_unit
from linli.work.intake.kinds import TableKind, table_kind
from linli.work.intake.lines import Line, address, letters
from linli.work.intake.words import Vocabulary, bare, unit_in_brackets

_DIGITS = re.compile(r"[0-9０-９〇○一二三四五六七八九十]+")
_SCALE = re.compile(r"(?P<of>[\u4e00-\u9fff]{2})?单位[：:](?P<unit>.{1,4}?)(?:[）)、，,；;]|$)")
_ANY_COLUMN = frozenset(("", "金额", "计量", "数量", "货币", "统计", "数据"))
ROLES = (
    "date",
    "cadence",
    "number",
    "title",
    "content",
    "category",
    "object",
    "value",
    "people",
    "households",
    "money",
    "times",
    "measure",
    "unit",
    "place",
    "organiser",
    "partner",
    "level",
    "result",
    "state",
    "person",
    "deadline",
    "remark",
    "identifier",
    "total",
    "field",
    "skip",
)

sentences(
    {
        "intake.mapping.role": (
            "对照里“{header}”一栏的角色“{role}”不认识。",
            "可用的有：{roles}。",
        ),
        "intake.mapping.column": ("对照里的“{header}”在表中没有这一栏。", "表里有：{headers}。"),
    }
)


@dataclass(slots=True)
class TablePlan:
    """The reading of one table. ``skip``: a person said that it holds no work."""

    sheet: str
    ordinal: int
    title: str
    title_cell: str
    head: Head
    columns: list[Column]
    kind: TableKind
    shape: str
    scale: Unit
    skip: bool = False
    rows: int = 0
    records: int = 0

    def first(self, role: str) -> Column | None:
        """The first column of that role."""
        return next((c for c in self.columns if c.role == role), None)

    @property
    def values(self) -> list[Column]:
        """The columns that hold quantities."""
        return [c for c in self.columns if c.role in VALUE_ROLES]

    def as_json(self) -> dict[str, Any]:
        """What a preview shows."""
        kind: Kind = self.kind.kind
        return {
            "sheet": self.sheet,
            "table": self.ordinal + 1,
            "title": self.title,
            "shape": self.shape,
            "kind": kind.id,
            "kind_title": kind.title,
            "varied": self.kind.varied and not self.kind.fixed,
            "confidence": self.kind.confidence,
            "skip": self.skip,
            "rows": self.rows,
            "records": self.records,
            "columns": [
                {
                    "column": letters(c.index),
                    "header": c.header,
                    "role": c.role,
                    "unit": c.unit.name,
                    "factor": c.unit.factor,
                    "confidence": c.confidence,
                }
                for c in self.columns
            ],
        }


def plan_table(
    sheet: str,
    ordinal: int,
    head: Head,
    sample: list[Line],
    words: Vocabulary,
    mappings: Mapping[str, Mapping[str, Any]],
) -> TablePlan:
    """Read head and sample into a plan; a remembered or given mapping of that shape has its way."""
    scale = title_scale(head)
    columns = read_columns(head, sample, words, scale)
    title = next((p for p in head.titles if p.text == head.title), None)
    kind = table_kind(head, sheet, columns, words)
    plan = TablePlan(
        sheet=sheet,
        ordinal=ordinal,
        title=head.title,
        title_cell=address(title.row, title.column) if title else address(head.first_row, 0),
        head=head,
        columns=columns,
        kind=kind,
        shape=shape_of(head.title, columns),
        scale=scale,
    )
    for key in (sheet, f"{sheet}#{ordinal + 1}", plan.shape):
        if key in mappings:
            _apply(plan, mappings[key], words)
    return plan


def shape_of(title: str, columns: list[Column]) -> str:
    """The shape of a sheet: its headers and its title without the figures of this year's."""
    pattern = _DIGITS.sub("#", bare(title))
    period = stated_period(title)
    if period:
        pattern = _DIGITS.sub("#", bare(title).replace(period, "…"))
    parts = [pattern, *(f"{c.index}:{bare(c.header)}" for c in columns)]
    return blake2b("\x1f".join(parts).encode(), digest_size=8).hexdigest()


def title_scale(head: Head) -> Unit:
    """The unit that the title states for its figures: （单位：万元）."""
    for place in head.titles:
        plain = bare(place.text)
        match = _SCALE.search(plain)
        if match and (unit := header_unit((f"（{match['unit']}）",))).name and not unit.weak:
            of = match["of"] or ""
            return unit if of in _ANY_COLUMN else replace(unit, of=of)
        found = unit_in_brackets(plain)
        if found:
            return Unit(found[0], found[1], weak=False)
    return Unit()


def _apply(plan: TablePlan, mapping: Mapping[str, Any], words: Vocabulary) -> None:
    """Put a person's corrections over the plan: kind, skip, and role and unit of columns."""
    if "kind" in mapping:
        words.registry.kind(str(mapping["kind"]))  # refuses an unknown one with the nearest
        plan.kind.fixed = str(mapping["kind"])
    plan.kind.by_category = dict(mapping.get("kinds", {}))
    for kind_id in plan.kind.by_category.values():
        words.registry.kind(str(kind_id))
    plan.skip = bool(mapping.get("skip", False))
    for header, change in dict(mapping.get("columns", {})).items():
        _apply_column(plan, str(header), {"role": change} if isinstance(change, str) else change)


def _apply_column(plan: TablePlan, header: str, change: Mapping[str, Any]) -> None:
    found = [c for c in plan.columns if header in (c.header, c.label, letters(c.index))]
    if not found:
        headers = "、".join(c.header for c in plan.columns if c.header)
        raise Refusal("intake.mapping.column", header=header, headers=headers)
    column = found[0]
    role = str(change.get("role", column.role))
    if role not in ROLES:
        raise Refusal("intake.mapping.role", header=header, role=role, roles="、".join(ROLES))
    unit = column.unit
    if change.get("unit"):
        unit = header_unit((f"（{change['unit']}）",))
    plan.columns[plan.columns.index(column)] = replace(column, role=role, unit=unit, confidence=1.0)
