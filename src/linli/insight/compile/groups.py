"""Slots that can share one scan: the same table, the same span, the same way of picking rows."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Literal

from linli.insight.slots import Slot
from linli.packs.schema_predicate import Predicate

Table = Literal["records", "quantities"]
Mode = Literal["add", "last", "max", "min", "distinct"]
PICKING: tuple[Mode, ...] = ("last", "max", "min")
_BITS = 60
"""Conditions of a kind that one scan can tell apart: their bits must fit a BIGINT."""


@dataclass(frozen=True, slots=True)
class Group:
    """Slots of one scan. ``mode``: *add* all rows, or pick one, or count each thing once."""

    table: Table
    mode: Mode
    span: str
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
    def units(self) -> tuple[str, ...]:
        """The units of these measures; a quantity in another than its measure's is refused."""
        return tuple(sorted({slot.unit or "" for slot in self.slots if slot.measure}))

    @property
    def grains(self) -> tuple[str, ...]:
        """All grains that any slot counts."""
        return tuple(sorted({grain for slot in self.slots for grain, _ in slot.ranks}))

    @property
    def intervals(self) -> bool:
        """Whether rows may be summaries, which keep the interval that they are of."""
        return "summary" in self.grains

    @property
    def fields(self) -> tuple[str, ...]:
        """The different fields whose values are counted once."""
        return tuple(sorted({slot.field for slot in self.slots if slot.field}))

    @property
    def single(self) -> Slot | None:
        """The slot of all rows, if each row of the scan has the same; then none need be looked up."""
        alone = len(self.slots) == 1 and len(self.slots[0].ranks) == 1
        return self.slots[0] if alone else None

    @property
    def masked(self) -> bool:
        """Whether rows must be asked which conditions they satisfy, for their slots differ in it."""
        return self.single is None and any(slot.where is not None for slot in self.slots)

    @property
    def is_stock(self) -> bool:
        """A state at the period's end, for the areas as they are on that day."""
        return self.mode == "last" or self.span == "at_end"

    @property
    def stands(self) -> bool:
        """Whether only the newest states of each thing count; *last* looks for itself."""
        return self.span == "at_end" and self.mode != "last" and "observation" in self.grains

    def conditions(self, kind: str) -> tuple[Predicate, ...]:
        """The different conditions under which slots count rows of a kind; their bits are 1, 2, 4."""
        found: dict[str, Predicate] = {}
        for slot in self.slots:
            if slot.where is not None and kind in slot.kinds:
                found.setdefault(slot.where.model_dump_json(), slot.where)
        return tuple(found.values())

    def bit(self, slot: Slot, kind: str) -> int:
        """The bit that a row of ``kind`` must have for ``slot``; 0: it counts all of the scan."""
        if slot.where is None or not self.masked:
            return 0
        return 1 << self.conditions(kind).index(slot.where)


def group(slots: tuple[Slot, ...]) -> tuple[Group, ...]:
    """Gather slots into scans; the order of the slots decides nothing."""
    found: defaultdict[tuple[Table, Mode, str, int], list[Slot]] = defaultdict(list)
    conditions: defaultdict[tuple[object, str], list[Predicate]] = defaultdict(list)
    for slot in slots:
        table: Table = "records" if slot.form == "records" else "quantities"
        mode = _mode(slot)
        scan = (table, mode, slot.span)
        number = max(_number(slot, conditions[scan, kind]) for kind in slot.kinds)
        found[*scan, number].append(slot)
    return tuple(
        Group(table, mode, span, tuple(members))
        for (table, mode, span, _), members in sorted(found.items(), key=lambda x: x[0])
    )


def _number(slot: Slot, seen: list[Predicate]) -> int:
    """Which of several like scans, should a kind have more conditions than a number has bits."""
    if slot.where is None:
        return 0
    if slot.where not in seen:
        seen.append(slot.where)
    return seen.index(slot.where) // _BITS


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
    return "add"
