"""The closed condition language of packs as SQL expressions, with SQL's three-valued logic."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from functools import reduce

from sqlglot import exp

from linli.insight.layout import ColumnType, FieldColumn
from linli.kernel.errors import Refusal, sentences
from linli.packs.schema_predicate import Predicate, Scalar

sentences(
    {
        "insight.condition.unknown": (
            "指标的条件读了字段 {field}，快照里没有这个字段。",
            "在业务包里给事项加上这个字段，或改正条件。",
        ),
        "insight.condition.hidden": (
            "指标的条件要比较字段 {field} 的大小，但这个字段只存密文。",
            "只用 eq、ne、in、is_null 比较它，或把字段类型改为 choice、date、money。",
        ),
    }
)

BUILT_IN: Mapping[str, str] = {"@grain": "grain", "@state": "state", "@kind": "kind"}
_COMPARE: Mapping[str, type[exp.Binary]] = {
    "eq": exp.EQ,
    "ne": exp.NEQ,
    "lt": exp.LT,
    "le": exp.LTE,
}
Digest = Callable[[str], str]


def compile_predicate(
    where: Predicate, columns: Mapping[str, FieldColumn], digest: Digest
) -> exp.Expr:
    """Return ``where`` as an expression over the columns of the rows that are called ``b``."""
    return _Compiler(columns, digest).visit(where)


class _Compiler:
    def __init__(self, columns: Mapping[str, FieldColumn], digest: Digest) -> None:
        self._columns = columns
        self._digest = digest

    def visit(self, where: Predicate) -> exp.Expr:
        match where.op:
            case "and":
                parts = [self.visit(part) for part in where.and_ or ()]
                return exp.paren(reduce(lambda a, b: exp.And(this=a, expression=b), parts))
            case "or":
                parts = [self.visit(part) for part in where.or_ or ()]
                return exp.paren(reduce(lambda a, b: exp.Or(this=a, expression=b), parts))
            case "not" if where.not_ is not None:
                return exp.Not(this=exp.paren(self.visit(where.not_)))
            case "is_null":
                column, _ = self._column(str(where.is_null))
                return exp.paren(exp.Is(this=column, expression=exp.Null()))
            case _:
                return exp.paren(self._compare(where))

    def _compare(self, where: Predicate) -> exp.Expr:
        if where.in_ is not None:
            column, kind = self._column(where.in_[0])
            return exp.In(this=column, expressions=[self._literal(v, kind) for v in where.in_[1]])
        if where.between is not None:
            name, low, high = where.between
            column, kind = self._ordered(name)
            return exp.Between(
                this=column, low=self._literal(low, kind), high=self._literal(high, kind)
            )
        pair = where.eq or where.ne or where.lt or where.le
        if pair is None:
            raise ValueError(where.op)  # an operator that packs know and we do not
        ordered = where.op in ("lt", "le")
        column, kind = self._ordered(pair[0]) if ordered else self._column(pair[0])
        return _COMPARE[where.op](this=column, expression=self._literal(pair[1], kind))

    def _column(self, name: str) -> tuple[exp.Expr, ColumnType]:
        if name in BUILT_IN:
            return exp.column(BUILT_IN[name], "b"), "text"
        column = self._columns.get(name)
        if column is None:
            raise Refusal("insight.condition.unknown", field=name)
        return exp.column(column.name, "b"), column.type

    def _ordered(self, name: str) -> tuple[exp.Expr, ColumnType]:
        column, kind = self._column(name)
        if kind == "digest":
            raise Refusal("insight.condition.hidden", field=name)
        return column, kind

    def _literal(self, value: Scalar, kind: ColumnType) -> exp.Expr:
        match kind:
            case "date":
                return day(date.fromisoformat(str(value)))
            case "decimal":
                return decimal(Decimal(str(value)))
            case "digest":
                return exp.Literal.string(self._digest(scalar_text(value)))
            case _:
                return exp.Literal.string(scalar_text(value))


def scalar_text(value: Scalar) -> str:
    """A condition's value as records keep it in text."""
    if isinstance(value, bool):
        return "是" if value else "否"
    return str(value)


def day(value: date) -> exp.Expr:
    """A DATE literal that every engine reads alike."""
    return exp.cast(exp.Literal.string(value.isoformat()), "DATE")


def decimal(value: Decimal) -> exp.Expr:
    """A DECIMAL(38,6) literal."""
    return exp.cast(exp.Literal.string(f"{value:f}"), "DECIMAL(38, 6)")


def strings(values: tuple[str, ...]) -> list[exp.Expr]:
    """Text literals, for an IN list."""
    return [exp.Literal.string(value) for value in values]
