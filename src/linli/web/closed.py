"""What a form says beforehand of periods that are closed."""

from __future__ import annotations

from linli.core.periods.queries import closes
from linli.core.periods.rules import Closed
from linli.core.records.rules import RecordView
from linli.kernel.clock import beijing
from linli.web.visit import Visit

_NAMED = 8  # closed periods that a form names; the page of closes has them all


def _said(one: Closed) -> str:
    at = beijing(one.at)
    return f"{one.period}（{at.year}年{at.month}月{at.day}日关账）"


def closed_periods(visit: Visit) -> list[str]:
    """The closed periods in words, the latest days first."""
    found = sorted(closes(visit.actor, visit.area), key=lambda one: one.end, reverse=True)
    return [_said(one) for one in found[:_NAMED]]


def closed_over(visit: Visit, record: RecordView) -> list[str]:
    """The closed periods that a record lies in, in words."""
    found = closes(visit.actor, record.area)
    return [_said(one) for one in found if one.covers(record.occurred)]
