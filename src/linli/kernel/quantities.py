"""Quantities: a number as an office says it, with the set of values that it leaves possible.

`200余人次` is not 200 and not a string: it is the value 200, the unit 人次 and the qualifier
`over`; the truth lies above 200 and below 300. Sums keep value, bounds and qualifier; units are
never mixed. The tables of bounds and of sums are in docs/quantities.md and are tested row by row.

Sources of the rule: 以上, 以下 and 以内 include the number itself, 超过 and 不满 do not (Civil Code
of the PRC, art. 1259); 余, 多 and 来 stand for the digits that were left off.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Context, Decimal, Inexact, InvalidOperation
from enum import StrEnum
from functools import reduce
from types import MappingProxyType

from linli.kernel.errors import Refusal, sentences

sentences(
    {
        "quantity.units": (
            "“{left}”和“{right}”是不同的计量单位，不能相加减。",
            "请分别统计，或者核对这两个数的单位。",
        ),
        "quantity.shape": (
            "数量“{value}{unit}”不成立：{why}。",
            "请核对这个数。",
        ),
        "quantity.nothing": (
            "没有可以相加的数量。",
            "请先登记数量，或者说明单位。",
        ),
    }
)

_EXACT = Context(prec=120, traps=[Inexact, InvalidOperation])
_WHOLE_DIGITS = 30  # a figure is stored as DECIMAL(38,6): 32 whole digits, two left for sums
_ZERO = Decimal(0)
_TEN = Decimal(10)


class Qualifier(StrEnum):
    """How the written value stands to the true one."""

    EXACT = "exact"
    AT_LEAST = "at_least"  # 以上, 不少于
    AT_MOST = "at_most"  # 以内, 不超过
    OVER = "over"  # 余, 多, 超过
    NEARLY = "nearly"  # 近, 不足
    ABOUT = "about"  # 约, 左右
    RANGE = "range"  # 2~3


_EXACTLY = Qualifier.EXACT  # a member looked up through its class costs three times as much


class UnitMismatch(Refusal):
    """Two quantities of different units were to be added."""

    def __init__(self, left: str, right: str) -> None:
        super().__init__("quantity.units", left=left, right=right)

    def __reduce__(self) -> tuple[type[UnitMismatch], tuple[str, str]]:
        return UnitMismatch, (self.facts["left"], self.facts["right"])


Bounds = tuple[Decimal | None, Decimal | None]


@dataclass(frozen=True, slots=True, init=False)
class Quantity:
    """A value in `unit`, with its qualifier.

    `value_max` is the upper end of a range and of nothing else. `bounds` is given only where the
    possible values are not those that the wording alone implies (a sum, or 超过 without a top);
    None at an end of it means that this end is open to infinity. Raises Refusal quantity.shape.
    """

    value: Decimal
    unit: str
    qualifier: Qualifier = Qualifier.EXACT
    value_max: Decimal | None = None
    bounds: Bounds | None = None

    def __init__(
        self,
        value: Decimal,
        unit: str,
        qualifier: Qualifier = Qualifier.EXACT,
        value_max: Decimal | None = None,
        bounds: Bounds | None = None,
    ) -> None:
        # Imports make hundreds of thousands of these: setting the slots directly takes a third of
        # the time of a frozen dataclass's own __init__.
        _set_value(self, value)
        _set_unit(self, unit)
        _set_qualifier(self, qualifier)
        _set_value_max(self, value_max)
        _set_bounds(self, None)
        if not (value.is_finite() and value.adjusted() < _WHOLE_DIGITS):
            raise self._misshapen("不是数，或者太大")
        if qualifier is not _EXACTLY:
            self._check_ends(bounds)
        elif value_max is not None:
            raise self._misshapen("只有范围才有上限")

    def _check_ends(self, bounds: Bounds | None) -> None:
        top = self.value_max
        if self.qualifier is Qualifier.RANGE:
            if top is None or not (top.is_finite() and self.value <= top):
                raise self._misshapen("范围的上限应不小于下限")
        elif top is not None:
            raise self._misshapen("只有范围才有上限")
        elif bounds is not None and bounds != implied_bounds(self.value, self.qualifier):
            lo, hi = bounds
            if lo is not None and hi is not None and lo > hi:
                raise self._misshapen("下限大于上限")
            _set_bounds(self, bounds)  # implied bounds stay None: one form for one meaning

    def _misshapen(self, why: str) -> Refusal:
        return Refusal("quantity.shape", value=self.value, unit=self.unit, why=why)

    @property
    def lo(self) -> Decimal | None:
        """The lower bound of the truth; None: unbounded. Exclusive for over and nearly."""
        return self._bounds()[0]

    @property
    def hi(self) -> Decimal | None:
        """The upper bound of the truth; None: unbounded. Exclusive for over and nearly."""
        return self._bounds()[1]

    def _bounds(self) -> Bounds:
        if self.qualifier is _EXACTLY:
            return self.value, self.value
        if self.qualifier is Qualifier.RANGE:
            return self.value, self.value_max
        return self.bounds or implied_bounds(self.value, self.qualifier)

    @property
    def exact(self) -> bool:
        """Whether the value is the truth itself."""
        return self.qualifier is Qualifier.EXACT

    def holds(self, actual: Decimal) -> bool:
        """Whether the truth `actual` agrees with this quantity."""
        lo, hi = self._bounds()
        if self.qualifier in _OPEN_ENDED:
            return (lo is None or lo < actual) and (hi is None or actual < hi)
        return (lo is None or lo <= actual) and (hi is None or actual <= hi)

    def __neg__(self) -> Quantity:
        """The quantity taken away: over and nearly change places, so do at_least and at_most."""
        if self.qualifier is Qualifier.RANGE and self.value_max is not None:
            return Quantity(-self.value_max, self.unit, Qualifier.RANGE, -self.value)
        lo, hi = self._bounds()
        turned = (None if hi is None else -hi, None if lo is None else -lo)
        return Quantity(-self.value, self.unit, _FLIPPED[self.qualifier], None, turned)

    def __add__(self, other: Quantity) -> Quantity:
        return add(self, other)

    def __sub__(self, other: Quantity) -> Quantity:
        return subtract(self, other)


_set_value = vars(Quantity)["value"].__set__
_set_unit = vars(Quantity)["unit"].__set__
_set_qualifier = vars(Quantity)["qualifier"].__set__
_set_value_max = vars(Quantity)["value_max"].__set__
_set_bounds = vars(Quantity)["bounds"].__set__

_OPEN_ENDED = frozenset({Qualifier.OVER, Qualifier.NEARLY})
_FLIPPED: Mapping[Qualifier, Qualifier] = MappingProxyType(
    {
        Qualifier.EXACT: Qualifier.EXACT,
        Qualifier.OVER: Qualifier.NEARLY,
        Qualifier.NEARLY: Qualifier.OVER,
        Qualifier.AT_LEAST: Qualifier.AT_MOST,
        Qualifier.AT_MOST: Qualifier.AT_LEAST,
        Qualifier.ABOUT: Qualifier.ABOUT,
        Qualifier.RANGE: Qualifier.RANGE,
    }
)


# Bounds that the wording implies ---------------------------------------------------------------


def _place(value: Decimal) -> Decimal:
    """One in the last significant place: 100 of 200, 1000 of 58000, 0.1 of 17.4, 1 of 0."""
    exponent = value.normalize(_EXACT).as_tuple().exponent if value else 0
    return Decimal((0, (1,), int(exponent)))


def _is_power_of_ten(value: Decimal) -> bool:
    return value.normalize(_EXACT).as_tuple().digits == (1,)


def _step_away(value: Decimal) -> Decimal:
    """How far 余 reaches: one in the last written place, for whole numbers never less than ten.

    (203余 would otherwise admit no whole number at all.)
    """
    place = _place(value)
    return _TEN if place == 1 else place


def _step_back(value: Decimal) -> Decimal:
    """How far 近 reaches: as 余, but 近1000 means above 900, the round number just below it."""
    if _is_power_of_ten(value) and abs(value) >= 100:
        return _place(value) / 10
    return _step_away(value)


def _step_around(value: Decimal) -> Decimal:
    """How far 约 reaches to either side: one in the last written place, a tenth of 10, 100, …"""
    if _is_power_of_ten(value) and abs(value) >= 10:
        return _place(value) / 10
    return _place(value)


def implied_bounds(value: Decimal, qualifier: Qualifier) -> Bounds:
    """Bounds that a wording implies by itself (not for ranges). None: unbounded."""
    match qualifier:
        case Qualifier.AT_LEAST:
            return value, None
        case Qualifier.AT_MOST:
            return None, value
        case Qualifier.OVER:
            step = _step_away(value) if value >= 0 else _step_back(value)
            return value, _EXACT.add(value, step)
        case Qualifier.NEARLY:
            step = _step_back(value) if value >= 0 else _step_away(value)
            return _EXACT.subtract(value, step), value
        case Qualifier.ABOUT:
            step = _step_around(value)
            return _EXACT.subtract(value, step), _EXACT.add(value, step)
        case _:
            return value, value


# Sums --------------------------------------------------------------------------------------------

# Two chains from exact up to about: the truth is at or above the sum of the values, or at or
# below it. The join of the two sides is about; on one side the weaker word wins.
_ABOVE = (Qualifier.EXACT, Qualifier.RANGE, Qualifier.OVER, Qualifier.AT_LEAST, Qualifier.ABOUT)
_BELOW = (Qualifier.EXACT, Qualifier.NEARLY, Qualifier.AT_MOST, Qualifier.ABOUT)


def _join(left: Qualifier, right: Qualifier) -> Qualifier:
    for chain in (_ABOVE, _BELOW):
        if left in chain and right in chain:
            return chain[max(chain.index(left), chain.index(right))]
    return Qualifier.ABOUT


_JOINED: Mapping[tuple[Qualifier, Qualifier], Qualifier] = MappingProxyType(
    {(left, right): _join(left, right) for left in Qualifier for right in Qualifier}
)


def combine(qualifiers: Iterable[Qualifier]) -> Qualifier:
    """The qualifier of a sum: order and repetition do not matter; of nothing it is exact."""
    return reduce(lambda left, right: _JOINED[left, right], qualifiers, Qualifier.EXACT)


def _sum_end(left: Decimal | None, right: Decimal | None) -> Decimal | None:
    return None if left is None or right is None else _EXACT.add(left, right)


def add(left: Quantity, right: Quantity) -> Quantity:
    """The sum. If each part's truth is within its bounds, so is the sum's. Raises UnitMismatch."""
    if left.unit != right.unit:
        raise UnitMismatch(left.unit, right.unit)
    value = _EXACT.add(left.value, right.value)
    qualifier = _JOINED[left.qualifier, right.qualifier]
    if qualifier is Qualifier.EXACT:
        return Quantity(value, left.unit)
    lo, hi = _sum_end(left.lo, right.lo), _sum_end(left.hi, right.hi)
    return _assemble(value, lo, hi, qualifier, left.unit)


def subtract(left: Quantity, right: Quantity) -> Quantity:
    """The difference, as sound as the sum. Raises UnitMismatch."""
    return add(left, -right)


def total(quantities: Iterable[Quantity], unit: str | None = None) -> Quantity:
    """The sum of all. The sum of nothing is 0 of `unit`, or Refusal quantity.nothing without it."""
    start = None if unit is None else Quantity(_ZERO, unit)
    for quantity in quantities:
        start = quantity if start is None else add(start, quantity)
    if start is None:
        raise Refusal("quantity.nothing")
    return start


def _assemble(
    value: Decimal, lo: Decimal | None, hi: Decimal | None, qualifier: Qualifier, unit: str
) -> Quantity:
    if qualifier is Qualifier.RANGE:
        return Quantity(value, unit, qualifier, hi)
    return Quantity(value, unit, qualifier, None, (lo, hi))


# Flags: sums in SQL ------------------------------------------------------------------------------

FLAG: Mapping[Qualifier, int] = MappingProxyType(
    {qualifier: 1 << place for place, qualifier in enumerate(Qualifier)}
)
NO_LOW = 1 << 7
NO_HIGH = 1 << 8


def flags_of(quantity: Quantity) -> int:
    """One integer for the qualifier and the open ends; the flags of a sum are their BIT_OR."""
    open_low = NO_LOW if quantity.lo is None else 0
    open_high = NO_HIGH if quantity.hi is None else 0
    return FLAG[quantity.qualifier] | open_low | open_high


def qualifier_of_flags(flags: int) -> Qualifier:
    """The qualifier that a BIT_OR of flags stands for; 0 (nothing summed) is exact."""
    return combine(qualifier for qualifier, bit in FLAG.items() if flags & bit)


def from_sums(
    value: Decimal, lo: Decimal | None, hi: Decimal | None, flags: int, unit: str
) -> Quantity:
    """The quantity that SUM(value), SUM(lo), SUM(hi), BIT_OR(flags) give: equal to `total`.

    SUM skips NULLs, so an open end is known by its flag and not by its sum.
    """
    low = None if flags & NO_LOW else lo
    high = None if flags & NO_HIGH else hi
    return _assemble(value, low, high, qualifier_of_flags(flags), unit)
