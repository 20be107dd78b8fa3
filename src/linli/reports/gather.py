"""Fetch what a report may say: records of the period, figures, plans, and the way to their trace."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from itertools import chain

from linli.core.access.rules import Actor
from linli.core.areas.rules import AreaView
from linli.core.records import queries as records
from linli.core.records.rules import SIMULATED, RecordView, State
from linli.insight import queries as insight
from linli.insight.figures import Figure
from linli.kernel.errors import Refusal
from linli.kernel.periods import Period
from linli.packs.registry import Registry
from linli.reports.compose.material import Amount, Datum, Item, Material

_MANY = 3000  # records of a period that are all read
_OF_A_KIND = (
    100  # above the ``most`` of every block, so that a block still knows that there are more
)
_UNTOLD = frozenset({State.WITHDRAWN, State.SOURCE_WANTED})


def clipped(actor: Actor, area: AreaView, period: Period, until: date | None) -> Period:
    """Return the days that a report written on ``until`` covers.

    The whole period while nothing is recorded after that day: an annual report is often signed in
    November, and its totals are totals of the year. Else only the days up to it.
    """
    if until is None or until >= period.end:
        return period
    if until < period.start:
        raise Refusal("reports.until.outside", until=until, period=period.words())
    rest = Period(until + timedelta(days=1), period.end)
    later = any(
        view.occurred.start is not None and view.occurred.start > until
        for view in records.records(actor, area, period=rest)
        if view.state != State.PLANNED
    )
    return Period(period.start, until) if later else period


def _of_period(
    actor: Actor, area: AreaView, span: Period, registry: Registry, known_at: datetime
) -> Iterator[RecordView]:
    """All records of a period; of a very busy one the first of each kind, for a report tells no
    more of them. Its figures count them all anyway."""
    if records.count(actor, area, period=span) <= _MANY:
        return records.records(actor, area, period=span, known_at=known_at)
    return chain.from_iterable(
        records.records(actor, area, kind=kind, period=span, known_at=known_at, limit=_OF_A_KIND)
        for kind in registry.kinds
    )


def _views(
    actor: Actor, area: AreaView, span: Period, registry: Registry, known_at: datetime
) -> dict[int, RecordView]:
    """The records of a period, the plans, and the states observed before it: not the whole past."""
    stocks = [kind.id for kind in registry.kinds.values() if kind.grain == "observation"]
    found = chain(
        _of_period(actor, area, span, registry, known_at),
        records.records(actor, area, state=State.PLANNED, known_at=known_at),
        *(records.records(actor, area, kind=kind, known_at=known_at) for kind in stocks),
    )
    return {view.key: view for view in found}


def item_of(view: RecordView, registry: Registry) -> Item:
    """Return a record as a report sees it."""
    kind = registry.kinds.get(view.kind)
    seen: Counter[str] = Counter()
    amounts: list[Amount] = []
    for one in view.quantities:
        amounts.append(
            Amount(
                one.measure,
                one.label,
                one.quantity,
                one.cell or "",
                one.part_of or "",
                seen[one.measure],
            )
        )
        seen[one.measure] += 1
    return Item(
        id=str(view.id),
        kind=view.kind,
        section=kind.section if kind else "other",
        grain=view.grain,
        occurred=view.occurred,
        state=view.state,
        title=view.title,
        fields=dict(view.fields),
        amounts=tuple(amounts),
        source=source_words(view),
        sheet=view.sheet or "",
    )


def source_words(view: RecordView) -> str:
    """Where a record stands: sheet and first cell or row, else its title."""
    if view.sheet is None:
        return view.title
    cell = next((one.cell for one in view.quantities if one.cell), None)
    if cell:
        return f"{view.sheet}!{cell}"
    return f"{view.sheet} 第{view.row}行" if view.row else view.sheet


def datum_of(figure: Figure, registry: Registry) -> Datum:
    """Return a figure as a report sees it."""
    indicator = registry.indicators.get(figure.indicator)
    return Datum(
        indicator=figure.indicator,
        version=figure.version,
        title=figure.title,
        definition=figure.definition,
        quantity=figure.quantity,
        section=indicator.section if indicator else "other",
        basis=str(figure.basis),
        records=figure.records,
        known_at=figure.known_at.isoformat(),
        fingerprint=figure.fingerprint,
        measure=(indicator.numerator.measure or "") if indicator else "",
    )


def belongs(item: Item, period: Period) -> bool:
    """Say whether a record may be told in a report of a period.

    A state observed counts up to the period's end. What has a span must lie inside; what has only a
    last day is told without a day.
    """
    start, end = item.occurred.start, item.occurred.end
    if item.grain == "observation":
        return (end or start or period.end) <= period.end
    if start is None:
        return end is None or period.start <= end <= period.end
    if item.section == "honours":  # an honour has a term, which may have begun before
        return period.overlaps(start, end or start)
    return period.contains(start, end or start)


def _telling(items: Iterable[Item], period: Period) -> list[Item]:
    return [item for item in items if item.state not in _UNTOLD and belongs(item, period)]


def _planned(items: Iterable[Item], period: Period) -> tuple[Item, ...]:
    """Plans for the time after the period: the next one of its length, or of no stated day."""
    following = period.following() or period
    return tuple(
        item for item in items if item.state == State.PLANNED and _ahead(item, period, following)
    )


def _ahead(item: Item, period: Period, following: Period) -> bool:
    start, end = item.occurred.start, item.occurred.end
    if start is None:  # written down in the period, without a day of its own
        return end is None or period.start <= end <= following.end
    return period.end < (end or start) and start <= following.end


def material(
    actor: Actor,
    area: AreaView,
    period: Period,
    until: date | None,
    registry: Registry,
    *,
    known_at: datetime,
    signed: date,
    ids: Iterable[str] | None = None,
    prose: Mapping[str, tuple[str, ...]] | None = None,
    signer: str = "",
) -> Material:
    """Return everything that a report of an area and period may say, as known at an instant."""
    span = clipped(actor, area, period, until)
    views = _views(actor, area, span, registry, known_at)
    by_key = {key: item_of(view, registry) for key, view in sorted(views.items())}
    items = list(by_key.values())
    figures = insight.figures(actor, area, span, ids=ids, known_at=known_at)

    told_of = [figure.indicator for figure in figures if figure.value and figure.records <= _MANY]
    behind = insight.keys_behind(actor, told_of, area, span, known_at)

    def trace(indicator: str) -> tuple[Item, ...]:
        keys = behind.get(indicator, ())
        # What counts all time rests on records of years before the period: fetched when told of.
        earlier = [key for key in keys if key not in by_key][:_OF_A_KIND]
        found = insight.views(actor, area, earlier) if earlier else ()
        by_key.update((view.key, item_of(view, registry)) for view in found)
        return tuple(by_key[key] for key in keys if key in by_key)

    return Material(
        area=area.slug,
        area_name=area.name,
        period=period,
        until=signed,
        asked=span.text,
        items=tuple(item for item in _telling(items, span) if item.state != State.PLANNED),
        data={figure.indicator: datum_of(figure, registry) for figure in figures},
        planned=_planned(items, span),
        signer=signer,
        mark=SIMULATED if records.simulated(actor, area) else "",
        trace=trace,
        prose=prose or {},
    )
