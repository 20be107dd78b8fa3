"""All reads of what is measured. Each asks first whether the actor may read the area."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.conf import settings

from linli.core.access.queries import readable
from linli.core.access.rules import Actor
from linli.core.areas.queries import children, under
from linli.core.areas.rules import AreaRef, AreaView
from linli.core.records.queries import record as core_record
from linli.core.records.queries import records as core_records
from linli.core.records.queries import simulated
from linli.core.records.rules import SIMULATED, RecordView
from linli.insight import lineage
from linli.insight import reconcile as rules
from linli.insight.figures import Appearance, Figure, Finding
from linli.insight.ledgers import LedgerTable, table
from linli.insight.models import FillState
from linli.insight.names import figure_of
from linli.insight.reading import Reading, reading
from linli.insight.snapshot.core import CoreSource
from linli.insight.stored import Stored, stored_of
from linli.kernel.periods import Period
from linli.packs.load import registry as load_registry
from linli.packs.schema import Indicator

PeriodRef = Period | str


def figures(
    actor: Actor,
    area: AreaRef,
    period: PeriodRef,
    ids: Iterable[str] | None = None,
    known_at: datetime | None = None,
) -> list[Figure]:
    """Figures of an area for a period, in the order of the packs; ``ids`` chooses indicators.

    They hold everything acknowledged before the call; with ``known_at`` what was known then. Raises
    Refusal access.denied, areas.unknown, period.unreadable, packs.unknown.
    """
    place = readable(actor, area)
    span = _period(period)
    with reading() as view:
        chosen = _indicators(view, ids, span)
        then = known_at or view.known_at
        values = view.evaluate(chosen, (place.key,), span, known_at=known_at)
        return [figure_of(v, place.slug, span, then, view.manifest.generation) for v in values]


def computed(place: AreaView, period: Period) -> tuple[list[Figure], str, datetime]:
    """All figures of an area, the mark of the facts they stand on, and the knowledge they hold.

    For ``actions.fill``, which has asked for the permission.
    """
    with reading() as view:
        chosen = _indicators(view, None, period)
        values = view.evaluate(chosen, (place.key,), period)
        generation = view.manifest.generation
        figures = [figure_of(v, place.slug, period, view.known_at, generation) for v in values]
        return figures, view.manifest.mark, view.known_at


def stored(actor: Actor, area: AreaRef, period: PeriodRef) -> Stored | None:
    """Figures kept for a page, with the day they are of (截至); None if none were kept yet.

    ``fresh`` is false when something was recorded since: ``actions.fill`` brings them up to date.
    """
    place = readable(actor, area)
    state = FillState.objects.filter(area=place.key, period=_period(period).text).first()
    if state is None:
        return None
    mark = CoreSource(load_registry(settings.LINLI_HOME)).mark()
    return stored_of(state, place.slug, mark=mark)


def figure(
    actor: Actor,
    area: AreaRef,
    period: PeriodRef,
    indicator: str,
    known_at: datetime | None = None,
) -> Figure:
    """One figure; see ``figures``."""
    return figures(actor, area, period, [indicator], known_at)[0]


def breakdown(
    actor: Actor, area: AreaRef, period: PeriodRef, ids: Iterable[str]
) -> dict[str, list[Figure]]:
    """The same figures for each area directly under an area, by slug: one program for all."""
    place = readable(actor, area)
    span = _period(period)
    below = {view.key: view.slug for view in children(actor, place, on=span.end)}
    if not below:
        return {}
    with reading() as view:
        chosen = _indicators(view, ids, span)
        values = view.evaluate(chosen, tuple(below), span)
        found: dict[str, list[Figure]] = {slug: [] for slug in below.values()}
        for value in values:
            slug = below[value.target]
            found[slug].append(
                figure_of(value, slug, span, view.known_at, view.manifest.generation)
            )
        return found


def trace(
    actor: Actor,
    indicator: str,
    area: AreaRef,
    period: PeriodRef,
    known_at: datetime | None = None,
) -> list[RecordView]:
    """The records behind a figure, in the versions known then: the set of its fingerprint."""
    place = readable(actor, area)
    span = _period(period)
    with reading() as view:
        chosen = _indicators(view, [indicator], span)
        (value,) = view.evaluate(chosen, (place.key,), span, known_at=known_at, keys=True)
    return views(actor, place, sorted(value.keys or ()))


def keys_behind(
    actor: Actor,
    indicators: Iterable[str],
    area: AreaRef,
    period: PeriodRef,
    known_at: datetime | None = None,
) -> dict[str, tuple[int, ...]]:
    """The row keys behind several figures at once: one program, where ``trace`` would need many."""
    place = readable(actor, area)
    span = _period(period)
    names = list(indicators)
    with reading() as view:
        chosen = _indicators(view, names, span)
        values = view.evaluate(chosen, (place.key,), span, known_at=known_at, keys=True)
        return {
            name: tuple(sorted(value.keys or ())) for name, value in zip(names, values, strict=True)
        }


def views(actor: Actor, area: AreaRef, keys: Sequence[int]) -> list[RecordView]:
    """Record versions by key, in the order of their days."""
    found: list[RecordView] = []
    for first in range(0, len(keys), 500):  # SQLite takes a limited number of parameters
        found += core_records(actor, area, keys=keys[first : first + 500])
    return sorted(found, key=_by_day)


def as_of() -> datetime:
    """The instant of the latest change that figures hold."""
    with reading() as view:
        return view.known_at


def _by_day(view: RecordView) -> tuple[str, int]:
    day = view.occurred.start or view.occurred.end
    return (day.isoformat() if day else ""), view.key


def _period(period: PeriodRef) -> Period:
    return Period.parse(period) if isinstance(period, str) else period


def _indicators(view: Reading, ids: Iterable[str] | None, period: Period) -> list[Indicator]:
    """The versions of the definitions that are valid at the period's end."""
    names = list(view.registry.indicators) if ids is None else list(ids)
    return [view.registry.indicator(name, on=period.end) for name in names]


def appearances(actor: Actor, record_id: UUID | str) -> list[Appearance]:
    """Every figure (indicator and period) of its own area that counts a record, and every report.

    Raises Refusal records.unknown, access.denied.
    """
    found = core_record(actor, UUID(str(record_id)))
    place = readable(actor, found.area)
    with reading() as view:
        return lineage.counted(view, found, place.key) + lineage.told(found.id)


def reconcile(actor: Actor, area: AreaRef, period: PeriodRef) -> list[Finding]:
    """What does not agree in an area and period: sentences with values, figures and records."""
    place = readable(actor, area)
    with reading() as view:
        return rules.reconcile(actor, place, _period(period), view)


def ledger(actor: Actor, ledger_id: str, area: AreaRef, period: PeriodRef) -> LedgerTable:
    """A ledger of an area and all under it, by id or title, ready to print.

    Raises Refusal packs.unknown with the nearest ledger.
    """
    place = readable(actor, area)
    span = _period(period)
    registry = load_registry(settings.LINLI_HOME)
    declared = registry.ledger(ledger_id)
    names = {view.slug: view.name for view in under(actor, place, on=span.end)}
    found = [record for kind in declared.kinds for record in core_records(actor, place, kind=kind)]
    made = table(declared, found, place, span, registry, names)
    return replace(made, mark=f"【{SIMULATED}】") if simulated(actor, place) else made
