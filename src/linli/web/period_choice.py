"""The periods a page offers: those in which something is recorded."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from linli.kernel.clock import today
from linli.kernel.periods import Period
from linli.web.visit import Visit


@dataclass(frozen=True, slots=True)
class Spans:
    """Years that records touch, and (year, month) that hold some wholly."""

    years: frozenset[int]
    months: frozenset[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Chip:
    """One period to choose."""

    title: str
    href: str
    here: bool


@dataclass(frozen=True, slots=True)
class Chooser:
    """The chosen period, and the rows of chips: years, then the parts of the chosen year."""

    period: Period
    rows: tuple[tuple[Chip, ...], ...]


def choose(visit: Visit, spans: Spans) -> Chooser:
    """The period of `?period=`, else the newest year with records, else this year.

    Raises Refusal period.unreadable.
    """
    years = sorted(spans.years, reverse=True)
    asked = visit.request.GET.get("period", "").strip()
    period = Period.parse(asked) if asked else Period.of_year(years[0] if years else today().year)

    def chip(one: Period, title: str) -> Chip:
        return Chip(title, "?" + urlencode({"period": one.text}), one == period)

    first = [chip(Period.of_year(year), f"{year}年") for year in years]
    if len(years) > 1:
        first.append(chip(Period.parse(f"{years[-1]}..{years[0]}"), "历年合计"))
    parts = _parts(period.end.year)
    second = [chip(part, _short(part)) for part in parts if _holds(part, spans)]
    if not any(one.here for one in (*first, *second)):
        first.append(chip(period, period.words()))
    return Chooser(period, tuple(tuple(row) for row in (first, second) if row))


def _parts(year: int) -> list[Period]:
    whole = Period.of_year(year)
    return [*whole.halves(), *whole.quarters(), *whole.months()]


def _holds(part: Period, spans: Spans) -> bool:
    return any(
        part.start.year == year and part.start.month <= month <= part.end.month
        for year, month in spans.months
    )


def _short(part: Period) -> str:
    """The part without its year, which stands in the row above."""
    words = part.words().partition("年")[2]
    return words.removeprefix("第") if part.kind == "quarter" else words
