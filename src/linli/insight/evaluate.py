"""From sums to values: products, ratios, missing values, what was declared instead."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache

from linli.insight import programs
from linli.insight.amounts import plain, product, ratio, scaled, tidy
from linli.insight.compile import Question
from linli.insight.compile.implies import holder
from linli.insight.engine import Engine, Outcome, Sum
from linli.insight.figures import Basis
from linli.insight.fingerprint import Proof
from linli.insight.slots import Batch, Role
from linli.kernel.quantities import (
    FLAG,
    NO_HIGH,
    NO_LOW,
    Qualifier,
    Quantity,
    qualifier_of_flags,
)
from linli.packs.registry import Registry
from linli.packs.schema import Indicator, Term

EXACT = FLAG[Qualifier.EXACT]
_NO_PROOF = Proof(0, 0, 0)


@dataclass(frozen=True, slots=True)
class Value:
    """An indicator's value for one target, before it gets its names."""

    indicator: Indicator
    target: int
    quantity: Quantity | None
    basis: Basis
    numerator: Decimal | None
    denominator: Decimal | None
    proof: Proof
    late: int
    keys: frozenset[int] | None


@dataclass(frozen=True, slots=True)
class _Term:
    quantity: Quantity | None
    sums: tuple[Sum, ...]


def evaluate(
    engine: Engine,
    registry: Registry,
    indicators: Sequence[Indicator],
    question: Question,
    *,
    keys: bool = False,
) -> list[Value]:
    """Evaluate all indicators for all targets in one program; ``keys`` also says which records."""
    asked, program = programs.program(indicators, registry, question, engine.kinds)
    outcome = Outcome({}, {}, {}, {})
    if program is not None:
        outcome = engine.run(program, question, behind=keys)
    targets = question.targets
    if targets is None:
        targets = tuple(sorted({target for _, target in outcome.sums}))
    found: list[Value] = []
    for place, indicator in enumerate(asked.indicators):
        if not keys and _is_plain(indicator):
            found += _plain_values(asked, outcome, place, targets)
        else:
            found += [
                _Evaluation(asked, outcome, question, target).value(place, keys)
                for target in targets
            ]
    return found


def _is_plain(indicator: Indicator) -> bool:
    """One term, taken as it is: then a value is a row of sums and needs no more thought."""
    term = indicator.numerator
    only = indicator.denominator is None and indicator.declared is None and term.times is None
    return only and indicator.factor == 1 and term.agg not in ("distinct", "calendar")


def _plain_values(
    asked: Batch, outcome: Outcome, place: int, targets: Iterable[int]
) -> Iterator[Value]:
    indicator = asked.indicators[place]
    slot = asked.of(place, "numerator")
    number = slot.number if slot is not None else -1
    nothing = Quantity(Decimal(0), indicator.unit) if indicator.missing == "zero" else None
    for target in targets:
        part = outcome.sums.get((number, target))
        if part is None:
            yield Value(indicator, target, nothing, "computed", None, None, _NO_PROOF, 0, None)
            continue
        basis: Basis = "computed" if part.events == part.cells else "declared"
        yield Value(
            indicator,
            target,
            _quantity(part, indicator.unit),
            basis,
            None,
            None,
            Proof(part.n, part.x1, part.x2),
            part.late,
            None,
        )


def _quantity(part: Sum, unit: str) -> Quantity:
    """The quantity of sums, in plain numbers; what ``from_sums`` makes, for many rows."""
    if part.flags == EXACT:
        return Quantity(plain(part.value), unit)
    qualifier = _qualifier(part.flags)
    low = None if part.flags & NO_LOW or part.lo is None else plain(part.lo)
    high = None if part.flags & NO_HIGH or part.hi is None else plain(part.hi)
    if qualifier is Qualifier.RANGE:
        return Quantity(plain(part.value), unit, qualifier, high)
    return Quantity(plain(part.value), unit, qualifier, None, (low, high))


_qualifier = lru_cache(maxsize=512)(qualifier_of_flags)


