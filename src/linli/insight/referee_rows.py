"""The referee's rows: which records and quantities a term reads, by its words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from linli.insight.layout import field_columns
from linli.insight.slots import NOT_DONE, unit_of
from linli.insight.snapshot.parts import days_of, field_value
from linli.insight.snapshot.pseudonym import Pseudonyms
from linli.insight.snapshot.source import QuantityFact, RecordFact
from linli.kernel.quantities import Qualifier, Quantity, qualifier_of_flags
from linli.packs.registry import Registry
from linli.packs.schema import Term
from linli.packs.schema_predicate import Predicate

_NAMES = Pseudonyms(b"referee")
_NO_DAY = date.min


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that a term counts, adds or compares."""

    area: int
    at_day: date
    grain: str
    rank: int
    from_day: date
    to_day: date
    key: int
    place: int
    quantity: Quantity | None
    entity: str | None


class Rows:
    """All rows of known facts."""

    def __init__(
        self, facts: Sequence[RecordFact], registry: Registry, start: date, end: date
    ) -> None:
        self._facts = facts
        self._registry = registry
        self._start, self._end = start, end
        self._columns = {column.field: column for column in field_columns(registry)}

    def of(self, term: Term, grains: tuple[str, ...]) -> list[Row]:
        """The rows of a term; with *last*, *max*, *min* one an area and grain."""
        facts = [f for f in self._facts if self._asked(f, term, grains)]
        if term.span == "at_end" and term.agg != "last" and "observation" in grains:
            facts = self._standing(facts, term)
        if term.where is not None:
            facts = [f for f in facts if self._holds(term.where, f) is True]
        if term.agg in ("count", "distinct"):
            rows = [self._row(f, None, 0, term, grains) for f in facts]
            return [r for r in rows if term.agg != "distinct" or r.entity is not None]
        rows = [row for fact in facts for row in self._measured(fact, term, grains)]
        if term.agg in ("last", "max", "min"):
            rows = self._picked(rows, term.agg)
        return rows

    def _asked(self, fact: RecordFact, term: Term, grains: tuple[str, ...]) -> bool:
        first, last = days_of(fact)
        if first is None or last is None or last > self._end:
            return False
        if term.span == "period" and first < self._start:
            return False
        return fact.kind in term.kinds and fact.grain in grains and fact.state not in NOT_DONE

    def _standing(self, facts: list[RecordFact], term: Term) -> list[RecordFact]:
        """The newest states of each thing, of those that say something of the measure."""
        if term.measure is not None:
            facts = [f for f in facts if f.grain != "observation" or self._mine(f, term)]
        return _newest(facts, lambda f: (f.area, f.kind, f.subject))

    def _mine(self, fact: RecordFact, term: Term) -> list[QuantityFact]:
        unit = unit_of(term.measure, self._registry)
        return [
            q
            for q in fact.quantities
            if q.measure == term.measure and q.unit == unit and not q.part
        ]

    def _measured(self, fact: RecordFact, term: Term, grains: tuple[str, ...]) -> list[Row]:
        mine = self._mine(fact, term)
        if not mine and term.agg == "tally" and fact.grain == "event":
            return [self._row(fact, None, 0, term, grains)]
        return [self._row(fact, q, place, term, grains) for place, q in enumerate(mine)]

    def _row(
        self,
        fact: RecordFact,
        quantity: QuantityFact | None,
        place: int,
        term: Term,
        grains: tuple[str, ...],
    ) -> Row:
        first, last = days_of(fact)
        stock = term.agg == "last" or term.span == "at_end"
        total = fact.grain == "summary"
        return Row(
            area=fact.area,
            at_day=self._end if stock else (last or _NO_DAY),
            grain=fact.grain,
            rank=grains.index(fact.grain),
            from_day=(first or _NO_DAY) if total else _NO_DAY,
            to_day=(last or _NO_DAY) if total else _NO_DAY,
            key=fact.key,
            place=place,
            quantity=_quantity(quantity) if quantity is not None else None,
            entity=self._entity(term, fact) if term.agg == "distinct" else None,
        )

    def _entity(self, term: Term, fact: RecordFact) -> str | None:
        day, _ = days_of(fact)
        name = term.field or ""
        if name == "@area":
            return str(fact.area)
        if name.startswith("@") and day is not None:
            iso = day.isocalendar()
            return str(
                {
                    "@day": day,
                    "@week": (iso.year, iso.week),
                    "@month": (day.year, day.month),
                    "@quarter": (day.year, (day.month - 1) // 3),
                    "@year": day.year,
                }[name]
            )
        value = field_value(fact.fields.get(name), self._columns[name], _NAMES)
        return None if value is None else str(value)

    def _picked(self, rows: list[Row], agg: str) -> list[Row]:
        facts = {fact.key: fact for fact in self._facts}
        groups: dict[tuple[int, str], list[Row]] = defaultdict(list)
        for row in rows:
            groups[row.area, row.grain].append(row)

        def order(row: Row) -> tuple[object, ...]:
            value = row.quantity.value if row.quantity is not None else Decimal(0)
            if agg == "last":
                return days_of(facts[row.key])[1], row.key, -row.place, value
            return (value if agg == "max" else -value), row.key, -row.place

        return [max(group, key=order) for group in groups.values()]

    def _holds(self, where: Predicate, fact: RecordFact) -> bool | None:
        """Three-valued as in SQL: a comparison with nothing is neither true nor false."""
        match where.op:
            case "and":
                return _all(self._holds(part, fact) for part in where.and_ or ())
            case "or":
                return _not(_all(_not(self._holds(part, fact)) for part in where.or_ or ()))
            case "not" if where.not_ is not None:
                return _not(self._holds(where.not_, fact))
            case "is_null":
                return self._value(str(where.is_null), fact) is None
            case _:
                return self._compare(where, fact)

    def _compare(self, where: Predicate, fact: RecordFact) -> bool | None:
        if where.in_ is not None:
            name, *choices = where.in_[0], *where.in_[1]
        elif where.between is not None:
            name, *choices = where.between
        else:
            pair = where.eq or where.ne or where.lt or where.le
            name, *choices = pair if pair is not None else ("",)
        value = self._value(str(name), fact)
        if value is None:
            return None
        given = [self._literal(str(name), choice) for choice in choices]
        match where.op:
            case "ne":
                return bool(value != given[0])
            case "lt":
                return bool(value < given[0])
            case "le":
                return bool(value <= given[0])
            case "between":
                return bool(given[0] <= value <= given[1])
            case _:
                return value in given

    def _value(self, name: str, fact: RecordFact) -> Any:  # str, date, Decimal or None
        match name:
            case "@grain":
                return fact.grain
            case "@state":
                return fact.state
            case "@kind":
                return fact.kind
            case _:
                return field_value(fact.fields.get(name), self._columns[name], _NAMES)

    def _literal(self, name: str, value: object) -> Any:
        text = {True: "是", False: "否"}[value] if isinstance(value, bool) else str(value)
        if name.startswith("@"):
            return text
        return field_value(text, self._columns[name], _NAMES)


def _newest(
    facts: Iterable[RecordFact], subject: Callable[[RecordFact], object]
) -> list[RecordFact]:
    """Of the states observed of one subject those of the newest day; other grains stay."""
    held = list(facts)
    newest: dict[object, date] = {}
    for fact in held:
        day = days_of(fact)[1]
        if fact.grain == "observation" and day is not None:
            newest[subject(fact)] = max(newest.get(subject(fact), day), day)
    return [f for f in held if f.grain != "observation" or days_of(f)[1] == newest[subject(f)]]


def _quantity(fact: QuantityFact) -> Quantity:
    qualifier = qualifier_of_flags(fact.flags)
    if qualifier is Qualifier.RANGE:
        return Quantity(fact.value, fact.unit, qualifier, fact.hi)
    return Quantity(fact.value, fact.unit, qualifier, None, (fact.lo, fact.hi))


def _all(values: Iterable[bool | None]) -> bool | None:
    held = list(values)
    if False in held:
        return False
    return None if None in held else True


def _not(value: bool | None) -> bool | None:
    return None if value is None else not value
