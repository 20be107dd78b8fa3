"""One deed with all that is said of it: days, fields, numbers, when it was written down."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial

from linli.core.records.rules import SIMULATED
from linli.kernel.clock import BEIJING
from linli.kernel.days import Occurred, Precision
from linli.kernel.periods import last_day
from linli.packs.schema import Kind, Measure
from linli.work.simulation.chance import Chance
from linli.work.simulation.deeds import Deed
from linli.work.simulation.habits import Habits
from linli.work.simulation.numbers import Numbers
from linli.work.simulation.rules import Asking
from linli.work.simulation.stocks import Stocks
from linli.work.simulation.words import Words
from linli.work.simulation.year import SimulatedYear

_DAY = timedelta(days=1)
_EVENING = time(17, 30, tzinfo=BEIJING)
_LATEST = time(23, 0, tzinfo=BEIJING)


@dataclass(frozen=True, slots=True)
class Stream:
    """What the deeds of one kind are drawn from."""

    kind: Kind
    chance: Chance


@dataclass(frozen=True, slots=True)
class Drafting:
    """Makes deeds."""

    asking: Asking
    habits: Habits
    year: SimulatedYear
    words: Words
    numbers: Numbers
    stocks: Stocks

    def deed(
        self,
        stream: Stream,
        number: int,
        grain: str,
        occurred: Occurred,
        *,
        name: str = "",
        day: date | None = None,
    ) -> Deed:
        """A deed that is done; `name`: of the thing that was seen, `day`: what `occurred` may hide."""
        kind, chance = stream.kind, stream.chance
        made = self.bare(kind, number, grain, occurred, name)
        made.captured = self._captured(kind, chance, made.last)
        day = day or made.last
        made.fields = self.words.fields(kind, chance, day, self._told(kind, day, name, number))
        measures = self._stated(kind, chance, made.fields)
        made.amounts = self.numbers.amounts(measures, chance, partial(self.stocks.on, day))
        return made

    def bare(self, kind: Kind, number: int, grain: str, occurred: Occurred, name: str = "") -> Deed:
        """A deed of which nothing is said yet."""
        said = name or (f"第{number}次" if grain == "event" else occurred.words or f"第{number}条")
        title = f"{SIMULATED}：{kind.title} {said}"
        ready = datetime.combine(occurred.end or self.year.start, _EVENING)
        return Deed(kind, number, grain, occurred, "done", title, ready)

    def planned(self, deed: Deed) -> Deed:
        """What is only planned was written down when the plan was made."""
        deed.state = "planned"
        deed.captured = datetime.combine(self.year.start, _EVENING)
        return deed

    def occurred(self, chance: Chance, day: date) -> Occurred:
        """Nearly always a day; now and then half of one, several, or only the month."""
        mix, draw = self.habits.mix, chance.below(100)
        if draw < mix.month_only:
            last = last_day(day.year, day.month)
            return Occurred(day.replace(day=1), last, Precision.MONTH, f"{day.month}月")
        if draw < mix.month_only + mix.half_day:
            half = "上午" if chance.hits(50) else "下午"
            return Occurred(day, day, Precision.HALF_DAY, f"{day.month}月{day.day}日{half}")
        if draw < mix.month_only + mix.half_day + mix.spans:
            end = min(day + _DAY * chance.between(1, 3), self.year.end)
            return Occurred(day, end, Precision.SPAN)
        return on(day)

    def _told(self, kind: Kind, day: date, name: str, number: int) -> dict[str, str]:
        """What is known of a record before anything is drawn: its name, and its festival."""
        told: dict[str, str] = {}
        field = kind.field(kind.titled_by or "")
        if field is not None:
            told[field.id] = name or self.words.invented(field, number)
        feast = self.habits.of(kind).feast
        if feast:
            told[feast] = self.year.feast_on(day)
        return told

    def _stated(self, kind: Kind, chance: Chance, fields: dict[str, str]) -> Iterable[Measure]:
        """The measures that a record states: those of its case, else most of them."""
        missing = [chance.hits(self.habits.mix.unstated) for _ in kind.measures]
        habit = self.habits.of(kind)
        named = (habit.cases[value] for value in fields.values() if value in habit.cases)
        chosen = next(named, None)
        if chosen is not None:
            return [one for one in kind.measures if one.id in chosen]
        return [
            one
            for one, silent in zip(kind.measures, missing, strict=True)
            if habit.full or not silent or one.id in self.stocks
        ]

    def _captured(self, kind: Kind, chance: Chance, day: date) -> datetime:
        """Written down on the evening or a few days later; a few only after what the kind allows."""
        delay, slow = chance.below(4), chance.hits(self.habits.mix.slow)
        if slow and kind.late_after_days is not None:
            delay += kind.late_after_days + 1
        when = min(day + _DAY * delay, self.asking.until)
        return datetime.combine(when, _EVENING if when < self.asking.until else _LATEST)


def on(day: date) -> Occurred:
    """What occurred on a day."""
    return Occurred(day, day, Precision.DAY)
