"""Linli's own way: compiled indicators over the snapshot, values as figures have them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import Any

from bench.child import digest
from bench.indicators.shapes import END, SHAPES, START
from linli.insight.compile import Question
from linli.insight.engine import Engine
from linli.insight.evaluate import Value, Values, evaluate
from linli.insight.layout import field_columns
from linli.insight.snapshot.manifest import NAME, read
from linli.insight.snapshot.pseudonym import Pseudonyms
from linli.kernel.quantities import Quantity
from linli.packs.load import registry

Answers = list[tuple[Any, ...]]


def answer(
    folder: str, prove: bool = True, shapes: list[str] | None = None, together: bool = False
) -> dict[str, Any]:
    """Evaluate each shape for every area of the tree; ``together``: all shapes in one program."""
    place = Path(folder)
    known = registry(place)
    columns = field_columns(known)
    manifest = read(place / NAME)
    if manifest is None:
        raise FileNotFoundError(place / NAME)
    began = perf_counter()
    engine = Engine(place, manifest, columns)
    question = Question(
        start=date.fromisoformat(START),
        end=date.fromisoformat(END),
        targets=None,
        columns={column.field: column for column in columns},
        digest=Pseudonyms(b"bench").text,
        changes=engine.changes(date.fromisoformat(END)),
        prove=prove,
    )
    seconds = {"open": perf_counter() - began}
    values: dict[str, Values] = {}
    wanted = {name: SHAPES[name] for name in shapes or SHAPES}
    if together:
        wanted = {"all": tuple(name for names in wanted.values() for name in names)}
    for shape, names in wanted.items():
        began = perf_counter()
        values[shape] = evaluate(engine, known, [known.indicator(n) for n in names], question)
        seconds[shape] = perf_counter() - began
    engine.close()
    found = _by_shape(values)
    return {"seconds": seconds, "answers": {k: digest(v) for k, v in found.items()}}


def _by_shape(values: dict[str, Values]) -> dict[str, Answers]:
    of = {name: shape for shape, names in SHAPES.items() for name in names}
    found: dict[str, Answers] = {}
    for value in (value for several in values.values() for value in several):
        if value.quantity is not None:
            rows = found.setdefault(of[value.indicator.id], [])
            rows.append((value.indicator.id, value.target, *_row(value)))
    return found


def _row(value: Value) -> Iterable[Any]:
    """Numerator and denominator of a ratio, else value and bounds; all contenders give these."""
    if value.denominator is not None:
        return value.numerator, value.denominator
    quantity = value.quantity
    return (quantity.value, *bounds(quantity)) if quantity is not None else ()


def bounds(quantity: Quantity) -> tuple[Any, Any]:
    """The lower and upper end."""
    return quantity.lo, quantity.hi
