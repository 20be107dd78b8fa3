"""Put the parts together: one program for all indicators of a batch."""

from __future__ import annotations

from collections.abc import Callable

from sqlglot import exp

from linli.insight.compile.groups import Group, group
from linli.insight.compile.implies import holder
from linli.insight.compile.leaf import entities, leaf
from linli.insight.compile.question import Program, Question
from linli.insight.compile.rollup import (
    BEHIND,
    COUNTED,
    COUNTED_EVENTS,
    ENTITIES,
    FIRST,
    PROOFS,
    STEPS,
    SUMS,
    scope,
    slots_in,
)
from linli.insight.compile.rows import slotted
from linli.insight.compile.skeleton import shape, union
from linli.insight.slots import Batch, Slot

__all__ = ["Program", "Question", "compile_batch"]

_CELL = "slot, area, at_day, grain, from_day, to_day"


def compile_batch(batch: Batch, question: Question, dialect: str = "duckdb") -> Program | None:
    """Return the program that evaluates ``batch``; None if no term reads records."""
    groups = group(batch.slots)
    if not groups:
        return None
    steps = [("scope", scope(question))]
    named = entities(groups, question, batch)
    if named is not None:
        steps.append(("entities", named))
    sums = leaf(groups, question, batch)
    plain = all(one.grains == ("event",) for one in groups)
    steps += [("best", sums)] if plain else [("leaf", sums), *_climb()]

    def write(tree: exp.Expr) -> str:
        return tree.sql(dialect=dialect, copy=False)

    return Program(
        steps=tuple((name, write(tree)) for name, tree in steps),
        counted=write(shape(COUNTED_EVENTS if plain else COUNTED)),
        results=tuple(write(tree) for tree in _results(batch.slots)),
        entities=None if named is None else write(shape(ENTITIES)),
        proofs=_written_proofs(batch, question, write) if question.prove else None,
        behind=write(union([_behind(g, question, batch) for g in groups])),
    )


def _climb() -> list[tuple[str, exp.Expr]]:
    """What decides between grains and totals; single events leave nothing to decide."""
    return [(name, shape(text)) for name, text in STEPS]


def _written_proofs(
    batch: Batch, question: Question, write: Callable[[exp.Expr], str]
) -> str | None:
    """Only for indicators whose terms may read the same records; others have it in their sums."""
    places = {slot.indicator for slot in batch.slots if slot.role != "declared"}
    wanted = {place for place in places if holder(batch, place) is None}
    slots = tuple(s for s in batch.slots if s.indicator in wanted and s.role != "declared")
    if not slots:
        return None
    pairs = sorted({(slot.number, slot.indicator) for slot in slots})
    names = exp.values(pairs, "v", ["slot", "indicator"])
    behind = union([_behind(g, question, batch) for g in group(slots)])
    return write(shape(PROOFS, behind=behind, indicators=exp.select("*").from_(names)))


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
            found.append(shape(SUMS, rows=_first_rows(order, numbers)))
    return found


def _first_rows(order: str, numbers: list[int]) -> exp.Expr:
    """The row with the greatest or least value of each slot and target."""
    return shape(FIRST.format(order=order), wanted=slots_in(numbers))


def _behind(group: Group, question: Question, batch: Batch) -> exp.Expr:
    """Target, slot and key of every record that a figure counts."""
    rows = shape(f"SELECT {_CELL}, key FROM rows AS r", rows=slotted(group, question, batch))
    if group.mode not in ("max", "min"):
        return shape(BEHIND, rows=rows)
    order = "DESC" if group.mode == "max" else "ASC"
    numbers = sorted({s.number for s in group.slots})
    return shape(BEHIND, rows=rows, counted=_first_rows(order, numbers))
