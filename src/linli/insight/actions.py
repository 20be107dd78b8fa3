"""The only writes of insight: kept figures, replaced as a whole for an area and period."""

from __future__ import annotations

from linli.core.access.rules import Actor, Permission
from linli.core.areas.queries import resolve
from linli.core.areas.rules import AreaRef
from linli.core.audit import trail
from linli.core.audit.action import action
from linli.insight.figures import Figure
from linli.insight.models import FillState, StoredFigure
from linli.insight.queries import PeriodRef, computed
from linli.insight.stored import Stored, as_row, stored_of
from linli.kernel.clock import now
from linli.kernel.periods import Period


@action("insight.fill", permission=Permission.READ)
def fill(*, actor: Actor, area: AreaRef, period: PeriodRef) -> Stored:
    """Compute and keep the figures of an area and period, unless those kept are fresh.

    One audit entry says when they were filled and from which knowledge. Raises Refusal
    access.denied, areas.unknown, period.unreadable.
    """
    place = resolve(area)
    span = Period.parse(period) if isinstance(period, str) else period
    figures, mark, known_at = computed(place, span)
    state, _ = FillState.objects.update_or_create(
        area_id=place.key,
        period=span.text,
        defaults={"mark": mark, "known_at": known_at, "filled_at": now()},
    )
    StoredFigure.objects.filter(fill=state).delete()
    StoredFigure.objects.bulk_create(_rows(state, figures))
    trail.note(
        actor=actor,
        area=place.key,
        action="insight.fill",
        subject=("fill", f"{place.key}/{span.text}"),
        payload=[figure.fingerprint for figure in figures],
        facts={"period": span.text, "figures": len(figures)},
    )
    return stored_of(state, place.slug)


def _rows(state: FillState, figures: list[Figure]) -> list[StoredFigure]:
    return [
        StoredFigure(fill=state, place=place, **as_row(figure))
        for place, figure in enumerate(figures)
    ]
