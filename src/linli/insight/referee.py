"""The referee: the same indicators by dicts and loops over the same facts, without SQL.

Slow and plain on purpose, written from the words of the definition and not from the compiler, so
that a fault in one of them shows as a difference. Used by tests and by ``linli figures --check``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from linli.insight.amounts import product, ratio, scaled, tidy
from linli.insight.evaluate import begun
from linli.insight.figures import Basis
from linli.insight.referee_rows import Row, Rows
from linli.insight.slots import Role, terms
from linli.insight.snapshot.source import RecordFact, TreeRow
from linli.kernel.quantities import Quantity, total
from linli.packs.registry import Registry
from linli.packs.schema import Indicator, Term


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the referee finds for an indicator and a target."""

    quantity: Quantity | None
    basis: Basis
    keys: frozenset[int]


class Tree:
    """The areas: who lies under whom on a day, and ever."""

    def __init__(self, rows: Iterable[TreeRow]) -> None:
        self._rows = list(rows)
        self._ever: dict[int, set[int]] = defaultdict(set)
        for area, ancestor, _, _ in self._rows:
            self._ever[area].add(ancestor)

    def under(self, area: int, target: int, on: date) -> bool:
        """Whether ``area`` is ``target`` or lies under it on a day."""
        return any(
            (a, b) == (area, target) and (since or date.min) <= on < (until or date.max)
            for a, b, since, until in self._rows
        )

    def above(self, area: int) -> set[int]:
        """All areas that were ever above."""
        return self._ever[area] - {area}

    def has_below(self, area: int) -> bool:
        """Whether an area ever lay below."""
        return any(ancestor == area and below != area for below, ancestor, _, _ in self._rows)


class Referee:
    """Evaluates indicators over a list of facts."""

    def __init__(
        self,
        facts: Sequence[RecordFact],
        tree: Iterable[TreeRow],
        registry: Registry,
        start: date,
        end: date,
        known_at: int | None = None,
    ) -> None:
        self._tree = Tree(tree)
        self._registry = registry
        self._start, self._end = start, end
        known = [f for f in facts if _known(f, known_at)]
        self._rows = Rows(known, registry, start, end)

    def verdict(self, indicator: Indicator, target: int) -> Verdict:
        """The value of ``indicator`` for ``target``."""
        counted = self._counted(indicator, target)
        top, used = self._term("numerator", indicator.numerator, indicator, counted)
        quantity = top
        if indicator.denominator is not None:
            bottom, more = self._term("denominator", indicator.denominator, indicator, counted)
            quantity, used = self._divided(indicator, top, bottom), used + more
        elif quantity is not None and indicator.factor != 1:
            quantity = scaled(quantity, indicator.factor, indicator.unit)
        if quantity is None and indicator.declared is not None:
            stated, rows = self._term("declared", indicator.declared, indicator, counted)
            if stated is not None and len({row.area for row in rows}) == 1:
                quantity, used = stated, rows
        if quantity is None and indicator.missing == "zero" and indicator.denominator is None:
            quantity = Quantity(Decimal(0), indicator.unit)
        return Verdict(
            tidy(quantity) if quantity is not None else None,
            "computed" if all(row.grain == "event" for row in used) else "declared",
            frozenset(row.key for row in used),
        )

    def _divided(
        self, indicator: Indicator, top: Quantity | None, bottom: Quantity | None
    ) -> Quantity | None:
        if bottom is None or (top is None and indicator.missing != "zero"):
            return None
        above = top if top is not None else Quantity(Decimal(0), indicator.unit)
        return ratio(above, bottom, indicator.factor, indicator.decimals, indicator.unit)

    def _term(
        self,
        role: Role,
        head: Term,
        indicator: Indicator,
        counted: Mapping[tuple[Role, int], list[Row]],
    ) -> tuple[Quantity | None, list[Row]]:
        """Value of a term times its ``times``, and the rows that made it."""
        found: Quantity | None = None
        used: list[Row] = []
        for depth, term in [(d, t) for r, d, t in terms(indicator) if r == role]:
            if term.agg == "calendar":
                count = begun(term.every or "day", self._start, self._end)
                part: Quantity | None = Quantity(Decimal(count), indicator.unit)
                rows: list[Row] = []
            else:
                rows = counted[role, depth]
                if term.agg in ("max", "min"):
                    rows = _first(rows, term.agg)
                part = _amount(term, rows, indicator.unit)
            if part is None:
                return None, []
            used += rows
            found = part if found is None else product(found, part, indicator.unit)
        return found, used

    def _counted(self, indicator: Indicator, target: int) -> dict[tuple[Role, int], list[Row]]:
        """Rows that count for the target, term by term, one grain an area, nothing twice."""
        groups: dict[object, dict[tuple[Role, int], list[Row]]] = defaultdict(dict)
        for role, depth, term in terms(indicator):
            if term.agg != "calendar":
                rows = self._rows.of(term, _grains(role, indicator))
                is_flow = role != "declared" and term.agg != "last" and term.span == "period"
                groups["flow" if is_flow else (role, depth)][role, depth] = rows
        counted: dict[tuple[Role, int], list[Row]] = {}
        for members in groups.values():
            keep = self._choose([row for rows in members.values() for row in rows])
            reach = [row for row in keep if self._reaches(row, target, indicator)]
            covered = self._covered(reach)
            for place, rows in members.items():
                counted[place] = [r for r in rows if r in reach and r.area not in covered]
        return counted

    def _reaches(self, row: Row, target: int, indicator: Indicator) -> bool:
        if indicator.rollup == "none" and row.area != target:
            return False
        return self._tree.under(row.area, target, row.at_day)

    def _choose(self, rows: list[Row]) -> list[Row]:
        """No summary inside another; then the best grain of each area."""
        outer = [r for r in rows if not any(_inside(r, other) for other in rows)]
        best: dict[int, int] = {}
        for row in outer:
            best[row.area] = min(best.get(row.area, row.rank), row.rank)
        return [row for row in outer if row.rank == best[row.area]]

    def _covered(self, rows: list[Row]) -> set[int]:
        """Areas that give way to a total above them, or whose total gives way to rows below."""
        rank = {row.area: row.rank for row in rows}
        totals = {r.area for r in rows if r.grain != "event" and self._tree.has_below(r.area)}
        yielding = {
            area
            for area in totals
            if any(area in self._tree.above(b) and rank[b] < rank[area] for b in rank)
        }
        standing = totals - yielding
        below = {
            area
            for area in rank
            if any(t in standing and rank[t] <= rank[area] for t in self._tree.above(area))
        }
        return yielding | below


