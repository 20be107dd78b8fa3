"""What the worker does for insight: figures computed ahead, and a snapshot that is never cold.

Every process reads this module when it starts, so the engine is imported where it is used.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from linli.core.access.rules import Actor, Permission
from linli.core.areas.rules import AreaView
from linli.core.jobs.rules import Chore, JobKind, Progress
from linli.kernel.errors import Refusal
from linli.kernel.periods import Period

TITLE = "填算数据"


def fill_figures(
    actor: Actor, area: AreaView | None, parameters: Mapping[str, Any], progress: Progress
) -> str:
    """Compute and keep the figures of an area for several periods; what is fresh already is kept.

    A job begun again after a kill passes quickly over the periods that were done before.
    """
    from linli.insight.actions import fill
    from linli.insight.queries import stored

    if area is None:
        raise Refusal("jobs.parameters", title=TITLE, why="没有写明辖区")
    periods = [Period.parse(text) for text in parameters["periods"]]
    for number, period in enumerate(periods):
        progress(number, len(periods), f"正在填算{period.words()}")
        kept = stored(actor, area, period)
        if kept is None or not kept.fresh:
            fill(actor=actor, area=area, period=period)
    progress(len(periods), len(periods))
    return f"{area.name}：{len(periods)} 个期间的数据已填算。"


def _check(parameters: Mapping[str, Any]) -> None:
    periods = parameters.get("periods")
    if not isinstance(periods, list) or not periods:
        raise Refusal("jobs.parameters", title=TITLE, why="没有写明期间")
    for text in periods:
        Period.parse(str(text))


def refresh(actor: Actor) -> None:
    """Bring the snapshot up to date, so that the first page after a write need not wait for it."""
    from linli.insight.reading import reading

    del actor  # the snapshot holds all areas; who may see what is asked at each figure
    with reading():
        pass


FILL = JobKind("insight.fill", TITLE, Permission.READ, fill_figures, _check)
FRESH = Chore("insight.refresh", timedelta(minutes=1), refresh)
