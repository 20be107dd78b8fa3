"""The days of a year on which work is done: working days, few weekends, festivals, seasons."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import accumulate

from linli.kernel.cadences import read_cadence
from linli.kernel.lunar import festival
from linli.kernel.periods import Period
from linli.kernel.workdays import is_workday
from linli.work.simulation.chance import Chance
from linli.work.simulation.habits import Habits

_DAY = timedelta(days=1)
_BEFORE = 3  # a festival is prepared in the days before it


@dataclass(frozen=True, slots=True)
class Feast:
    """A festival of the year and its day."""

    name: str
    day: date


class SimulatedYear:
    """A year as an office works it."""

    def __init__(self, year: int, habits: Habits) -> None:
        self.start, self.end = date(year, 1, 1), date(year, 12, 31)
        self._habits = habits
        self._cumulated: dict[str, list[int]] = {}

    @cached_property
    def feasts(self) -> tuple[Feast, ...]:
        """The festivals that fall into the year, by day."""
        named = [(name, festival(name, self.start.year)) for name in self._habits.festivals]
        found = [Feast(name, day) for name, day in named if day is not None]
        return tuple(sorted(found, key=lambda one: (one.day, one.name)))

    @cached_property
    def _plain(self) -> list[int]:
        """The weight of each day, before seasons."""
        weights = self._habits.days
        near = {feast.day - _DAY * step for feast in self.feasts for step in range(_BEFORE)}
        days = [self.start + _DAY * step for step in range(self._index(self.end) + 1)]
        return [
            (weights.workday if is_workday(day).worked else weights.free)
            + (weights.festive if day in near else 0)
            for day in days
        ]

    def _weights(self, section: str) -> list[int]:
        """Cumulated weights of the days in a section of work."""
        known = self._cumulated.get(section)
        if known is None:
            season = self._habits.season(section)
            days = [self.start + _DAY * step for step in range(len(self._plain))]
            weighed = [w * season[d.month - 1] for w, d in zip(self._plain, days, strict=True)]
            known = self._cumulated[section] = [0, *accumulate(weighed)]
        return known

    def _index(self, day: date) -> int:
        return (day - self.start).days

    def day(self, chance: Chance, section: str, span: Period | None = None) -> date:
        """A day of the year, or of a span in it, likelier where more is done."""
        first, last = (span.start, span.end) if span else (self.start, self.end)
        weights = self._weights(section)
        low, high = weights[self._index(first)], weights[self._index(last) + 1]
        place = bisect_right(weights, low + chance.below(high - low)) - 1
        return self.start + _DAY * place

    def intervals(self, often: str) -> tuple[Sequence[Period], int]:
        """The intervals of a cadence in the words of an office, and how many times in each."""
        cadence = read_cadence(often)
        if cadence is None or cadence.every == "unstated":
            raise ValueError(f"habits.toml: {often!r} names no interval")
        return self._spans(cadence.every), cadence.times or 1

    def _spans(self, every: str) -> Sequence[Period]:
        year = self.start.year
        match every:
            case "day":
                return [Period(d, d) for d in self._days() if is_workday(d).worked]
            case "week":
                mondays = [d for d in self._days() if d.weekday() == 0]
                return [Period(d, min(d + _DAY * 6, self.end)) for d in mondays]
            case "month":
                return [Period.of_month(year, month) for month in range(1, 13)]
            case "quarter":
                return [Period.of_quarter(year, part) for part in range(1, 5)]
            case "half":
                return [Period.of_half(year, part) for part in (1, 2)]
            case "festival":
                return [
                    Period(max(one.day - _DAY * (_BEFORE - 1), self.start), one.day)
                    for one in self.feasts
                ]
            case _:
                return [Period.of_year(year)]

    def _days(self) -> list[date]:
        return [self.start + _DAY * step for step in range(self._index(self.end) + 1)]

    def feast_on(self, day: date) -> str:
        """The festival that a day prepares, or the nearest one ahead of it."""
        ahead = [one for one in self.feasts if one.day >= day]
        return (ahead[0] if ahead else self.feasts[-1]).name
