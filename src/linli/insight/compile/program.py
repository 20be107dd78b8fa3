"""Put the parts together: one program for all indicators of a batch."""

from __future__ import annotations

from sqlglot import exp

from linli.insight.compile.groups import Group, group
from linli.insight.compile.leaf import entity_rows, leaf, slot_map
from linli.insight.compile.question import Program, Question
from linli.insight.compile.rollup import (
    BEHIND,
    ENTITIES,
    FIRST,
    STEPS,
    SUMS,
    scope,
    slots_in,
)
from linli.insight.compile.rows import slotted
from linli.insight.compile.skeleton import shape, union
from linli.insight.slots import Batch, Slot

__all__ = ["Program", "Question", "compile_batch"]


def compile_batch(batch: Batch, question: Question, dialect: str = "duckdb") -> Program | None:
    """Return the program that evaluates ``batch``; None if no term reads records."""
    groups = group(batch.slots)
    if not groups:
        return None
    steps = [("scope", scope(question)), ("leaf", _leaf(groups, question, batch))]
    steps += [(name, shape(text)) for name, text in STEPS]
    distinct = [g for g in groups if g.mode == "distinct"]
    if distinct:
        steps.append(("entities", _entities(distinct, question, batch)))

    def write(tree: exp.Expr) -> str:
        return tree.sql(dialect=dialect)

    return Program(
        steps=tuple((name, write(tree)) for name, tree in steps),
        results=tuple(write(tree) for tree in _results(batch.slots)),
        entities=write(shape(ENTITIES)) if distinct else None,
        behind=write(_behind(groups, question, batch)),
    )


def _leaf(groups: tuple[Group, ...], question: Question, batch: Batch) -> exp.Expr:
    return union([leaf(g, question, batch) for g in groups])


def _entities(groups: list[Group], question: Question, batch: Batch) -> exp.Expr:
    rows = [entity_rows(g, question, slot_map(g, batch)) for g in groups]
    keep = (
        "SELECT DISTINCT slot, area, at_day, grain, from_day, to_day, entity FROM rows AS r"
        " WHERE entity IS NOT NULL"
    )
    return union([shape(keep, rows=tree) for tree in rows])


def _results(slots: tuple[Slot, ...]) -> list[exp.Expr]:
    """Sums of slots that add; the first row of slots that pick."""
    found = []
    summed = sorted({s.number for s in slots if s.agg not in ("max", "min")})
    if summed:
        rows = shape("SELECT * FROM counted WHERE :wanted", wanted=slots_in(summed))
        found.append(shape(SUMS, rows=rows))
    for agg, order in (("max", "DESC"), ("min", "ASC")):
        numbers = sorted({s.number for s in slots if s.agg == agg})
        if numbers:
            found.append(shape(SUMS, rows=first_rows(order, numbers)))
    return found


def first_rows(order: str, numbers: list[int]) -> exp.Expr:
    """The row with the greatest or least value of each slot and target."""
    return shape(FIRST.format(order=order), wanted=slots_in(numbers))


def _behind(groups: tuple[Group, ...], question: Question, batch: Batch) -> exp.Expr:
    """Target, slot and key of every record that a figure counts."""
    found = []
    for g in groups:
        names = slot_map(g, batch)
        rows = (
            entity_rows(g, question, names) if g.mode == "distinct" else slotted(g, question, names)
        )
        if g.mode == "distinct":
            rows = shape("SELECT * FROM rows AS r WHERE entity IS NOT NULL", rows=rows)
        columns = "slot, key, area, at_day, grain, from_day, to_day"
        rows = shape(f"SELECT {columns} FROM rows AS r", rows=rows)
        counted = "counted"
        if g.mode in ("max", "min"):
            order = "DESC" if g.mode == "max" else "ASC"
            numbers = sorted({s.number for s in g.slots})
            found.append(
                shape(BEHIND.format(counted="first"), rows=rows, first=first_rows(order, numbers))
            )
            continue
        found.append(shape(BEHIND.format(counted=counted), rows=rows))
    return union(found)
