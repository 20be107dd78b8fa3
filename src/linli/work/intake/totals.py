"""Total rows and total columns: recognised, held against the sums, never counted."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from linli.kernel.quantities import Quantity
from linli.work.intake.lines import address
from linli.work.intake.problems import Problems
from linli.work.intake.words import Sort


@dataclass(slots=True)
class Sum:
    """The sum of a column so far: bounds, and the parts (其中) apart."""

    lo: Decimal = Decimal(0)
    hi: Decimal | None = Decimal(0)
    value: Decimal = Decimal(0)
    parts: Decimal = Decimal(0)
    count: int = 0
    exact: bool = True
    unit: str | None = None
    mixed: bool = False

    def add(self, quantity: Quantity, times: int) -> None:
        """Count a value that stands in so many rows."""
        self.count += times
        if self.unit is None:
            self.unit = quantity.unit
        elif self.unit != quantity.unit:
            self.mixed = True
        self.value += quantity.value * times
        if not quantity.exact:
            self.exact = False
            lo, hi = quantity.lo, quantity.hi
            self.lo += ((lo or Decimal(0)) - quantity.value) * times
            if hi is None or self.hi is None:
                self.hi = None
            else:
                self.hi += (hi - quantity.value) * times

    def bounds(self) -> tuple[Decimal, Decimal | None]:
        """Between what the true sum lies."""
        return self.value + self.lo, None if self.hi is None else self.value + self.hi


@dataclass(frozen=True, slots=True)
class Stated:
    """A total that the sheet states: of which rows, in which cell."""

    sort: Sort
    row: int
    quantities: dict[int, Quantity]


@dataclass(slots=True)
class Totals:
    """Sums of a table's value columns and the totals that its rows state."""

    sheet: str
    problems: Problems
    # Equal cells are one object, so a column is counted as (quantity, how often), summed when asked.
    _counts: dict[int, dict[int, list[Any]]] = field(default_factory=dict)
    _parts: dict[int, Decimal] = field(default_factory=dict)
    _before: dict[int, Sum] = field(default_factory=dict)
    _at_top: list[Stated] = field(default_factory=list)
    _rows: int = 0

    def add(self, column: int, quantity: Quantity) -> None:
        """Count a value of a row that is work."""
        self._rows += 1
        counts = self._counts.get(column)
        if counts is None:
            counts = self._counts[column] = {}
        found = counts.get(id(quantity))
        if found is None:
            counts[id(quantity)] = [quantity, 1]
        else:
            found[1] += 1

    def add_part(self, column: int, quantity: Quantity) -> None:
        """Count a value of a 其中 row: apart, since its whole has it already."""
        self._parts[column] = self._parts.get(column, Decimal(0)) + quantity.value

    def _sum(self, column: int, quantity: Quantity) -> Sum:
        """The sum of the column's rows since the last subtotal."""
        total = Sum(parts=self._parts.get(column, Decimal(0)))
        for counted, times in self._counts.get(column, {}).values():
            total.add(counted, times)
        total.unit = total.unit or quantity.unit
        return total

    def state(self, stated: Stated) -> None:
        """Check a total row against the rows above; one on top waits for the rows below."""
        if stated.sort is Sort.RUNNING:
            return
        if not self._rows:
            self._at_top.append(stated)
            return
        self._check(stated)

    def finish(self) -> None:
        """Check the totals that stand above the rows they add up."""
        for stated in self._at_top:
            if self._rows:
                self._check(stated)

    def _check(self, stated: Stated) -> None:
        for column, quantity in stated.quantities.items():
            found = self._sum(column, quantity)
            whole = joined(self._before.get(column), found)
            asked = found if stated.sort is Sort.SUBTOTAL else whole
            if not (asked.mixed or asked.unit != (quantity.unit or asked.unit)) and not agrees(
                quantity, asked
            ):
                self._report(stated.row, column, quantity, asked)
            if stated.sort is Sort.SUBTOTAL:
                self._before[column] = whole
                self._counts.pop(column, None)
                self._parts.pop(column, None)

    def _report(self, row: int, column: int, stated: Quantity, found: Sum) -> None:
        unit = found.unit or stated.unit
        both = f"合计写的是 {_plain(stated.value)}{unit}，各行之和是 {_plain(found.value)}{unit}"
        if found.parts and found.value + found.parts == stated.value:
            both += f"：合计把“其中”的 {_plain(found.parts)}{unit} 又算了一遍"
        self.problems.warn(
            self.sheet,
            address(row, column),
            _plain(stated.value),
            both,
            f"合计行不作记录，以各行之和 {_plain(found.value)}{unit} 为准；请核对原表",
        )


def joined(before: Sum | None, found: Sum) -> Sum:
    """The sum of two stretches of a column."""
    if before is None:
        return found
    return Sum(
        lo=before.lo + found.lo,
        hi=None if before.hi is None or found.hi is None else before.hi + found.hi,
        value=before.value + found.value,
        parts=before.parts + found.parts,
        count=before.count + found.count,
        exact=before.exact and found.exact,
        unit=before.unit or found.unit,
        mixed=before.mixed
        or found.mixed
        or (before.unit or found.unit) != (found.unit or before.unit),
    )


def agrees(stated: Quantity, found: Sum) -> bool:
    """Whether the stated total may be true: equal if both are exact, else overlapping bounds."""
    if found.exact and stated.exact:
        return stated.value == found.value
    lo, hi = found.bounds()
    low, high = stated.lo, stated.hi
    below = high is not None and high < lo
    above = hi is not None and low is not None and low > hi
    return not below and not above


def _plain(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
