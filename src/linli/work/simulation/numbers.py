"""The numbers of a deed: how many truly, and how an office writes it: 余, 近, 约, 以上, 以内, 至."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from decimal import Decimal

from linli.kernel.quantities import Qualifier, Quantity
from linli.packs.schema import Measure
from linli.work.simulation.chance import Chance
from linli.work.simulation.deeds import Amount
from linli.work.simulation.habits import Habits

_ROUND_FROM = 20  # smaller numbers are counted one by one

Truth = Callable[[Measure], Decimal | None]
"""What is known of a measure already (a stock), else None."""


def written(truth: Decimal, unit: str, chance: Chance) -> Quantity:
    """A number as an office rounds it; exact where no rounder wording would hold the truth."""
    place = Decimal(10) ** truth.adjusted()
    below = truth // place * place
    qualifier = chance.among(_LOOSE)
    match qualifier:
        case Qualifier.OVER | Qualifier.AT_LEAST:
            said = Quantity(below, unit, qualifier)
        case Qualifier.NEARLY | Qualifier.AT_MOST:
            said = Quantity(below + place, unit, qualifier)
        case Qualifier.ABOUT:
            nearest = below if truth - below < place / 2 else below + place
            said = Quantity(nearest, unit, qualifier)
        case _:
            spare = chance.between(1, 9)
            said = Quantity(truth - spare, unit, qualifier, truth + chance.between(0, spare))
    return said if said.holds(truth) else Quantity(truth, unit)


_LOOSE = tuple(one for one in Qualifier if one is not Qualifier.EXACT)


class Numbers:
    """Draws the numbers of records so that parts fit their whole."""

    def __init__(self, habits: Habits, once: frozenset[str], things: Callable[[str], int]) -> None:
        """`once`: measures that say how many of their kind a record stands for, nearly always one;
        `things`: how many things of a kind stand in the community."""
        self._habits, self._once, self._things = habits, once, things

    def amounts(self, measures: Iterable[Measure], chance: Chance, known: Truth) -> list[Amount]:
        """Amounts of the measures, wholes before their parts; what nobody states is left out."""
        waiting = list(measures)
        parts = Counter(one.whole for one in waiting if one.whole)
        stated: dict[str, Amount] = {}
        left: dict[str, Decimal] = {}
        ids = {one.id for one in waiting}
        while waiting:
            ready = [m for m in waiting if m.whole is None or m.whole not in ids]
            for measure in ready:
                alone = parts[measure.whole or ""] == 1
                truth = self._truth(measure, chance, known, left, alone)
                if truth is not None:
                    stated[measure.id] = Amount(measure, truth, self._say(measure, truth, chance))
                    left[measure.id] = truth
            ids -= {one.id for one in ready}
            waiting = [one for one in waiting if one.id in ids]
        return list(stated.values())

    def _truth(
        self,
        measure: Measure,
        chance: Chance,
        known: Truth,
        left: dict[str, Decimal],
        alone: bool,
    ) -> Decimal | None:
        found = known(measure)
        if found is not None:
            return found
        if measure.whole is None:
            return self._drawn(measure, chance)
        if measure.whole not in left:
            return None
        most = int(left[measure.whole])
        # A single part is most of its whole (到会 of 应到); several share it.
        part = Decimal(
            chance.between(-(-most // 2), most) if alone else chance.below(most // 2 + 1)
        )
        left[measure.whole] -= part
        return part

    def _drawn(self, measure: Measure, chance: Chance) -> Decimal:
        if measure.id in self._once:
            return Decimal(1 if chance.hits(85) else chance.between(2, 3))
        span = self._habits.range_of(measure)
        if span.things_of:
            return Decimal(self._things(span.things_of))
        return Decimal(chance.between(*span.between)).scaleb(-span.decimals)

    def _say(self, measure: Measure, truth: Decimal, chance: Chance) -> Quantity:
        loose = chance.hits(self._habits.mix.qualified)
        if loose and measure.whole is None and truth >= _ROUND_FROM and measure.unit != "%":
            return written(truth, measure.unit, chance)
        return Quantity(truth, measure.unit)
