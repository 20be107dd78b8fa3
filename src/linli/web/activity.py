"""How much was recorded when: what period choosers and the overview's drawings are made of."""

from __future__ import annotations

from collections.abc import Iterable

from linli.insight import activity
from linli.insight.activity import Activity
from linli.web.period_choice import Spans
from linli.web.visit import Visit


def activity_of(visit: Visit) -> list[Activity]:
    """Counts of records of the area by kind and month."""
    return activity.activity(visit.actor, visit.area)


def spans_of(found: Iterable[Activity]) -> Spans:
    """Years that records touch, and months that hold some wholly."""
    ends = [one for one in found if one.first and one.last]
    years = {year for one in ends for year, _ in (one.first or (0, 0), one.last or (0, 0))}
    months = {one.first for one in ends if one.first == one.last and one.first}
    return Spans(frozenset(years), frozenset(months))


def recorded(visit: Visit) -> Spans:
    """In which years and months something is recorded."""
    return spans_of(activity_of(visit))
