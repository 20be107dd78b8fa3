"""How the simulated community lives: `habits.toml`, read into frozen models.

All that is particular to a kind stands in that file; the code knows kinds only by what packs declare
of them.
"""

from __future__ import annotations

import tomllib
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict
from pydantic import Field as Slot

from linli.packs.schema import Kind, Measure


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Mix(_Model):
    """Shares in percent."""

    qualified: int
    unstated: int
    blank: int
    asked_blank: int
    asked: int
    slow: int
    missed: int
    undone: int
    ongoing: int
    month_only: int
    half_day: int
    spans: int
    renewed: int
    joined: int
    summarised: int
    wanted: int
    named: int


class Slips(_Model):
    """Shares in a thousand of what is put right, taken back or written late."""

    withdrawn: int
    corrected: int
    late: int


class Weights(_Model):
    """How likely a day is: working days, free days, days before a festival."""

    workday: int
    free: int
    festive: int


class Habit(_Model):
    """How a kind is done here: `often` in the words of an office, or so many a household a year.

    Of things that stand, `things` are in every community and one more for each `one_per` households.
    `cases`: an option of a choice and the measures it states. `plans`: what lies ahead is recorded as
    planned. `always`: fields that are never left blank; `feast`: the one that names the festival.
    `full`: every measure is stated.
    """

    often: str = ""
    per_household: Decimal = Decimal(0)
    things: int = 0
    one_per: int = 0
    cases: dict[str, tuple[str, ...]] = Slot(default_factory=dict)
    always: tuple[str, ...] = ()
    feast: str = ""
    plans: bool = False
    full: bool = False


class Range(_Model):
    """What a number may be: `between` in its last decimal place, or as many as there are things."""

    between: tuple[int, int] = (0, 0)
    decimals: int = 0
    things_of: str = ""


class Flow(_Model):
    """What moves a stock: the sum of a measure, or with `records` how many records state it."""

    kind: str
    measure: str
    records: bool = False


class Stock(_Model):
    """A stock that changes in the year: so many a household at first, or a share of another."""

    per_household: Decimal = Decimal(0)
    share_of: str = ""
    percent: Decimal = Decimal(0)
    plus: tuple[Flow, ...] = ()
    minus: tuple[Flow, ...] = ()


class Habits(_Model):
    """All of `habits.toml`."""

    mix: Mix
    slips: Slips
    days: Weights
    festivals: tuple[str, ...]
    seasons: dict[str, tuple[int, ...]]
    sections: dict[str, Habit]
    kinds: dict[str, Habit]
    units: dict[str, Range]
    measures: dict[str, Range]
    stocks: dict[str, Stock]
    cadences: tuple[str, ...]
    words: dict[str, str]

    def of(self, kind: Kind) -> Habit:
        """The habit of a kind, else that of its section, else that of every other."""
        own = self.kinds.get(kind.id)
        usual = self.sections.get(kind.section) or self.sections["other"]
        if own is None:
            return usual
        if own.often or own.per_household or kind.grain == "observation":
            return own
        rate = {"often": usual.often, "per_household": usual.per_household}
        return own.model_copy(update=rate)

    def range_of(self, measure: Measure) -> Range:
        """What a measure may be, by its id, else by its unit."""
        return self.measures.get(measure.id) or self.units.get(measure.unit) or self.units["个"]

    def season(self, section: str) -> tuple[int, ...]:
        """The twelve weights of the months in a section of work."""
        return self.seasons.get(section) or self.seasons["other"]


@lru_cache(maxsize=1)
def habits() -> Habits:
    """The habits that ship with Linli."""
    text = files(__package__).joinpath("habits.toml").read_text("utf-8")
    return Habits.model_validate(tomllib.loads(text))
