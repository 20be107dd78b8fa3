"""Total rows and total columns: recognised, held against the sums, never counted."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

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

    def add(self, quantity: Quantity) -> None:
        """Count one value of a row."""
        self.count += 1
        if self.unit is None:
            self.unit = quantity.unit
        elif self.unit != quantity.unit:
            self.mixed = True
        self.value += quantity.value
        if not quantity.exact:
            self.exact = False
            lo, hi = quantity.lo, quantity.hi
            self.lo += (lo or Decimal(0)) - quantity.value
            self.hi = None if hi is None or self.hi is None else self.hi + hi - quantity.value

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
    _all: dict[int, Sum] = field(default_factory=dict)
    _since: dict[int, Sum] = field(default_factory=dict)
    _at_top: list[Stated] = field(default_factory=list)
    _rows: int = 0
    subtotalled: bool = False

    def add(self, column: int, quantity: Quantity) -> None:
        """Count a value of a row that is work."""
        self._rows += 1
        whole = self._all.get(column)
        if whole is None:
            whole = self._all[column] = Sum()
        whole.add(quantity)
        if self.subtotalled:
            self._since.setdefault(column, Sum()).add(quantity)

    def add_part(self, column: int, quantity: Quantity) -> None:
        """Count a value of a 其中 row: apart, since its whole has it already."""
        for sums in (self._all, self._since):
            if column in sums:
                sums[column].parts += quantity.value

    def state(self, stated: Stated) -> None:
        """Check a total row against the rows above; one on top waits for the rows below."""
        if stated.sort is Sort.RUNNING:
            return
        if not self._rows:
            self._at_top.append(stated)
            return
        if stated.sort is Sort.SUBTOTAL:
            sums = self._since if self.subtotalled else self._all
            self._check(stated, sums)
            self.subtotalled = True
            self._since = {}
        else:
            self._check(stated, self._all)

    def finish(self) -> None:
        """Check the totals that stand above the rows they add up."""
        for stated in self._at_top:
            if self._rows:
                self._check(stated, self._all)

    def _check(self, stated: Stated, sums: dict[int, Sum]) -> None:
        for column, quantity in stated.quantities.items():
            found = sums.get(column, Sum(unit=quantity.unit))
            if found.mixed or (found.unit and quantity.unit and found.unit != quantity.unit):
                continue
            if not agrees(quantity, found):
                self._report(stated.row, column, quantity, found)

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
