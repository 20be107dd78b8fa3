"""Columns of the snapshot: what the tables are called and which declared fields they carry.

The tables hold keys, pseudonyms, dates, codes and numbers. A field that could name somebody
(free text, an organisation, a place, a person, or any field that is not ``plain``) is kept only as
a keyed digest: it can be counted and compared, never read.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from linli.packs.registry import Registry
from linli.packs.schema import Field, Term
from linli.packs.schema_predicate import Predicate

ColumnType = Literal["text", "digest", "date", "decimal"]

OPEN = 9223372036854775807
"""``known_to`` of a row that is known until further notice (the largest BIGINT)."""

RECORD_COLUMNS: tuple[tuple[str, str], ...] = (
    ("key", "BIGINT"),
    ("record", "BIGINT"),
    ("area", "BIGINT"),
    ("kind", "VARCHAR"),
    ("grain", "VARCHAR"),
    ("first_day", "DATE"),
    ("last_day", "DATE"),
    ("precision", "VARCHAR"),
    ("state", "VARCHAR"),
    ("late", "BOOLEAN"),
    ("known_from", "BIGINT"),
    ("known_to", "BIGINT"),
    ("subject", "BIGINT"),
)
QUANTITY_COLUMNS: tuple[tuple[str, str], ...] = (
    *RECORD_COLUMNS,
    ("measure", "VARCHAR"),
    ("unit", "VARCHAR"),
    ("value", "DECIMAL(38,6)"),
    ("lo", "DECIMAL(38,6)"),
    ("hi", "DECIMAL(38,6)"),
    ("flags", "INTEGER"),
    ("part", "BOOLEAN"),
    ("nth", "INTEGER"),
)
TREE_COLUMNS: tuple[tuple[str, str], ...] = (
    ("area", "BIGINT"),
    ("ancestor", "BIGINT"),
    ("since", "DATE"),
    ("until", "DATE"),
)
CALENDAR_COLUMNS: tuple[tuple[str, str], ...] = (
    ("day", "DATE"),
    ("workday", "BOOLEAN"),
    ("ordinal", "INTEGER"),
    ("lunar_month", "INTEGER"),
    ("lunar_day", "INTEGER"),
    ("iso_year", "INTEGER"),
    ("iso_week", "INTEGER"),
    ("month", "INTEGER"),
    ("quarter", "INTEGER"),
    ("year", "INTEGER"),
)

_READABLE: dict[str, ColumnType] = {
    "choice": "text",
    "level": "text",
    "cadence": "text",
    "date": "date",
    "money": "decimal",
}
_SQL: dict[ColumnType, str] = {
    "text": "VARCHAR",
    "digest": "VARCHAR",
    "date": "DATE",
    "decimal": "DECIMAL(38,6)",
}


@dataclass(frozen=True, slots=True, order=True)
class FieldColumn:
    """A field projected into a column; kinds that share a field id share the column."""

    field: str
    type: ColumnType

    @property
    def name(self) -> str:
        """Name of the column in the tables."""
        return "f_" + self.field.replace(".", "__")

    @property
    def sql(self) -> str:
        """SQL type of the column."""
        return _SQL[self.type]


def field_columns(registry: Registry) -> tuple[FieldColumn, ...]:
    """Columns for the fields that are indexed or that an indicator reads, in a stable order."""
    read = _fields_read(registry)
    types: dict[str, set[ColumnType]] = {}
    for kind in registry.kinds.values():
        for field in kind.fields:
            if field.indexed or field.id in read:
                types.setdefault(field.id, set()).add(_type(field))
    return tuple(sorted(FieldColumn(name, _common(seen)) for name, seen in types.items()))


def _type(field: Field) -> ColumnType:
    if field.privacy != "plain":
        return "digest"
    return _READABLE.get(field.type, "digest")


def _common(types: set[ColumnType]) -> ColumnType:
    """One type for a shared column: the most secretive that any of its kinds asks for."""
    if "digest" in types:
        return "digest"
    return types.pop() if len(types) == 1 else "text"


def _fields_read(registry: Registry) -> frozenset[str]:
    names: set[str] = set()
    for indicator in registry.all_indicators or registry.indicators.values():
        for term in _terms((indicator.numerator, indicator.denominator, indicator.declared)):
            names |= _predicate_fields(term.where)
            if term.field is not None:
                names.add(term.field)
    return frozenset(name for name in names if not name.startswith("@"))


def _terms(heads: Iterable[Term | None]) -> list[Term]:
    found: list[Term] = []
    for head in heads:
        while head is not None:
            found.append(head)
            head = head.times
    return found


def _predicate_fields(where: Predicate | None) -> frozenset[str]:
    return where.fields() if where is not None else frozenset()
