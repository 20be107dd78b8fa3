"""Every indicator of the base pack: DuckDB and the referee agree on records of every kind."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from linli.insight.evaluate import evaluate
from linli.insight.referee import Referee
from linli.insight.snapshot.source import QuantityFact, RecordFact
from linli.kernel.quantities import Qualifier, Quantity, flags_of
from linli.packs.load import BASE, load
from linli.packs.registry import Registry
from linli.packs.schema import Kind, Measure
from tests.insight import small


def _facts(registry: Registry, seed: int) -> list[RecordFact]:
    """Three records of each kind, in any grain, with fields and measures that it declares."""
    draw = random.Random(seed)
    kinds = [kind for kind in registry.kinds.values() for _ in range(3)]
    return [_fact(key, kind, draw) for key, kind in enumerate(kinds, 1)]


def _fact(key: int, kind: Kind, draw: random.Random) -> RecordFact:
    start = date(2009, 11, 1) + timedelta(days=draw.randrange(450))
    grain = draw.choice([kind.grain, kind.grain, "event", "summary", "observation"])
    length = draw.choice([0, 0, 30]) if grain != "observation" else 0
    fields = {
        field.id: draw.choice(field.options) if field.options else draw.choice(["甲", "乙"])
        for field in kind.fields
        if draw.random() < 0.7
    }
    measures = [measure for measure in kind.measures if draw.random() < 0.6]
    return small.record(
        key,
        start,
        end=start + timedelta(days=length),
        area=draw.choice((4, 4, 5, 6, 3)),
        kind=kind.id,
        grain=grain,
        fields=fields,
        subject=draw.choice(["a", "b", "c"]),
        state=draw.choice(["done", "done", "done", "planned"]),
        quantities=tuple(_quantity(measure, draw) for measure in measures),
    )


def _quantity(measure: Measure, draw: random.Random) -> QuantityFact:
    qualifier = draw.choice([Qualifier.EXACT, Qualifier.EXACT, Qualifier.OVER, Qualifier.ABOUT])
    q = Quantity(Decimal(draw.randrange(1, 300)), measure.unit, qualifier)
    return QuantityFact(measure.id, q.unit, q.value, q.lo, q.hi, flags_of(q))


@pytest.mark.parametrize("seed", [1, 2])
def test_all_agree(tmp_path: Path, seed: int) -> None:
    registry = load([BASE])
    facts, tree = _facts(registry, seed), small.tree([(6, 4, date(2010, 7, 1))])
    span = date(2010, 1, 1), date(2010, 12, 31)
    chosen = list(registry.indicators.values())
    with small.engine(tmp_path, facts, tree, registry) as engine:
        question = small.question(registry, engine, *span, 1, 5)
        values = evaluate(engine, registry, chosen, question, keys=True)
    referee = Referee(facts, tree, registry, *span)
    counted = 0
    for value in values:
        verdict = referee.verdict(value.indicator, value.target)
        where = f"{value.indicator.id} in {value.target}"
        assert value.quantity == verdict.quantity, where
        assert value.keys == verdict.keys, where
        counted += bool(value.keys)
    assert counted > len(chosen) / 2  # most indicators had something to count
