"""Counters of one term of an indicator, fed deed by deed while the year is made.

They know nothing of insight: no SQL, no snapshot, no tree of areas. What counts is written in
docs/indicators.md, and here it is said once more in the plainest way for one community.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from linli.packs.schema import Term
from linli.packs.schema_predicate import Predicate
from linli.work.simulation.deeds import Deed

_ZERO = Decimal(0)
_OPEN = Decimal("Infinity")

Months = tuple[int, int]
"""The months of the first and the last day: every span of this simulation is one of whole months."""


@dataclass(slots=True)
class Sum:
    """A running sum: as written with its bounds, as it truly was, and of how many records."""

    value: Decimal = _ZERO
    lo: Decimal = _ZERO
    hi: Decimal = _ZERO
    truth: Decimal = _ZERO
    records: int = 0

    def add(self, other: Sum) -> None:
        """Add another sum."""
        self.value += other.value
        self.lo += other.lo
        self.hi += other.hi
        self.truth += other.truth
        self.records += other.records


def one(count: int = 1) -> Sum:
    """So many things, counted exactly."""
    number = Decimal(count)
    return Sum(number, number, number, number, 1)


def stated(deed: Deed, measure: str) -> Sum | None:
    """What a deed states of a measure."""
    amount = deed.amount(measure)
    if amount is None:
        return None
    said = amount.written
    low = -_OPEN if said.lo is None else said.lo
    high = _OPEN if said.hi is None else said.hi
    return Sum(said.value, low, high, amount.truth, 1)


def amount_of(term: Term, deed: Deed) -> Sum | None:
    """What a deed adds to a term; None: nothing, and it is not behind the figure either."""
    if term.agg in ("count", "distinct"):
        return one()
    found = stated(deed, term.measure or "")
    if found is None and term.agg == "tally" and deed.grain == "event":
        return one()
    return found


def holds(where: Predicate | None, deed: Deed) -> bool:
    """Whether a deed meets a condition; a comparison with a blank field is not met."""
    return where is None or _truth(where, deed) is True


def _truth(where: Predicate, deed: Deed) -> bool | None:
    if where.and_ is not None:
        return _all([_truth(part, deed) for part in where.and_])
    if where.or_ is not None:
        return _not(_all([_not(_truth(part, deed)) for part in where.or_]))
    if where.not_ is not None:
        return _not(_truth(where.not_, deed))
    if where.is_null is not None:
        return _field(where.is_null, deed) is None
    if where.in_ is not None:
        said = _field(where.in_[0], deed)
        return None if said is None else said in map(str, where.in_[1])
    pair = where.eq or where.ne
    if pair is None:
        raise ValueError(f"the simulation cannot judge {where}")
    said = _field(pair[0], deed)
    return None if said is None else (said == str(pair[1])) is (where.eq is not None)


def _field(name: str, deed: Deed) -> str | None:
    built_in = {"@grain": deed.grain, "@state": deed.state, "@kind": deed.kind.id}
    return built_in.get(name) or deed.fields.get(name) or None


def _all(values: list[bool | None]) -> bool | None:
    if False in values:
        return False
    return None if None in values else True


def _not(value: bool | None) -> bool | None:
    return None if value is None else not value


def thing(name: str, deed: Deed) -> str | None:
    """What is counted once: the value of a field, or the day, week, month, quarter it is of."""
    day = deed.first
    match name:
        case "@day":
            return day.isoformat()
        case "@week":
            return "{}-{}".format(*day.isocalendar()[:2])
        case "@month":
            return f"{day.year}-{day.month}"
        case "@quarter":
            return f"{day.year}-{(day.month - 1) // 3}"
        case _:
            return deed.fields.get(name) or None


@dataclass(slots=True)
class Bucket:
    """What was counted of one grain in the same months."""

    sum: Sum = field(default_factory=Sum)
    things: set[str] = field(default_factory=set)


class FlowCount:
    """Counts what happens: by grain and months."""

    def __init__(self, term: Term) -> None:
        self._term = term
        self._buckets: defaultdict[str, dict[Months, Bucket]] = defaultdict(dict)

    def see(self, deed: Deed) -> None:
        """Count a deed if the term asks for it."""
        amount = amount_of(self._term, deed)
        named = thing(self._term.field, deed) if self._term.field else ""
        if amount is None or named is None or not holds(self._term.where, deed):
            return
        months = (deed.first.month, deed.last.month)
        bucket = self._buckets[deed.grain].setdefault(months, Bucket())
        bucket.sum.add(amount)
        bucket.things.add(named)

    def inside(self, grain: str, months: Months) -> dict[Months, Bucket]:
        """What lies inside the months of a period."""
        first, last = months
        kept = self._buckets.get(grain, {})
        return {span: b for span, b in kept.items() if first <= span[0] and span[1] <= last}

    def total(self, buckets: Iterable[Bucket]) -> Sum | None:
        """The sum of buckets; of things counted once how many there are."""
        found = Sum()
        things: set[str] = set()
        for bucket in buckets:
            found.add(bucket.sum)
            things |= bucket.things
        if not found.records:
            return None
        if self._term.agg == "distinct":
            counted = one(len(things))
            counted.records = found.records
            return counted
        return found


@dataclass(frozen=True, slots=True)
class State:
    """A state as it was observed on a day; `place` is its order of writing."""

    day: date
    place: int
    subject: tuple[str, str]
    fits: bool
    amount: Sum
    thing: str | None


class StockCount:
    """Counts what stands at the end of a period: of each thing its newest state."""

    def __init__(self, term: Term) -> None:
        self._term = term
        self._states: defaultdict[str, list[State]] = defaultdict(list)
        self._seen = 0

    def see(self, deed: Deed) -> None:
        """Remember a state."""
        self._seen += 1
        amount = amount_of(self._term, deed)
        if amount is None:
            return
        name = deed.fields.get(deed.kind.titled_by or "") or f"#{deed.number}"
        named = thing(self._term.field, deed) if self._term.field else ""
        fits = holds(self._term.where, deed)
        state = State(deed.last, self._seen, (deed.kind.id, name), fits, amount, named)
        self._states[deed.grain].append(state)

    def at_end(self, grains: tuple[str, ...], end: date) -> Sum | None:
        """The stock on the last day of a period, by the first grain that says anything."""
        for grain in grains:
            known = [one for one in self._states.get(grain, ()) if one.day <= end]
            found = self._of(known, grain)
            if found is not None:
                return found
        return None

    def _of(self, known: list[State], grain: str) -> Sum | None:
        if self._term.agg == "last":
            fitting = [one for one in known if one.fits]
            return max(fitting, key=lambda s: (s.day, s.place)).amount if fitting else None
        standing = [s for s in (_newest(known) if grain == "observation" else known) if s.fits]
        if self._term.agg == "distinct":
            standing = [one for one in standing if one.thing is not None]
        if not standing:
            return None
        if self._term.agg in ("min", "max"):
            sign = 1 if self._term.agg == "max" else -1
            return max(standing, key=lambda s: sign * s.amount.value).amount
        found = Sum()
        for state in standing:
            found.add(state.amount)
        if self._term.agg == "distinct":
            counted = one(len({state.thing for state in standing}))
            counted.records = found.records
            return counted
        return found


def _newest(states: list[State]) -> list[State]:
    newest: dict[tuple[str, str], date] = {}
    for state in states:
        newest[state.subject] = max(newest.get(state.subject, state.day), state.day)
    return [state for state in states if state.day == newest[state.subject]]
