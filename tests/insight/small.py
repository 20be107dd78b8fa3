"""Small random installations: a pack, a tree that changes, facts; and a source over them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

from hypothesis import strategies as st

from linli.insight.compile import Question
from linli.insight.engine import Engine
from linli.insight.layout import field_columns
from linli.insight.snapshot import Snapshot
from linli.insight.snapshot.pseudonym import Pseudonyms
from linli.insight.snapshot.source import Partition, QuantityFact, RecordFact, TreeRow
from linli.kernel.quantities import Qualifier, Quantity, flags_of
from linli.packs.registry import Registry, build
from linli.packs.schema import CALENDAR_FIELDS, Field, Indicator, Kind, Measure, Pack, Term
from linli.packs.schema_predicate import Predicate

NAMES = Pseudonyms(b"small")
YEAR = date(2010, 1, 1)
FIELDS = (
    Field(id="level", title="级别", type="level", indexed=True),
    Field(id="sum", title="金额", type="money", indexed=True),
    Field(id="due", title="期限", type="date", indexed=True),
    Field(id="who", title="姓名", type="person", privacy="personal", indexed=True),
)
MEASURES = (
    Measure(id="t.house", title="户数", unit="户"),
    Measure(id="t.money", title="金额", unit="元"),
)
KINDS = tuple(
    Kind(id=f"t.{name}", title=name, domain="A", fields=FIELDS, uses=("t.house", "t.money"))
    for name in ("visit", "study")
)


def registry_of(*indicators: Indicator) -> Registry:
    """A registry with the small pack and these indicators."""
    pack = Pack(
        id="t", version="1", title="t", measures=MEASURES, kinds=KINDS, indicators=indicators
    )
    return build([pack])


def quantity(
    value: str | int | Decimal,
    measure: str = "t.house",
    unit: str = "户",
    q: str = "exact",
    top: int | None = None,
    part: bool = False,
) -> QuantityFact:
    """A quantity of a fact."""
    high = Decimal(top) if top is not None else None
    amount = Quantity(Decimal(value), unit, Qualifier(q), high)
    return QuantityFact(measure, unit, amount.value, amount.lo, amount.hi, flags_of(amount), part)


def record(key: int, day: date = YEAR, **changes: object) -> RecordFact:
    """An event of one day in area 4, unless told otherwise."""
    values: dict[str, object] = {
        "key": key,
        "record": key,
        "area": 4,
        "kind": "t.visit",
        "grain": "event",
        "start": day,
        "end": day,
        "precision": "day",
        "state": "done",
        "late": False,
        "known_from": 1,
        "known_to": None,
        "subject": "",
        "fields": {},
        "quantities": (),
    }
    return RecordFact(**(values | changes))  # type: ignore[arg-type]


@dataclass
class Held:
    """A source held in memory, partitioned as the installation's is."""

    records: Sequence[RecordFact]
    rows: Sequence[TreeRow]
    version: int = 0

    def mark(self) -> str:
        return f"{self.version}-{len(self.records)}"

    def size(self) -> int:
        return len(self.records)

    def partitions(self, buckets: int) -> Mapping[Partition, str]:
        found: dict[Partition, list[int]] = {}
        for fact in self.records:
            found.setdefault(_partition(fact), []).append(fact.key * 10 + (fact.known_to or 0))
        return {place: str(sorted(keys)) for place, keys in found.items()}

    def facts(self, partition: Partition) -> Iterator[RecordFact]:
        return (fact for fact in self.records if _partition(fact) == partition)

    def tree(self) -> Sequence[TreeRow]:
        return self.rows


def _partition(fact: RecordFact) -> Partition:
    day = fact.start or fact.end
    return Partition(fact.area, day.year if day else 0)


# province 1 > district 2 > street 3 > communities 4 and 5 > grid 6 (under 5)
PARENTS = {2: 1, 3: 2, 4: 3, 5: 3, 6: 5}
AREAS = (1, 2, 3, 4, 5, 6)


def tree(moves: Sequence[tuple[int, int, date]] = ()) -> list[TreeRow]:
    """Closure of the five-level tree; ``moves``: (area, new parent, from which day)."""
    days = sorted({day for _, _, day in moves})
    edges = [date.min, *days, date.max]
    rows: list[TreeRow] = []
    for since, until in pairwise(edges):
        parents = PARENTS | {area: parent for area, parent, day in moves if day <= since}
        span = (None if since == date.min else since, None if until == date.max else until)
        for area in AREAS:
            above, seen = area, set()
            while above not in seen:
                seen.add(above)
                rows.append((area, above, *span))
                above = parents.get(above, above)
    return rows


@contextmanager
def engine(
    folder: Path, facts: Sequence[RecordFact], rows: Sequence[TreeRow], registry: Registry
) -> Iterator[Engine]:
    """DuckDB over a fresh snapshot of the facts."""
    columns = field_columns(registry)
    manifest = Snapshot(folder, columns, NAMES).refresh(Held(facts, rows))
    made = Engine(folder, manifest, columns, threads=1)
    try:
        yield made
    finally:
        made.close()


def question(
    registry: Registry,
    made: Engine,
    start: date,
    end: date,
    *targets: int,
    known_at: int | None = None,
) -> Question:
    """A question about a span of days."""
    return Question(
        start=start,
        end=end,
        targets=targets or AREAS,
        columns={c.field: c for c in field_columns(registry)},
        digest=NAMES.text,
        known_at=known_at,
        changes=made.changes(end),
    )


# Random parts -----------------------------------------------------------------------------------

