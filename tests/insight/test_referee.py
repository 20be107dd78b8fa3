"""DuckDB and the plain-Python referee agree on every figure, whatever the indicator and the data."""

from __future__ import annotations

import os
import tempfile
from datetime import date
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linli.insight.evaluate import evaluate
from linli.insight.referee import Referee
from linli.insight.snapshot.source import RecordFact, TreeRow
from linli.packs.registry import Registry
from linli.packs.schema import Indicator
from tests.insight import small

EXAMPLES = int(os.environ.get("LINLI_EXAMPLES", "40"))
SPANS = [
    (date(2010, 1, 1), date(2010, 12, 31)),
    (date(2010, 1, 1), date(2010, 3, 31)),
    (date(2010, 2, 28), date(2010, 9, 9)),
]


def agree(
    facts: list[RecordFact],
    tree: list[TreeRow],
    registry: Registry,
    chosen: list[Indicator],
    start: date,
    end: date,
    known_at: int | None,
) -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        small.engine(Path(folder), facts, tree, registry) as engine,
    ):
        question = small.question(registry, engine, start, end, known_at=known_at)
        values = evaluate(engine, registry, chosen, question, keys=True)
        quick = evaluate(engine, registry, chosen, question)
    for value, same in zip(values, quick, strict=True):
        assert (value.quantity, value.basis, value.late) == (same.quantity, same.basis, same.late)
        assert value.proof.text("", 0) == same.proof.text("", 0), f"{value.indicator!r}"
    referee = Referee(facts, tree, registry, start, end, known_at)
    for value in values:
        verdict = referee.verdict(value.indicator, value.target)
        where = f"{value.indicator!r} in {value.target}"
        assert value.quantity == verdict.quantity, f"{value.quantity} {verdict.quantity} {where}"
        assert value.keys == verdict.keys, f"{value.keys} {verdict.keys} {value.quantity} {where}"
        assert value.basis == verdict.basis, where
        assert value.proof.n == len(verdict.keys), where


@settings(
    max_examples=int(__import__("os").environ.get("LINLI_EXAMPLES", "40")),
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
@given(
    small.facts(),
    small.moves,
    small.batches(),
    st.sampled_from(SPANS),
    st.sampled_from([None, None, 1, 2, 3]),
)
def test_random_indicators(
    facts: list[RecordFact],
    moves: list[tuple[int, int, date]],
    chosen: list[Indicator],
    span: tuple[date, date],
    known_at: int | None,
) -> None:
    registry = small.registry_of(*chosen)
    agree(facts, small.tree(moves), registry, chosen, *span, known_at)