def _known(fact: RecordFact, known_at: int | None) -> bool:
    if known_at is None:
        return fact.known_to is None
    return fact.known_from <= known_at and (fact.known_to is None or fact.known_to > known_at)


def _grains(role: Role, indicator: Indicator) -> tuple[str, ...]:
    if role == "declared":
        return ("observation", "summary", "event")
    return tuple(indicator.grains)


def _inside(row: Row, other: Row) -> bool:
    if row.grain != "summary" or other.grain != "summary" or row.area != other.area:
        return False
    within = other.from_day <= row.from_day and row.to_day <= other.to_day
    return within and (other.from_day, other.to_day) != (row.from_day, row.to_day)


def _first(rows: list[Row], agg: str) -> list[Row]:
    """The row with the greatest (least) value; of equals the one of the newest version."""
    if not rows:
        return []
    sign = 1 if agg == "max" else -1
    order: Callable[[Row], tuple[Decimal, int]] = lambda r: (sign * _value(r), r.key)  # noqa: E731
    return [max(rows, key=order)]


def _value(row: Row) -> Decimal:
    return row.quantity.value if row.quantity is not None else Decimal(0)


def _amount(term: Term, rows: list[Row], unit: str) -> Quantity | None:
    if not rows:
        return None
    match term.agg:
        case "count":
            return Quantity(Decimal(len(rows)), unit)
        case "distinct":
            return Quantity(Decimal(len({row.entity for row in rows})), unit)
        case "tally":
            return _tally(rows, unit)
        case _:
            return total([_in(unit, row.quantity) for row in rows if row.quantity is not None])


def _tally(rows: list[Row], unit: str) -> Quantity:
    """As many as the records state; an event that states nothing is one."""
    stated = [_in(unit, row.quantity) for row in rows if row.quantity is not None]
    silent = sum(row.quantity is None for row in rows)
    return total([*stated, Quantity(Decimal(silent), unit)])


def _in(unit: str, q: Quantity) -> Quantity:
    """The quantity under the indicator's name of the unit."""
    return Quantity(q.value, unit, q.qualifier, q.value_max, q.bounds)
