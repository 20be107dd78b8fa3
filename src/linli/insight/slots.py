"""What an indicator asks of the snapshot: its terms, flattened into numbered slots.

A slot is one aggregate over one table. A *tally* is linear, so it becomes two slots with the same
number: a row for each event, and for each stated quantity its value less the row already counted.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from linli.packs.registry import Registry
from linli.packs.schema import Indicator, Term
from linli.packs.schema_predicate import Predicate

Role = Literal["numerator", "denominator", "declared"]
Form = Literal["records", "quantities", "stated"]

Sorts = frozenset[tuple[str, str]]
"""Kinds with the grains in which they have records."""

NOT_DONE = ("planned", "source_wanted", "withdrawn")
"""States of a record that no figure counts: not done yet, without a named source, taken back."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One aggregate: ``number`` identifies it in a batch, ``choice`` who shares a grain with it.

    ``ranks`` maps a grain to its place in the indicator's order of preference.
    """

    number: int
    indicator: int
    role: Role
    depth: int
    choice: int
    form: Form
    agg: str
    kinds: tuple[str, ...]
    measure: str | None
    unit: str | None
    field: str | None
    where: Predicate | None
    span: str
    ranks: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Batch:
    """The slots of several indicators that are evaluated together, for one period."""

    indicators: tuple[Indicator, ...]
    slots: tuple[Slot, ...]

    def of(self, indicator: int, role: Role, depth: int = 0) -> Slot | None:
        """Return the (first) slot of a term; None for a calendar term, which has no records."""
        for slot in self.slots:
            if (slot.indicator, slot.role, slot.depth) == (indicator, role, depth):
                return slot
        return None


def batch(
    indicators: Iterable[Indicator], registry: Registry, present: Sorts | None = None
) -> Batch:
    """Flatten the terms of ``indicators``. Units come from the measures of ``registry``.

    ``present``: the kinds that have records at all, each with its grains; what has none is left
    out, for most offices use a small part of what packs declare, and most kinds come in one grain.
    """
    chosen = tuple(indicators)
    slots: list[Slot] = []
    number = 0
    for place, indicator in enumerate(chosen):
        for role, depth, term in terms(indicator):
            if term.agg == "calendar":
                continue
            made = _slots(number, place, role, depth, term, indicator, registry)
            slots += made if present is None else _among(made, present)
            number += 1
    return Batch(chosen, tuple(slots))


def terms(indicator: Indicator) -> list[tuple[Role, int, Term]]:
    """All terms of an indicator with their role; depth counts the ``times`` factors."""
    found: list[tuple[Role, int, Term]] = []
    roles: tuple[tuple[Role, Term | None], ...] = (
        ("numerator", indicator.numerator),
        ("denominator", indicator.denominator),
        ("declared", indicator.declared),
    )
    for role, term in roles:
        depth = 0
        while term is not None:
            found.append((role, depth, term))
            term, depth = term.times, depth + 1
    return found


def _among(slots: Iterable[Slot], present: Sorts) -> list[Slot]:
    """The slots with only those kinds and grains of which there are records."""
    found = []
    for slot in slots:
        kinds = tuple(k for k in slot.kinds if any((k, g) in present for g, _ in slot.ranks))
        ranks = tuple(pair for pair in slot.ranks if any((k, pair[0]) in present for k in kinds))
        if kinds:
            found.append(replace(slot, kinds=kinds, ranks=ranks))
    return found


def unit_of(measure: str | None, registry: Registry) -> str | None:
    """The only unit that counts for a measure; quantities in another are refused."""
    return registry.measure(measure).unit if measure is not None else None


def _slots(
    number: int,
    place: int,
    role: Role,
    depth: int,
    term: Term,
    indicator: Indicator,
    registry: Registry,
) -> list[Slot]:
    grains = _grains(term, role, indicator)
    ranks = tuple((grain, rank) for rank, grain in enumerate(grains))
    shared = place * 100 + (0 if _is_flow(term, role) else 1 + number % 99)

    def slot(form: Form, ranks: tuple[tuple[str, int], ...]) -> Slot:
        return Slot(
            number=number,
            indicator=place,
            role=role,
            depth=depth,
            choice=shared,
            form=form,
            agg=term.agg,
            kinds=term.kinds,
            measure=None if form == "records" and term.agg == "tally" else term.measure,
            unit=unit_of(term.measure, registry),
            field=term.field,
            where=term.where,
            span=term.span,
            ranks=ranks,
        )

    if term.agg == "tally":
        rows = tuple(pair for pair in ranks if pair[0] == "event")
        return [*([slot("records", rows)] if rows else []), slot("stated", ranks)]
    return [slot("quantities" if term.measure else "records", ranks)]


def _is_flow(term: Term, role: Role) -> bool:
    """Terms that share one grain: both parts of a rate are counted in the same grain."""
    return role != "declared" and term.agg != "last" and term.span == "period"


def _grains(term: Term, role: Role, indicator: Indicator) -> tuple[str, ...]:
    if role == "declared":
        return ("observation", "summary", "event")
    return tuple(indicator.grains)
