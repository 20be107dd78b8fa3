"""Findings of the reconciliation, kept in the process for as long as nothing is recorded.

Every overview asks for them, and they take a second: the same question about the same facts is
answered once. The mark of the kept figures says which facts they are.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence

from django.conf import settings

from linli.insight import queries
from linli.insight.figures import Finding
from linli.kernel.periods import Period
from linli.web.visit import Visit

_MOST = 128
_Key = tuple[str, int, str, str]
_kept: OrderedDict[_Key, tuple[Finding, ...]] = OrderedDict()
_lock = threading.Lock()


def findings_of(visit: Visit, period: Period) -> Sequence[Finding]:
    """Errors first, then doubts."""
    figures = queries.stored(visit.actor, visit.area, period)
    if figures is None or not figures.fresh:
        return _asked(visit, period)
    key = (str(settings.LINLI_HOME), visit.area.key, period.text, figures.mark)
    with _lock:
        known = _kept.get(key)
    if known is None:
        known = _asked(visit, period)
        with _lock:
            _kept[key] = known
            if len(_kept) > _MOST:
                _kept.popitem(last=False)
    return known


def _asked(visit: Visit, period: Period) -> tuple[Finding, ...]:
    found = queries.reconcile(visit.actor, visit.area, period)
    return tuple(sorted(found, key=lambda one: one.severity != "error"))
