"""From sums to values: products, ratios, missing values, what was declared instead."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from linli.insight import programs
from linli.insight.amounts import plain, product, ratio, scaled, tidy
from linli.insight.compile import Question
from linli.insight.engine import Engine, Outcome, Sum
from linli.insight.figures import Basis
from linli.insight.fingerprint import Proof
from linli.insight.slots import Batch, Role
from linli.kernel.quantities import FLAG, Qualifier, Quantity, from_sums
from linli.packs.registry import Registry
from linli.packs.schema import Indicator, Term

EXACT = FLAG[Qualifier.EXACT]


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
    outcome = Outcome({}, {}, {})
    if program is not None:
        several = question.prove and _has_compound(asked)
        outcome = engine.run(program, question, behind=keys or several)
    targets = question.targets
    if targets is None:
        targets = tuple(sorted({target for _, target in outcome.sums}))
    return [
        _Evaluation(asked, outcome, question, target).value(place, keys)
        for place in range(len(asked.indicators))
        for target in targets
    ]


def _has_compound(asked: Batch) -> bool:
    """Whether some indicator joins the records of several terms."""
    numbers: dict[int, set[int]] = {}
    for slot in asked.slots:
        if slot.role != "declared":
            numbers.setdefault(slot.indicator, set()).add(slot.number)
    return any(len(held) > 1 for held in numbers.values())


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
        behind = self._behind(sums) if keys or _several(sums) else None
        return Value(
            indicator=indicator,
            target=self.target,
            quantity=quantity,
            basis="computed" if all(s.events == s.cells for s in sums) else "declared",
            numerator=numerator if indicator.denominator is not None else None,
            denominator=denominator if indicator.denominator is not None else None,
            proof=_proof(sums, behind),
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
        return found if all(s.areas == 1 for s in found.sums) else _Term(None, ())

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
        if part.flags == EXACT:
            return Quantity(plain(part.value), unit), part
        return tidy(from_sums(part.value, part.lo, part.hi, part.flags, unit)), part

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


def _several(sums: Sequence[Sum]) -> bool:
    return len({part.slot for part in sums}) > 1


def _proof(sums: Sequence[Sum], behind: frozenset[int] | None) -> Proof:
    """Of one term its own sums; of several the distinct records of all."""
    if behind is not None:
        return Proof.of(behind)
    if not sums:
        return Proof(0, 0, 0)
    return Proof(sums[0].n, sums[0].x1, sums[0].x2)


def _number(term: _Term) -> Decimal | None:
    return plain(term.quantity.value) if term.quantity is not None else None
