"""What a report is written from: one area's records and figures of one period, as plain values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from linli.kernel.days import Occurred, Precision
from linli.kernel.periods import Period
from linli.kernel.quantities import Quantity
from linli.kernel.units import kind_of


@dataclass(frozen=True, slots=True)
class Amount:
    """A quantity of a record. ``part_of``: the cell or label of the whole it belongs to."""

    measure: str
    label: str
    quantity: Quantity
    cell: str = ""
    part_of: str = ""
    number: int = 0  # the N-th amount of this measure in its record


@dataclass(frozen=True, slots=True)
class Item:
    """A record as a report sees it. ``source`` names file, sheet and row or cell in words."""

    id: str
    kind: str
    section: str
    grain: str
    occurred: Occurred
    state: str
    title: str
    fields: Mapping[str, str] = field(default_factory=dict)
    amounts: tuple[Amount, ...] = ()
    source: str = ""
    sheet: str = ""

    @property
    def dated(self) -> bool:
        """Say whether it can stand in a dated list: an event with a day, month or festival."""
        known = self.occurred.start is not None
        return known and self.occurred.precision not in _UNDATED

    def source_of(self, amount: Amount | None) -> str:
        """Return where an amount stands in words: its own cell, else where the record stands."""
        if amount is None or not amount.cell or not self.sheet:
            return self.source or self.title
        return f"{self.sheet}!{amount.cell}"

    def parts_of(self, whole: Amount) -> list[Amount]:
        """Return the amounts that are parts of one of its amounts; each is a part of one alone."""
        return [one for one in self.amounts if one.part_of and self._whole(one) is whole]

    def _whole(self, part: Amount) -> Amount | None:
        """The amount that a part is of: the one it names if that counts the same sort of thing,
        else one that does; where none does, the one it names, or the first."""
        wholes = [one for one in self.amounts if not one.part_of]
        alike = [o for o in wholes if kind_of(o.quantity.unit) == kind_of(part.quantity.unit)]
        named = [o for o in wholes if part.part_of in (o.cell, o.label, o.measure)]
        fitting = [one for one in named if one in alike]
        return next(iter((*fitting, *alike, *named, *wholes)), None)


_UNDATED = frozenset(
    {
        Precision.YEAR,
        Precision.YEARS,
        Precision.SPAN,
        Precision.UNTIL,
        Precision.UNKNOWN,
        Precision.HALF,
        Precision.QUARTER,
    }
)


@dataclass(frozen=True, slots=True)
class Datum:
    """A figure as a report sees it: value with unit, and where it comes from."""

    indicator: str
    version: int
    title: str
    definition: str
    quantity: Quantity | None
    section: str
    basis: str
    records: int
    known_at: str
    fingerprint: str
    measure: str = ""
    """what it sums, where it sums a measure"""
    share: str = ""
    """numerator and denominator of a rate, in words, where both are known"""


@dataclass(frozen=True, slots=True)
class Material:
    """All that a report may say. ``trace`` gives the records behind an indicator."""

    area: str
    area_name: str
    period: Period
    until: date
    asked: str
    items: tuple[Item, ...]
    data: Mapping[str, Datum]
    planned: tuple[Item, ...] = ()
    signer: str = ""
    mark: str = ""
    """what stands under the title of a report that rests on simulated records"""
    trace: Callable[[str], Iterable[Item]] = lambda indicator: ()
    prose: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def of_kinds(self, kinds: Iterable[str]) -> list[Item]:
        """Return the records of some kinds, oldest first, undated last."""
        wanted = set(kinds)
        return in_order(item for item in self.items if item.kind in wanted)


def in_order(items: Iterable[Item]) -> list[Item]:
    """Return records by day; what has no day comes last, in the order it was written down."""
    return sorted(items, key=lambda item: (not item.dated, item.occurred.start or date.max))
