"""Slots that can share one scan: the same table, the same span, the same way of picking rows."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import Literal

from linli.insight.slots import Slot
from linli.packs.schema_predicate import Predicate

Mode = Literal["add", "newest", "last", "max", "min", "distinct"]
PICKING: tuple[Mode, ...] = ("last", "max", "min")


@dataclass(frozen=True, slots=True)
class Group:
    """Slots of one scan. ``mode``: *add* all rows, or pick the *newest* of each subject first.

    ``grouped``: no slot has a condition, so rows are summed by kind and measure before they are
    given to slots, however many slots there are. ``intervals``: the rows are summaries, which keep
    the interval that they are of; all others are summed without.
    """

    table: Literal["records", "quantities"]
    mode: Mode
    span: str
    grouped: bool
    intervals: bool
    slots: tuple[Slot, ...]

    @property
    def kinds(self) -> tuple[str, ...]:
        """All kinds that any slot reads."""
        return tuple(sorted({kind for slot in self.slots for kind in slot.kinds}))

    @property
    def measures(self) -> tuple[str, ...]:
        """All measures that any slot reads."""
        return tuple(sorted({slot.measure for slot in self.slots if slot.measure}))

    @property
    def grains(self) -> tuple[str, ...]:
        """All grains that any slot counts."""
        return tuple(sorted({grain for slot in self.slots for grain, _ in slot.ranks}))

    @property
    def conditions(self) -> tuple[Predicate, ...]:
        """The different conditions of the slots."""
        found: dict[str, Predicate] = {}
        for slot in self.slots:
            if slot.where is not None:
                found.setdefault(slot.where.model_dump_json(), slot.where)
        return tuple(found.values())

    @property
    def fields(self) -> tuple[str, ...]:
        """The different fields whose values are counted once."""
        return tuple(sorted({slot.field for slot in self.slots if slot.field}))

    @property
    def is_stock(self) -> bool:
        """A state at the period's end, for the areas as they are on that day."""
        return self.mode == "last" or self.span == "at_end"


def group(slots: tuple[Slot, ...]) -> tuple[Group, ...]:
    """Gather slots into scans; the order of the slots decides nothing."""
    found: dict[tuple[str, Mode, str, bool, bool], list[Slot]] = defaultdict(list)
    for slot in slots:
        table = "records" if slot.form == "records" else "quantities"
        mode = _mode(slot)
        grouped = mode == "add" and slot.where is None
        for intervals in (False, True):
            ranks = tuple(pair for pair in slot.ranks if (pair[0] == "summary") is intervals)
            if ranks:
                part = replace(slot, ranks=ranks)
                found[table, mode, slot.span, grouped, intervals].append(part)
    return tuple(
        Group(
            table="records" if table == "records" else "quantities",
            mode=mode,
            span=span,
            grouped=grouped,
            intervals=intervals,
            slots=tuple(members),
        )
        for (table, mode, span, grouped, intervals), members in sorted(
            found.items(), key=lambda x: x[0]
        )
    )


def _mode(slot: Slot) -> Mode:
    match slot.agg:
        case "last":
            return "last"
        case "max":
            return "max"
        case "min":
            return "min"
        case "distinct":
            return "distinct"
    observed = any(grain == "observation" for grain, _ in slot.ranks)
    return "newest" if slot.span == "at_end" and observed else "add"
