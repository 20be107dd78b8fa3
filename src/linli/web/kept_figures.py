"""The figures of a whole period as pages show them: kept ones, brought up to date when needed."""

from __future__ import annotations

from linli.insight import actions, queries
from linli.insight.figures import Figure
from linli.kernel.periods import Period
from linli.web.visit import Visit

_KEPT = frozenset({"year", "half", "quarter", "month", "years"})


def figures_of(visit: Visit, period: Period) -> list[Figure]:
    """All figures of the area. Natural periods are kept; a span somebody typed is computed."""
    if period.kind not in _KEPT:
        return queries.figures(visit.actor, visit.area, period)
    kept = queries.stored(visit.actor, visit.area, period)
    if kept is None or not kept.fresh:
        kept = actions.fill(actor=visit.actor, area=visit.area, period=period)
    return list(kept.figures)
