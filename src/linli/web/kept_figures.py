"""The figures of a whole period as pages show them: kept ones while nothing was recorded since.

A page that is only looked at writes nothing. Where no fresh figures are kept it computes them for
itself, and asks the browser to have them kept for the next one (`figures-keep`, a POST).
"""

from __future__ import annotations

from dataclasses import dataclass

from linli.insight import queries
from linli.insight.figures import Figure
from linli.kernel.periods import Period
from linli.web.visit import Visit

_KEPT = frozenset({"year", "half", "quarter", "month", "years"})


@dataclass(frozen=True, slots=True)
class Shown:
    """Figures of a period; `keep`: the period that is worth keeping, else empty."""

    figures: list[Figure]
    keep: str = ""


def is_kept(period: Period) -> bool:
    """Whether figures of the period are kept: natural ones, not a span that somebody typed."""
    return period.kind in _KEPT


def figures_of(visit: Visit, period: Period) -> Shown:
    """All figures of the area as they are now."""
    kept = queries.stored(visit.actor, visit.area, period) if is_kept(period) else None
    if kept is not None and kept.fresh:
        return Shown(list(kept.figures))
    found = queries.figures(visit.actor, visit.area, period)
    return Shown(found, period.text if is_kept(period) else "")
