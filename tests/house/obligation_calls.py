"""One call of every action of obligations, for `world.CALLS`."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from linli.core.obligations import actions
from linli.kernel.clock import today

CLASS = "base.due.civic_class"


def _where(w: Any) -> dict[str, Any]:
    return {"actor": w.operator, "area": w.community}


def _code() -> str:
    return f"{CLASS}@{today().replace(day=1).isoformat()}"


def _paused(w: Any) -> dict[str, Any]:
    since = today() - timedelta(days=5)
    made = actions.pause(**_where(w), rule=CLASS, reason="教室装修", since=since)
    return {"area": w.community, "pause_id": made}


def _waived(w: Any) -> dict[str, Any]:
    made = actions.waive(**_where(w), code=_code(), reason="停课")
    return {"area": w.community, "waiver": made}


CALLS = {
    "obligations.lift": _waived,
    "obligations.name_interval": lambda w: {
        "area": w.community, "rule": "base.due.talks", "interval": "每月", "since": date(2010, 1, 1),
    },
    "obligations.pause": lambda w: {"area": w.community, "rule": CLASS, "reason": "教室装修"},
    "obligations.remind": lambda w: {"area": w.community},
    "obligations.resume": _paused,
    "obligations.waive": lambda w: {"area": w.community, "code": _code(), "reason": "停课"},
}  # fmt: skip
