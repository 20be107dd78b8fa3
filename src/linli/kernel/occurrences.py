"""When a thing occurred or how often it is done: what a written date is read into."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Precision(StrEnum):
    """How exactly the days of an occurrence are known."""

    DAY = "day"
    HALF_DAY = "half_day"
    DEKAD = "dekad"  # 旬
    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    YEAR = "year"
    YEARS = "years"
    SPAN = "span"
    FESTIVAL = "festival"  # about that day
    UNTIL = "until"  # a last day only
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Occurred:
    """The days of an occurrence, both counted; None where they are not known. `words` as written."""

    start: date | None
    end: date | None
    precision: Precision
    words: str = ""


@dataclass(frozen=True, slots=True)
class Cadence:
    """How often: `times` in each `every` (day, week, month, quarter, half, year, festival, unstated).

    `times` is None where only the interval is written (每周).
    """

    times: int | None
    every: str
    words: str


@dataclass(frozen=True, slots=True)
class DateReading:
    """What a text says about days.

    `needs` names what is missing (year, as_of), `supplied` what of the caller's was used, `fault`
    says in Chinese that the day does not exist, `ambiguous` that another day could be meant
    (the Excel number 3.1 is 3月1日 or 3月10日).
    """

    occurred: tuple[Occurred, ...] = ()
    cadence: Cadence | None = None
    needs: frozenset[str] = frozenset()
    supplied: frozenset[str] = frozenset()
    fault: str | None = None
    ambiguous: bool = False