@dataclass(frozen=True, slots=True)
class _Evaluation:
    batch: Batch
    outcome: Outcome
    question: Question
    target: int

    def value(self, place: int, keys: bool) -> Value:
        indicator = self.batch.indicators[place]
        top = self._term(place, "numerator", indicator.numerator, indicator)
        bottom = self._term(place, "denominator", indicator.denominator, indicator)
        used = [top, bottom]
        quantity = self._combine(indicator, top, bottom)
        numerator, denominator = _number(top), _number(bottom)
        if quantity is None and indicator.declared is not None:
            stated = self._declared(place, indicator)
            if stated.quantity is not None:
                quantity, used = stated.quantity, [stated]
                numerator = denominator = None
        if quantity is None and indicator.missing == "zero" and indicator.denominator is None:
            quantity = Quantity(Decimal(0), indicator.unit)
        sums = [part for term in used for part in term.sums]
        behind = self._behind(sums) if keys else None
        return Value(
            indicator=indicator,
            target=self.target,
            quantity=quantity,
            basis="computed" if all(s.events == s.cells for s in sums) else "declared",
            numerator=numerator if indicator.denominator is not None else None,
            denominator=denominator if indicator.denominator is not None else None,
            proof=Proof.of(behind) if behind is not None else self._proof(place, sums),
            late=sum(s.late for s in sums),
            keys=behind,
        )

    def _combine(self, indicator: Indicator, top: _Term, bottom: _Term) -> Quantity | None:
        if indicator.denominator is None:
            if top.quantity is None or indicator.factor == 1:
                return top.quantity
            return tidy(scaled(top.quantity, indicator.factor, indicator.unit))
        if bottom.quantity is None:
            return None
        above = top.quantity
        if above is None:
            if indicator.missing != "zero":
                return None
            above = Quantity(Decimal(0), indicator.unit)
        found = ratio(above, bottom.quantity, indicator.factor, indicator.decimals, indicator.unit)
        return found if found is None else tidy(found)

    def _declared(self, place: int, indicator: Indicator) -> _Term:
        """A rate that an office states: of one area, for rates of several areas cannot be added."""
        found = self._term(place, "declared", indicator.declared, indicator)
        return found if all(s.first_area == s.last_area for s in found.sums) else _Term(None, ())

    def _term(self, place: int, role: Role, term: Term | None, indicator: Indicator) -> _Term:
        quantity: Quantity | None = None
        sums: list[Sum] = []
        depth = 0
        while term is not None:
            found, part = self._factor(place, role, depth, term, indicator.unit)
            if found is None:
                return _Term(None, ())
            if part is not None:
                sums.append(part)
            if quantity is None:
                quantity = found
            else:
                quantity = tidy(product(quantity, found, indicator.unit))
            term, depth = term.times, depth + 1
        return _Term(quantity, tuple(sums))

    def _factor(
        self, place: int, role: Role, depth: int, term: Term, unit: str
    ) -> tuple[Quantity | None, Sum | None]:
        if term.agg == "calendar":
            count = begun(term.every or "day", self.question.start, self.question.end)
            return Quantity(Decimal(count), unit), None
        slot = self.batch.of(place, role, depth)
        part = self.outcome.sums.get((slot.number, self.target)) if slot is not None else None
        if slot is None or part is None:
            return None, None
        if term.agg == "distinct":
            count = self.outcome.entities.get((slot.number, self.target), 0)
            return Quantity(Decimal(count), unit), part
        return _quantity(part, unit), part

    def _proof(self, place: int, sums: Sequence[Sum]) -> Proof:
        """Of the term that holds all records; of several terms the one computed for them."""
        if not sums:
            return _NO_PROOF
        if len({part.slot for part in sums}) == 1:
            return Proof(sums[0].n, sums[0].x1, sums[0].x2)
        slot = holder(self.batch, place)
        for part in sums:
            if slot is not None and part.slot == slot.number:
                return Proof(part.n, part.x1, part.x2)
        return self.outcome.proofs.get((place, self.target), _NO_PROOF)

    def _behind(self, sums: Iterable[Sum]) -> frozenset[int]:
        found: set[int] = set()
        for part in sums:
            found |= self.outcome.behind.get((part.slot, self.target), frozenset())
        return frozenset(found)


def begun(every: str, start: date, end: date) -> int:
    """How many days, weeks (Mondays), months, quarters, halves or years begin from start to end."""
    days = (start + timedelta(days=n) for n in range((end - start).days + 1))
    match every:
        case "day":
            return (end - start).days + 1
        case "week":
            return sum(d.weekday() == 0 for d in days)
        case _:
            months = {"month": 1, "quarter": 3, "half": 6, "year": 12}[every]
            return sum(d.day == 1 and (d.month - 1) % months == 0 for d in days)


def _number(term: _Term) -> Decimal | None:
    return plain(term.quantity.value) if term.quantity is not None else None
