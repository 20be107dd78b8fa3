"""What is asked of a simulation, what it has done, and when it refuses. Plain Python."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from linli.core.records.rules import SIMULATED
from linli.kernel.errors import Refusal, sentences

MOST_HOUSEHOLDS = 100_000
_FIRST_YEAR = 1950

sentences(
    {
        "simulation.occupied": (
            "辖区“{area}”已有 {count} 条记录，模拟数据会和它们混在一起。",
            "请另建一个辖区；确实要加到这里，请加 --into。",
        ),
        "simulation.households": (
            "户数 {households} 不能模拟。",
            "请写 1 到 {most} 之间的数。",
        ),
        "simulation.year": (
            "{year} 年不能模拟：只能模拟 {first} 年以来、已经过了至少一天的年份。",
            "请换一个年份。",
        ),
        "simulation.until": (
            "截止日 {until} 不在 {year} 年内，或者还没有过完。",
            "请写这一年里、今天以前的一天。",
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Asking:
    """A community-year to be simulated, up to and with the day `until`."""

    households: int
    year: int
    seed: int
    until: date


def asking(households: int, year: int, seed: int, until: date | None, today: date) -> Asking:
    """What is asked, checked. Without `until` a year that is over is whole, this year ends yesterday.

    Only this default looks at the day: the same `until` gives the same records on any day.
    """
    if not 1 <= households <= MOST_HOUSEHOLDS:
        raise Refusal("simulation.households", households=households, most=MOST_HOUSEHOLDS)
    yesterday = date.fromordinal(today.toordinal() - 1)
    if not _FIRST_YEAR <= year <= yesterday.year:
        raise Refusal("simulation.year", year=year, first=_FIRST_YEAR)
    end = until or min(date(year, 12, 31), yesterday)
    if end.year != year or end > yesterday:
        raise Refusal("simulation.until", until=end, year=year)
    return Asking(households, year, seed, end)


@dataclass(frozen=True, slots=True)
class Total:
    """What the simulation itself counts for an indicator: as written, its bounds, and the truth.

    `lo` and `hi` are infinite where no bound was written. A rate has no `truth`: it is of what was
    written only.
    """

    value: Decimal
    lo: Decimal
    hi: Decimal
    truth: Decimal | None
    records: int


@dataclass(slots=True)
class Simulated:
    """What a simulation has written, and its own totals: indicator → period code → total."""

    area: str
    asked: Asking
    kinds: int = 0
    written: int = 0
    fates: Counter[str] = field(default_factory=Counter)
    states: Counter[str] = field(default_factory=Counter)
    grains: Counter[str] = field(default_factory=Counter)
    closed: tuple[str, ...] = ()
    totals: dict[str, dict[str, Total]] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The first line of ``linli simulate --json``; the totals follow, a line each."""
        return {
            "area": self.area,
            "mark": SIMULATED,
            "year": self.asked.year,
            "until": self.asked.until,
            "households": self.asked.households,
            "seed": self.asked.seed,
            "kinds": self.kinds,
            "records": self.written,
            "grains": dict(sorted(self.grains.items())),
            "states": dict(sorted(self.states.items())),
            "fates": dict(sorted(self.fates.items())),
            "closed": list(self.closed),
        }
