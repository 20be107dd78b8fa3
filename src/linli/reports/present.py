"""What the bound runs of a report lead to now: figures recomputed, records re-read, in bulk."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from uuid import UUID

from linli.core.access.rules import Actor
from linli.core.areas.queries import resolve
from linli.core.records import queries as records
from linli.core.records.rules import State
from linli.insight import queries as insight
from linli.insight.figures import Figure
from linli.kernel.errors import Refusal
from linli.kernel.periods import Period
from linli.packs.load import registry
from linli.packs.registry import Registry
from linli.reports.check import Bound, Now
from linli.reports.compose.material import Amount, Item
from linli.reports.compose.say import headed, trimmed
from linli.reports.compose.when import when
from linli.reports.draft import Ref, RefKind
from linli.reports.gather import belongs, item_of


def present(actor: Actor, bounds: Iterable[Bound]) -> dict[str, Now]:
    """Return what each key leads to now; a key that leads nowhere any more is left out.

    One computation for each area and period, one query of records for each area.
    """
    refs = [bound.ref for bound in bounds]
    known = registry()
    found: dict[str, Now] = {}
    for (area, period), group in _grouped(refs, RefKind.FIGURE, "area", "period").items():
        found.update(_figures(actor, area, period, group))
    for (area,), group in _grouped(refs, RefKind.RECORD, "area").items():
        found.update(_records(actor, area, group, known))
    for ref in refs:
        if ref.kind is RefKind.PERIOD:  # a day of the calendar stays what it is
            found[ref.key] = Now(words=ref.words)
        elif ref.kind is RefKind.NAME:
            found[ref.key] = Now(words=resolve(ref.subject).name)
    return found


def _grouped(refs: list[Ref], kind: RefKind, *by: str) -> dict[tuple[str, ...], list[Ref]]:
    groups: dict[tuple[str, ...], list[Ref]] = defaultdict(list)
    for ref in refs:
        if ref.kind is kind:
            groups[tuple(getattr(ref, name) for name in by)].append(ref)
    return groups


def _figures(actor: Actor, area: str, period: str, refs: list[Ref]) -> Iterator[tuple[str, Now]]:
    ids = sorted({ref.subject.split("@")[0] for ref in refs})
    known = {
        figure.indicator: figure
        for figure in insight.figures(actor, area, Period.parse(period), ids=ids)
    }
    for ref in refs:
        figure = known.get(ref.subject.split("@")[0])
        if figure is not None:
            yield ref.key, _of_figure(figure, ref)


def _of_figure(figure: Figure, ref: Ref) -> Now:
    if ref.part == "says":  # the pack's own words, which no record can change
        return Now(words=ref.words)
    if ref.part == "title":
        return Now(words=figure.title)
    if ref.part == "definition":
        return Now(words=figure.definition)
    if ref.part == "records":
        return Now(words=f"{figure.records}条")
    if figure.value is None:
        return Now()
    return Now(figure.value, figure.unit, str(figure.qualifier), figure.value_max)


def _records(
    actor: Actor, area: str, refs: list[Ref], known: Registry
) -> Iterator[tuple[str, Now]]:
    ids = sorted({UUID(ref.subject) for ref in refs if ref.subject})
    views = records.records(actor, area, ids=ids) if ids else ()
    items = {str(view.id): item_of(view, known) for view in views if view.state != State.WITHDRAWN}
    for ref in refs:
        if ref.part.startswith("count:"):
            yield ref.key, _count(actor, area, ref, known)
        elif ref.subject in items and (now := _of_item(items[ref.subject], ref)) is not None:
            yield ref.key, now


def _count(actor: Actor, area: str, ref: Ref, known: Registry) -> Now:
    kind, period = ref.part.removeprefix("count:"), Period.parse(ref.period)
    items = [item_of(view, known) for view in records.records(actor, area, kind=kind)]
    number = sum(belongs(item, period) for item in items)
    unit = ref.words.lstrip("0123456789")
    return Now(words=f"{number}{unit}")


def _of_item(item: Item, ref: Ref) -> Now | None:
    part, _, name = ref.part.partition(":")
    if part == "quantity":
        one = _amount(item, name)
        if one is None:
            return None
        q = one.quantity
        return Now(q.value, q.unit, str(q.qualifier), q.value_max)
    return Now(words=_words(item, ref, part, name))


def _amount(item: Item, name: str) -> Amount | None:
    """The amount that ``MEASURE#N`` names."""
    measure, _, number = name.partition("#")
    return next((o for o in item.amounts if (o.measure, str(o.number)) == (measure, number)), None)


def _words(item: Item, ref: Ref, part: str, name: str) -> str:
    if part == "title" and name:
        halves = headed(trimmed(item.title))
        return halves[0 if name == "head" else 1] if halves else ""
    if part == "title":
        return trimmed(item.title)
    if part == "occurred":
        return _when(item, ref)
    if part == "source":
        return item.source_of(_amount(item, name) if name else None)
    return trimmed(item.fields.get(name, ""))


def _when(item: Item, ref: Ref) -> str:
    try:
        return when(item.occurred, Period.parse(ref.period))
    except Refusal:  # a period code of a later version of this program
        return ""
