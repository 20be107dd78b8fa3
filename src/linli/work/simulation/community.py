"""The simulated community: what happens in it from January to December, kind by kind."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from functools import partial

from linli.core.records.rows import SUPPLIER
from linli.kernel.days import Occurred, Precision
from linli.kernel.periods import Period
from linli.kernel.quantities import Quantity
from linli.packs.registry import Registry
from linli.packs.schema import Kind
from linli.work.simulation.asked import Asked
from linli.work.simulation.chance import Chance
from linli.work.simulation.deeds import Amount, Deed, Fate
from linli.work.simulation.drafting import Drafting, Stream, on
from linli.work.simulation.habits import Habits
from linli.work.simulation.numbers import Numbers
from linli.work.simulation.rules import Asking
from linli.work.simulation.stocks import Stocks
from linli.work.simulation.words import Words
from linli.work.simulation.year import SimulatedYear

_DAY = timedelta(days=1)
_FIRST_ROLL = 20  # lists of what stands are made in the first days of January
_WHOLE = {"month": Precision.MONTH, "quarter": Precision.QUARTER, "half": Precision.HALF}
_BODY = "模拟主管部门"


class Community:
    """Makes the deeds of a year; each kind draws from a stream of its own."""

    def __init__(self, asking: Asking, registry: Registry, habits: Habits) -> None:
        self._asking, self._registry, self._habits = asking, registry, habits
        self._asked = Asked(registry)
        self._year = SimulatedYear(asking.year, habits)
        self._words = Words(habits, self._asked)
        self._stocks = Stocks(habits.stocks, asking.households)
        numbers = Numbers(habits, self._asked.tallied, self._things)
        self._draft = Drafting(asking, habits, self._year, self._words, numbers, self._stocks)

    def deeds(self) -> Iterator[Deed]:
        """Everything that happened, kind by kind; what moves stocks comes first."""
        kinds = self._registry.kinds.values()
        for kind in sorted(kinds, key=lambda one: one.id not in self._stocks.moving):
            for deed in self._of(kind):
                self._stocks.note(deed)
                yield deed

    def _of(self, kind: Kind) -> Iterator[Deed]:
        stream = Stream(kind, Chance(self._asking.seed, self._asking.year, kind.id))
        if kind.grain == "summary":
            yield from self._supplied(stream)
        elif kind.grain == "event":
            events = [deed for deed in self._events(stream) if deed is not None]
            yield from events
            yield from self._summed(stream, events)
        elif self._habits.of(kind).often:
            yield from self._states(stream)
        else:
            yield from self._stand(stream)

    # -- events -------------------------------------------------------------------------------------

    def _events(self, stream: Stream) -> Iterator[Deed | None]:
        """What happened on each day of the kind; None where the simulation ends before."""
        for number, day in enumerate(sorted(self._days(stream)), 1):
            occurred = self._draft.occurred(stream.chance, day)
            deed = self._draft.deed(stream, number, "event", occurred, day=day)
            self._plan(deed, stream.chance, day)
            self._fate(deed, stream.chance)
            over = (occurred.end or day) <= self._asking.until
            yield deed if over or deed.state == "planned" else None

    def _days(self, stream: Stream) -> Iterator[date]:
        habit, chance = self._habits.of(stream.kind), stream.chance
        draw = partial(self._year.day, chance, stream.kind.section)
        count = int(habit.per_household * self._asking.households)
        if habit.often:
            intervals, times = self._year.intervals(habit.often)
            for interval in intervals:
                for _ in range(times):
                    day = draw(interval)
                    if not chance.hits(self._habits.mix.missed):
                        yield day
        else:
            count = max(count, 1)  # every kind occurs, however few the households
        for _ in range(count):
            yield draw()

    def _plan(self, deed: Deed, chance: Chance, day: date) -> None:
        """What is planned lies ahead, or was not done; some of it is under way."""
        mix, draw = self._habits.mix, chance.below(100)
        if not self._habits.of(deed.kind).plans:
            return
        if day > self._asking.until or draw < mix.undone:
            self._draft.planned(deed)
        elif draw < mix.undone + mix.ongoing:
            deed.state = "ongoing"

    def _fate(self, deed: Deed, chance: Chance) -> None:
        """Some records are wrong at first, some come twice, some late."""
        slips, draw = self._habits.slips, chance.below(1000)
        quarter = Period.of_quarter(deed.last.year, (deed.last.month + 2) // 3)
        if deed.state != "done":
            return
        if draw < slips.withdrawn:
            deed.fate = Fate.WITHDRAWN
        elif draw < slips.withdrawn + slips.corrected:
            deed.fate = Fate.CORRECTED
        elif (
            draw < slips.withdrawn + slips.corrected + slips.late
            and quarter.end <= self._asking.until
        ):
            deed.fate = Fate.LATE

    def _summed(self, stream: Stream, events: list[Deed]) -> Iterator[Deed]:
        """For some kinds what offices write beside: totals of quarters and half-years."""
        if not stream.chance.hits(self._habits.mix.summarised):
            return
        year, number = self._asking.year, len(events)
        parts = [Period.of_quarter(year, part) for part in range(1, 5)]
        parts += [Period.of_half(year, part) for part in (1, 2)]
        for period in parts:
            inside = [d for d in events if d.counts and period.contains(d.first, d.last)]
            if inside and period.end <= self._asking.until:
                number += 1
                yield self._sum(stream.kind, number, period, inside)

    def _sum(self, kind: Kind, number: int, period: Period, inside: list[Deed]) -> Deed:
        occurred = Occurred(period.start, period.end, _WHOLE[period.kind], period.words())
        deed = self._draft.bare(kind, number, "summary", occurred)
        for measure in kind.measures:
            known = [one for d in inside if (one := d.amount(measure.id)) is not None]
            if not known or measure.stock:
                continue
            truth = sum((one.truth for one in known), Decimal(0))
            if measure.id in self._asked.tallied:
                truth += len(inside) - len(known)  # an event that states nothing is one
            deed.amounts.append(Amount(measure, truth, Quantity(truth, measure.unit)))
        return deed

    # -- totals that somebody supplies ----------------------------------------------------------------

    def _supplied(self, stream: Stream) -> Iterator[Deed]:
        intervals, times = self._year.intervals(self._habits.of(stream.kind).often)
        for number, interval in enumerate((i for i in intervals for _ in range(times)), 1):
            precision = _WHOLE.get(interval.kind, Precision.YEAR)
            occurred = Occurred(interval.start, interval.end, precision, interval.words())
            deed = self._draft.deed(stream, number, "summary", occurred)
            self._name_body(deed, stream.chance)
            if interval.end <= self._asking.until:
                yield deed

    def _name_body(self, deed: Deed, chance: Chance) -> None:
        """A body's count has a named body, or its source is wanted, or named later."""
        wanted, named = chance.hits(self._habits.mix.wanted), chance.hits(self._habits.mix.named)
        if not deed.kind.supplied_by_body:
            return
        deed.fields.pop(SUPPLIER, None)
        if wanted:
            deed.fate = Fate.NAMED if named else Fate.WANTED
        else:
            deed.fields[SUPPLIER] = _BODY

    # -- what stands ----------------------------------------------------------------------------------

    def _states(self, stream: Stream) -> Iterator[Deed]:
        """States of the community as a whole, seen again and again."""
        for number, day in enumerate(sorted(self._days(stream)), 1):
            deed = self._draft.deed(stream, number, "observation", on(day))
            if day <= self._asking.until:
                yield deed

    def _stand(self, stream: Stream) -> Iterator[Deed]:
        """Things, each with its name, listed in January; some join and some change in the year."""
        chance, mix = stream.chance, self._habits.mix
        roll = self._year.start + _DAY * chance.between(1, _FIRST_ROLL)
        seen: list[tuple[date, str]] = []
        for name in self._names(stream.kind):
            joined, changed = chance.hits(mix.joined), chance.hits(mix.renewed)
            day = self._year.day(chance, stream.kind.section) if joined else roll
            again = self._year.day(chance, stream.kind.section)
            seen.append((day, name))
            if changed and again > day:
                seen.append((again, name))
        for number, (day, name) in enumerate(sorted(seen), 1):
            deed = self._draft.deed(stream, number, "observation", on(day), name=name)
            if day <= self._asking.until:
                yield deed

    def _names(self, kind: Kind) -> list[str]:
        """The things of a kind: those that indicators ask for by name, and invented ones."""
        field = kind.field(kind.titled_by or "")
        if field is None:
            raise ValueError(f"habits.toml: {kind.id} needs `often`, its things have no names")
        asked = self._asked.values(kind.id, field.id)
        count = max(self._things(kind.id) - len(asked), 0)
        return [*asked, *(self._words.invented(field, number) for number in range(1, count + 1))]

    def _things(self, kind: str) -> int:
        habit = self._habits.of(self._registry.kind(kind))
        return habit.things + (self._asking.households // habit.one_per if habit.one_per else 0)