days = st.integers(0, 400).map(lambda n: date(2009, 12, 1) + timedelta(days=n))
amounts = st.one_of(
    st.integers(0, 500).map(Decimal),
    st.decimals(0, 10**9, places=2),
)


@st.composite
def quantities(draw: st.DrawFn) -> QuantityFact:
    measure, unit = draw(st.sampled_from([("t.house", "户"), ("t.money", "元"), ("t.house", "人")]))
    qualifier = draw(st.sampled_from(list(Qualifier)))
    value = draw(amounts)
    top = value + draw(st.integers(0, 9)) if qualifier is Qualifier.RANGE else None
    amount = Quantity(value, unit, qualifier, top)
    part = draw(st.sampled_from([False, False, False, True]))
    return QuantityFact(measure, unit, amount.value, amount.lo, amount.hi, flags_of(amount), part)


@st.composite
def facts(draw: st.DrawFn) -> list[RecordFact]:
    found = []
    for key in range(1, draw(st.integers(0, 14)) + 1):
        start, end = sorted((draw(days), draw(days)))
        grain = draw(st.sampled_from(["event", "event", "summary", "observation"]))
        fields = {
            "level": draw(st.sampled_from(["", "市级", "区级"])),
            "sum": draw(st.sampled_from(["", "10", "200.5"])),
            "due": draw(st.sampled_from(["", "2010-03-01", "2010-06-01"])),
            "who": draw(st.sampled_from(["", "甲", "乙"])),
        }
        known = draw(st.sampled_from([(1, None), (1, None), (3, None), (1, 3)]))
        found.append(
            record(
                key,
                start,
                end=draw(st.sampled_from([start, end])),
                grain=grain,
                fields=fields,
                area=draw(st.sampled_from(AREAS)),
                kind=draw(st.sampled_from(["t.visit", "t.study"])),
                precision=draw(st.sampled_from(["day", "month", "span"])),
                state=draw(st.sampled_from(["done", "done", "ongoing", "planned", "withdrawn"])),
                late=draw(st.booleans()),
                known_from=known[0],
                known_to=known[1],
                subject=draw(st.sampled_from(["a", "b"])),
                quantities=tuple(draw(st.lists(quantities(), max_size=3))),
            )
        )
    return found


predicates = st.recursive(
    st.one_of(
        st.sampled_from(["市级", "区级"]).map(lambda v: Predicate(eq=("level", v))),
        st.sampled_from(["市级", "区级"]).map(lambda v: Predicate(ne=("level", v))),
        st.sampled_from(["甲", "丙"]).map(lambda v: Predicate(eq=("who", v))),
        st.just(Predicate(**{"in": ("@grain", ("event", "summary"))})),
        st.just(Predicate(lt=("sum", 100))),
        st.just(Predicate(between=("due", "2010-01-01", "2010-03-01"))),
        st.sampled_from(["level", "who", "sum"]).map(lambda f: Predicate(is_null=f)),
    ),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda pair: Predicate(**{"and": pair})),
        st.tuples(inner, inner).map(lambda pair: Predicate(**{"or": pair})),
        inner.map(lambda one: Predicate(**{"not": one})),
    ),
    max_leaves=3,
)


@st.composite
def terms(draw: st.DrawFn, *, measured: bool | None = None) -> Term:
    aggs = ["sum", "last", "max", "min", "tally"] if measured else ["count", "distinct"]
    if measured is None:
        aggs = ["count", "distinct", "sum", "last", "max", "min", "tally"]
    agg = draw(st.sampled_from(aggs))
    needs = agg not in ("count", "distinct")
    return Term(
        agg=agg,  # type: ignore[arg-type]
        kinds=draw(st.sampled_from([("t.visit",), ("t.study",), ("t.visit", "t.study")])),
        measure=draw(st.sampled_from(["t.house", "t.money"])) if needs else None,
        field=(
            draw(st.sampled_from(["level", "who", "@day", "@week", "@month", "@year", "@area"]))
            if agg == "distinct"
            else None
        ),
        where=draw(st.one_of(st.none(), st.none(), predicates)),
        span=draw(st.sampled_from(["period", "period", "cumulative", "at_end"])),
        times=draw(st.one_of(st.none(), st.none(), st.just(Term(agg="calendar", every="month")))),
    )


@st.composite
def indicators(draw: st.DrawFn, number: int = 0) -> Indicator:
    is_ratio = draw(st.booleans())
    rollup = "ratio" if is_ratio else draw(st.sampled_from(["additive", "none"]))
    heads = [draw(terms()), *([draw(terms())] if is_ratio else [])]
    dated = any(head.field in CALENDAR_FIELDS for head in heads)
    grains = draw(st.permutations(["event", "summary", "observation"]))[: draw(st.integers(1, 3))]
    return Indicator(
        id=f"t.i{number}",
        title="t",
        definition="",
        unit="户",
        grains=("event",) if dated else tuple(grains),
        numerator=heads[0],
        denominator=heads[1] if is_ratio else None,
        declared=draw(st.one_of(st.none(), terms(measured=True))),
        factor=draw(st.sampled_from([Decimal(1), Decimal(100)])),
        decimals=draw(st.integers(0, 3)),
        rollup=rollup,  # type: ignore[arg-type]
        missing=draw(st.sampled_from(["null", "zero"])),
    )


@st.composite
def batches(draw: st.DrawFn) -> list[Indicator]:
    return [draw(indicators(number)) for number in range(draw(st.integers(1, 5)))]


moves = st.lists(
    st.tuples(st.sampled_from([4, 5, 6]), st.sampled_from([1, 2, 3]), days),
    max_size=2,
    unique_by=lambda move: move[0],
)
