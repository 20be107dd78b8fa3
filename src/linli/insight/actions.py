"""The only writes of insight: kept figures, replaced as a whole for an area and period."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from linli.core.access.rules import Actor, Permission
from linli.core.areas.queries import resolve
from linli.core.areas.rules import AreaRef, AreaView
from linli.core.audit import trail
from linli.core.audit.action import action
from linli.insight.figures import Figure
from linli.insight.models import FillState, StoredFigure
from linli.insight.queries import PeriodRef, computed
from linli.insight.stored import Stored, as_row, stored_of
from linli.kernel.clock import now
from linli.kernel.periods import Period


@action("insight.fill", permission=Permission.READ, atomic=False)
def fill(*, actor: Actor, area: AreaRef, period: PeriodRef) -> Stored:
    """Compute and keep the figures of an area and period.

    Nobody waits while figures are computed: only the keeping is a transaction, and a short one. Who
    finds that another has kept newer ones meanwhile leaves them (the audit then says: figures 0).
    One audit entry says when they were filled and from which knowledge. Raises Refusal
    access.denied, areas.unknown, period.unreadable.
    """
    place = resolve(area)
    span = Period.parse(period) if isinstance(period, str) else period
    figures, mark, known_at = computed(place, span)
    with transaction.atomic():
        state = _keep(actor, place, span, figures, mark, known_at)
    return stored_of(state, place.slug)


def _keep(
    actor: Actor,
    place: AreaView,
    span: Period,
    figures: list[Figure],
    mark: str,
    known_at: datetime,
) -> FillState:
    trail.lock(place.key)  # two who fill the same figures take turns
    standing = FillState.objects.filter(area=place.key, period=span.text).first()
    if standing is not None and standing.known_at > known_at:
        _note(actor, place, span, [])
        return standing
    state, _ = FillState.objects.update_or_create(
        area_id=place.key,
        period=span.text,
        defaults={"mark": mark, "known_at": known_at, "filled_at": now()},
    )
    StoredFigure.objects.filter(fill=state).delete()
    StoredFigure.objects.bulk_create(_rows(state, figures))
    _note(actor, place, span, figures)
    return state


def _note(actor: Actor, place: AreaView, span: Period, figures: list[Figure]) -> None:
    trail.note(
        actor=actor,
        area=place.key,
        action="insight.fill",
        subject=("fill", f"{place.key}/{span.text}"),
        payload=[figure.fingerprint for figure in figures],
        facts={"period": span.text, "figures": len(figures)},
    )


def _rows(state: FillState, figures: list[Figure]) -> list[StoredFigure]:
    return [
        StoredFigure(fill=state, place=place, **as_row(figure))
        for place, figure in enumerate(figures)
    ]
