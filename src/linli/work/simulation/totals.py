"""The simulation's own totals: every indicator of the packs, counted while the deeds are made."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal

from linli.kernel.periods import Period
from linli.packs.registry import Registry
from linli.packs.schema import Indicator, Term
from linli.work.simulation.counts import Bucket, FlowCount, Months, StockCount, Sum
from linli.work.simulation.deeds import Deed
from linli.work.simulation.rules import Total

_DAY = timedelta(days=1)
_STARTS = {"month": 1, "quarter": 3, "half": 6, "year": 12}
_STATED_FIRST = ("observation", "summary", "event")


class _Factor:
    """One term of a product: a count, or how many days, weeks, months … the period has."""

    def __init__(self, term: Term) -> None:
        self.term = term
        self.flow = FlowCount(term) if term.agg != "calendar" and not _is_stock(term) else None
        self.stock = StockCount(term) if term.agg != "calendar" and _is_stock(term) else None

    @property
    def shares_grain(self) -> bool:
        """Whether it takes the same grain as the other parts of its rate."""
        return self.flow is not None and self.term.span == "period"

    def see(self, deed: Deed) -> None:
        """Count a deed."""
        if self.flow is not None:
            self.flow.see(deed)
        elif self.stock is not None:
            self.stock.see(deed)


def _is_stock(term: Term) -> bool:
    return term.span == "at_end" or term.agg in ("last", "max", "min")


class Tally:
    """Sees every deed once, and then answers for every indicator and period."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._parts: dict[str, dict[str, list[_Factor]]] = {}
        self._of_kind: defaultdict[str, list[_Factor]] = defaultdict(list)
        for indicator in registry.indicators.values():
            self._parts[indicator.id] = {
                role: self._factors(term)
                for role, term in (
                    ("numerator", indicator.numerator),
                    ("denominator", indicator.denominator),
                    ("declared", indicator.declared),
                )
                if term is not None
            }

    def _factors(self, term: Term | None) -> list[_Factor]:
        found: list[_Factor] = []
        while term is not None:
            factor = _Factor(term)
            found.append(factor)
            for kind in term.kinds:
                self._of_kind[kind].append(factor)
            term = term.times
        return found

    def see(self, deed: Deed) -> None:
        """Count a deed wherever it counts."""
        if deed.counts:
            for factor in self._of_kind.get(deed.kind.id, ()):
                factor.see(deed)

    def total(self, indicator_id: str, period: Period) -> Total | None:
        """The total of an indicator for a period of whole months; None: it has no value."""
        indicator = self._registry.indicators[indicator_id]
        return _Asked(indicator, self._parts[indicator_id], period).total()


class _Asked:
    """One indicator and period."""

    def __init__(
        self, indicator: Indicator, parts: dict[str, list[_Factor]], period: Period
    ) -> None:
        self._indicator, self._parts, self._period = indicator, parts, period
        self._shared = self._chosen(
            [factor for part in parts.values() for factor in part if factor.shares_grain],
            (period.start.month, period.end.month),
        )

    def total(self) -> Total | None:
        top, bottom = self._product("numerator"), self._product("denominator")
        if top is not None and bottom is not None and bottom.value:
            return self._rate(top, bottom)
        said = top if self._indicator.denominator is None else self._product("declared")
        if said is None:
            return None
        return Total(said.value, said.lo, said.hi, said.truth, said.records)

    def _rate(self, top: Sum, bottom: Sum) -> Total:
        exact = top.value * self._indicator.factor / bottom.value
        unit = Decimal(1).scaleb(-self._indicator.decimals)
        rate = exact.quantize(unit, ROUND_HALF_UP)
        return Total(rate, rate, rate, None, top.records + bottom.records)

    def _product(self, role: str) -> Sum | None:
        found: Sum | None = None
        for factor in self._parts.get(role, ()):
            part = self._sum(role, factor)
            if part is None:
                return None
            found = part if found is None else _times(found, part)
        return found

    def _sum(self, role: str, factor: _Factor) -> Sum | None:
        if factor.stock is not None:
            grains = _STATED_FIRST if role == "declared" else self._indicator.grains
            return factor.stock.at_end(tuple(grains), self._period.end)
        if factor.flow is None:
            number = Decimal(_begun(factor.term.every or "day", self._period))
            return Sum(number, number, number, number)
        if factor.shares_grain:
            return factor.flow.total(self._shared[id(factor)])
        chosen = self._chosen([factor], (1, self._period.end.month))
        return factor.flow.total(chosen[id(factor)])

    def _chosen(self, factors: list[_Factor], months: Months) -> dict[int, list[Bucket]]:
        """The buckets of the first grain that has any; no summary that lies inside another."""
        for grain in self._indicator.grains:
            held = {id(f): f.flow.inside(grain, months) for f in factors if f.flow is not None}
            spans = {span for kept in held.values() for span in kept}
            inner = {s for s in spans if grain == "summary" and any(_inside(s, o) for o in spans)}
            if spans - inner:
                return {
                    name: [bucket for span, bucket in kept.items() if span not in inner]
                    for name, kept in held.items()
                }
        return {id(factor): [] for factor in factors}


def _inside(span: Months, other: Months) -> bool:
    return other[0] <= span[0] and span[1] <= other[1] and span != other


def _times(left: Sum, right: Sum) -> Sum:
    return Sum(
        left.value * right.value,
        left.lo * right.lo,
        left.hi * right.hi,
        left.truth * right.truth,
        left.records + right.records,
    )


def _begun(every: str, period: Period) -> int:
    """How many days, weeks, months … begin in the period."""
    days = [period.start + _DAY * step for step in range(period.days)]
    if every == "day":
        return len(days)
    if every == "week":
        return sum(day.weekday() == 0 for day in days)
    return sum(day.day == 1 and (day.month - 1) % _STARTS[every] == 0 for day in days)


def periods_of(year: int) -> list[Period]:
    """The periods that totals are given for: the year, its halves, quarters and months."""
    return [
        Period.of_year(year),
        *(Period.of_half(year, part) for part in (1, 2)),
        *(Period.of_quarter(year, part) for part in (1, 2, 3, 4)),
        *(Period.of_month(year, month) for month in range(1, 13)),
    ]
