"""From sums to values: products, ratios, missing values, what was declared instead."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple, overload

from linli.insight import programs
from linli.insight.amounts import plain, product, ratio, scaled, tidy
from linli.insight.compile import Question
from linli.insight.compile.implies import holder
from linli.insight.engine import Engine, Outcome, Sum, Sums
from linli.insight.figures import Basis
from linli.insight.fingerprint import Proof
from linli.insight.slots import Batch, Role, terms
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


class Value(NamedTuple):
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


class _Term(NamedTuple):
    quantity: Quantity | None
    sums: tuple[Sum, ...]


_NOTHING = _Term(None, ())


class Values(Sequence[Value]):
    """Values of several indicators for several targets, each made when it is asked for.

    In the order of the indicators, and of the targets within an indicator.
    """

    def __init__(self, evaluations: Sequence[_Evaluation], targets: Sequence[int]) -> None:
        self._evaluations = evaluations
        self._targets = targets

    def __len__(self) -> int:
        return len(self._evaluations) * len(self._targets)

    @overload
    def __getitem__(self, place: int) -> Value: ...
    @overload
    def __getitem__(self, place: slice) -> list[Value]: ...
    def __getitem__(self, place: int | slice) -> Value | list[Value]:
        if isinstance(place, slice):
            return [self[one] for one in range(*place.indices(len(self)))]
        which, target = divmod(range(len(self))[place], len(self._targets))
        return self._evaluations[which].value(self._targets[target])


def evaluate(
    engine: Engine,
    registry: Registry,
    indicators: Sequence[Indicator],
    question: Question,
    *,
    keys: bool = False,
) -> Values:
    """Evaluate all indicators for all targets in one program; ``keys`` also says which records."""
    asked, program = programs.program(indicators, registry, question, engine.sorts)
    outcome = Outcome(Sums(()), {}, {}, {})
    if program is not None:
        outcome = engine.run(program, question, behind=keys)
    targets = question.targets
    if targets is None:
        targets = outcome.sums.targets()
    places = range(len(asked.indicators))
    return Values([_Evaluation.of(asked, p, outcome, question, keys) for p in places], targets)


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
    """One indicator; what holds for all targets is found out once.

    ``terms``: the factors of each role with the number of their slot, None where no records can be.
    ``holder``: the slot whose records are all records behind the indicator, if there is such a one.
    """

    indicator: Indicator
    place: int
    terms: Mapping[Role, tuple[tuple[Term, int | None], ...]]
    holder: int | None
    outcome: Outcome
    question: Question
    keys: bool

    @classmethod
    def of(
        cls, batch: Batch, place: int, outcome: Outcome, question: Question, keys: bool
    ) -> _Evaluation:
        """The evaluation of the indicator in that place of the batch."""
        indicator = batch.indicators[place]
        found: dict[Role, list[tuple[Term, int | None]]] = {
            "numerator": [],
            "denominator": [],
            "declared": [],
        }
        for role, depth, term in terms(indicator):
            slot = batch.of(place, role, depth)
            found[role].append((term, None if slot is None else slot.number))
        whole = holder(batch, place)
        return cls(
            indicator=indicator,
            place=place,
            terms={role: tuple(held) for role, held in found.items()},
            holder=None if whole is None else whole.number,
            outcome=outcome,
            question=question,
            keys=keys,
        )

    def value(self, target: int) -> Value:
        """The indicator for a target."""
        indicator = self.indicator
        top, bottom = self._term("numerator", target), self._term("denominator", target)
        sums = top.sums + bottom.sums
        quantity = self._combine(top.quantity, bottom.quantity)
        numerator = denominator = None
        if indicator.denominator is not None:
            numerator, denominator = _number(top), _number(bottom)
        if quantity is None and indicator.declared is not None:
            stated = self._declared(target)
            if stated.quantity is not None:
                quantity, sums = stated.quantity, stated.sums
                numerator = denominator = None
        if quantity is None and indicator.missing == "zero" and indicator.denominator is None:
            quantity = Quantity(Decimal(0), indicator.unit)
        behind = self._behind(sums, target) if self.keys else None
        return Value(
            indicator=indicator,
            target=target,
            quantity=quantity,
            basis=_basis(sums),
            numerator=numerator,
            denominator=denominator,
            proof=Proof.of(behind) if behind is not None else self._proof(sums, target),
            late=sum(part.late for part in sums),
            keys=behind,
        )

    def _combine(self, above: Quantity | None, below: Quantity | None) -> Quantity | None:
        indicator = self.indicator
        if indicator.denominator is None:
            if above is None or indicator.factor == 1:
                return above
            return tidy(scaled(above, indicator.factor, indicator.unit))
        if below is None:
            return None
        if above is None:
            if indicator.missing != "zero":
                return None
            above = Quantity(Decimal(0), indicator.unit)
        found = ratio(above, below, indicator.factor, indicator.decimals, indicator.unit)
        return found if found is None else tidy(found)

    def _declared(self, target: int) -> _Term:
        """A rate that an office states: of one area, for rates of several areas cannot be added."""
        found = self._term("declared", target)
        return found if all(s.first_area == s.last_area for s in found.sums) else _NOTHING

    def _term(self, role: Role, target: int) -> _Term:
        quantity: Quantity | None = None
        sums: list[Sum] = []
        for term, slot in self.terms[role]:
            found, part = self._factor(term, slot, target)
            if found is None:
                return _NOTHING
            if part is not None:
                sums.append(part)
            if quantity is None:
                quantity = found
            else:
                quantity = tidy(product(quantity, found, self.indicator.unit))
        return _Term(quantity, tuple(sums))

    def _factor(
        self, term: Term, slot: int | None, target: int
    ) -> tuple[Quantity | None, Sum | None]:
        unit = self.indicator.unit
        if term.agg == "calendar":
            count = begun(term.every or "day", self.question.start, self.question.end)
            return Quantity(Decimal(count), unit), None
        part = self.outcome.sums.get(slot, target)
        if slot is None or part is None:
            return None, None
        if term.agg == "distinct":
            count = self.outcome.entities.get((slot, target), 0)
            return Quantity(Decimal(count), unit), part
        return _quantity(part, unit), part

    def _proof(self, sums: Sequence[Sum], target: int) -> Proof:
        """Of the term that holds all records; of several terms the one computed for them."""
        if not sums:
            return _NO_PROOF
        if len({part.slot for part in sums}) == 1:
            return Proof(sums[0].n, sums[0].x1, sums[0].x2)
        for part in sums:
            if part.slot == self.holder:
                return Proof(part.n, part.x1, part.x2)
        return self.outcome.proofs.get((self.place, target), _NO_PROOF)

    def _behind(self, sums: Iterable[Sum], target: int) -> frozenset[int]:
        found: set[int] = set()
        for part in sums:
            found |= self.outcome.behind.get((part.slot, target), frozenset())
        return frozenset(found)


def _basis(sums: Iterable[Sum]) -> Basis:
    return "computed" if all(part.events == part.cells for part in sums) else "declared"


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
