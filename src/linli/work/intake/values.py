"""Cells to quantities: unit of the cell, the row, the header, the title or the pack, in that order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal

from linli.kernel.lexer import canonical_unit, find_quantities, read_quantity
from linli.kernel.quantities import Quantity
from linli.packs.schema import Measure
from linli.work.intake.columns import Column, is_identifier
from linli.work.intake.header_units import NO_UNIT, Unit
from linli.work.intake.read import Value
from linli.work.intake.uses import OBJECT_UNITS, SENTENCE, Matches, Use, sort_of_unit
from linli.work.intake.words import bare, unit_in_brackets, without_brackets

_GENERIC = frozenset(
    "人数 户数 金额 次数 数量 数值 完成情况 数据 人次 资金 经费 总数 数目 个数 件数 总量 完成数 场次 "
    "实际完成 完成值 指标值 家数 本年数 本期数 累计数".split()
)
NOTHING = frozenset("- — —— – / \\ 无 暂无 没有 略 N/A ／ ― … 空 · * 、 未统计 不详 若干".split())
_NUMERAL = re.compile(r"[0-9０-９一二三四五六七八九十百千万两半]")
_SENTENCE = re.compile(f"[{SENTENCE}]")
_STOPS = re.compile(r"[。；;\n]")
_ITEM_LENGTH = 24
_LONG = 1_000_000  # a bare whole number from here on may be a telephone number
_PLAIN = "·"  # stands for all items that say nothing
_ROWS = 5_000  # situations kept
_CELLS = 50_000  # cells kept


@dataclass(frozen=True, slots=True)
class Read:
    """A quantity read and the measure it states. ``label`` is empty where the row's item names it.

    ``key``: what it says, for the digest of the row. ``long``: a bare number of so many digits that
    it may be that of a telephone or a document.
    """

    measure: str
    label: str
    quantity: Quantity
    key: str
    long: bool


@dataclass(frozen=True, slots=True)
class InText:
    """A quantity in a text. ``whole``: the label of the one it is a part of (其中)."""

    measure: str
    label: str
    quantity: Quantity
    whole: str | None = None
    part: bool = False


Key = tuple[int, Value, bool]


@dataclass(slots=True)
class Situation:
    """What a row says of its cells: kind, what its item and object name, its unit, whether a part.

    Rows in equal situations share one, with what was read from their cells so far.
    """

    use: Use
    matches: Matches = ()
    named: bool = False  # the row has an item
    short: bool = True  # the item is a name, not a sentence
    unit: str = ""
    bracketed: tuple[str, int] | None = None
    thing: Matches = ()
    thing_unit: Unit = NO_UNIT
    part: bool = False
    identified: bool = False  # the item names a number that counts nothing: a telephone, a document
    cells: dict[Key, Read | None] = field(default_factory=dict)


_Item = tuple[Matches, bool, tuple[str, int] | None, bool]


@dataclass(slots=True)
class Values:
    """Reads the cells of one table; equal cells in equal situations are read once."""

    itemised: bool
    alone: bool = False  # a list of items with a single column of values
    doubtful_percent: bool = False
    _situations: dict[tuple[object, ...], Situation] = field(default_factory=dict)
    _asked: dict[tuple[str, str, str, str, bool], Situation] = field(default_factory=dict)
    _read_cells: int = 0
    _texts: dict[tuple[str, str, str, bool], tuple[InText, ...]] = field(default_factory=dict)
    _headers: dict[tuple[str, str], Matches] = field(default_factory=dict)

    def situation(self, use: Use, item: str, unit: str, thing: str, *, part: bool) -> Situation:
        """The situation of a row; only an item that is a name, not a sentence, names measures."""
        if thing and use.is_plain(thing):
            thing = ""
        key = (use.kind.id, item, unit, thing, part)
        found = self._asked.get(key)
        if found is None:
            if len(self._asked) > _ROWS:
                self._asked.clear()
            if len(item) <= _ITEM_LENGTH and item and use.is_plain(item):
                item = _PLAIN
            found = self._asked[key] = self._situation(use, item, unit, thing, part)
        return found

    def _situation(self, use: Use, item: str, unit: str, thing: str, part: bool) -> Situation:
        matches, short, bracketed, identified = self._of_item(use, item, unit, part)
        named = item != ""
        thing_matches, thing_unit = (
            (use.matches(thing), _unit_of(thing)) if thing else ((), NO_UNIT)
        )
        if not (part or self.itemised):
            # Whom a row of its own is about (慰问低保户 | 12户) does not make its count a part.
            matches, thing_matches = use.wholes(matches), use.wholes(thing_matches)
        key = (
            use.kind.id, matches, named, short, unit, bracketed, thing_matches, thing_unit.name, part,
            identified,
        )  # fmt: skip
        found = self._situations.get(key)
        if found is None:
            if len(self._situations) > _ROWS or self._read_cells > _CELLS:
                self._situations.clear()
                self._asked.clear()
                self._read_cells = 0
            found = self._situations[key] = Situation(
                use, matches, named, short, unit, bracketed, thing_matches, thing_unit, part,
                identified,
            )  # fmt: skip
        return found

    def _of_item(self, use: Use, item: str, unit: str, part: bool) -> _Item:
        short = len(item) <= _ITEM_LENGTH and (part or not _SENTENCE.search(item))
        matches = use.matches(item) if short or self.itemised or part else ()
        ends = self.itemised and not unit and item[-1:] in ("）", ")")
        bracketed = unit_in_brackets(item) if ends else None
        return matches, short, bracketed, is_identifier(item)

    def read(
        self, column: Column, value: Value, at: Situation, percent: bool = False
    ) -> Read | None:
        """The quantity of a value cell; None if the cell is not wholly one."""
        key = (column.index, value, percent)
        try:
            return at.cells[key]
        except KeyError:
            self._read_cells += 1
            if len(at.cells) > _CELLS:
                at.cells.clear()
            found = at.cells[key] = self.read_once(column, value, at, percent)
            return found

    def read_once(self, column: Column, value: Value, at: Situation, percent: bool) -> Read | None:
        """The same for a cell that no other will equal, as in a form."""
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            return None
        unit, own = self._unit(column, value, at, percent)
        quantity = read_quantity(value, unit=unit.name, scale=Decimal(unit.factor))
        if quantity is None:
            return None
        part = at.part or column.part_of is not None
        measure, _ = at.use.measure(quantity.unit, self._named_by(column, at), part=part)
        quantity = _in_unit(quantity, unit, own, measure)
        if quantity.unit == "%" and not own and isinstance(value, int | float):
            quantity = self._as_percent(quantity, at)
        name = at.use.measure_id(measure, quantity.unit)
        key = f"\x1f{name}\x1f{quantity.value}\x1f{quantity.unit}\x1f{quantity.qualifier}"
        key += f"\x1f{quantity.value_max}" if quantity.value_max is not None else ""
        return Read(name, self._label(column, at, measure), quantity, key, _is_long(value))

    def _unit(
        self, column: Column, value: Value, at: Situation, percent: bool
    ) -> tuple[Unit, bool]:
        """The unit of the cell, and whether the cell itself writes it."""
        if percent:
            return Unit("%", 100, weak=False), True
        if isinstance(value, str):
            alone = read_quantity(value)
            if alone is not None and alone.unit:
                return column.unit, True
        if at.bracketed is not None:
            return Unit(at.bracketed[0], at.bracketed[1], weak=False), False
        if at.unit:
            known = canonical_unit(bare(at.unit))
            if known and (column.unit.weak or _are_alike(known[0], column.unit.name)):
                return Unit(known[0], int(known[1]), weak=False), False
        return (column.unit if column.unit.name else at.thing_unit), False

    def _named_by(self, column: Column, at: Situation) -> tuple[Matches, ...]:
        """The texts that may name the measure, the strongest first, as matches."""
        header = self._of_header(column.label, at.use)
        if at.part or self.alone:
            return (at.matches, header, at.thing)
        if column.label in _GENERIC or not column.label:
            return (at.matches + header, at.thing)
        return (header, at.matches, at.thing)

    def _of_header(self, label: str, use: Use) -> Matches:
        key = (label, use.kind.id)
        found = self._headers.get(key)
        if found is None:
            found = self._headers[key] = use.matches(label)
        return found

    def _as_percent(self, quantity: Quantity, at: Situation) -> Quantity:
        """A rate written as a number up to 1 is a share: 1 with 百分比 is 100 %."""
        if not 0 < quantity.value <= 1:
            return quantity
        if bare(at.unit) not in ("百分比", "百分率"):
            self.doubtful_percent = True
        return replace(quantity, value=quantity.value * 100)

    def _label(self, column: Column, at: Situation, measure: Measure | None) -> str:
        """What to call it: the header, else the item ('') in a list of items, else the pack's name."""
        if at.part or (self.alone and column.role == "value"):
            return ""
        if column.label and column.label not in _GENERIC:
            return column.label
        if self.itemised:
            return ""
        if measure is not None:
            return measure.title
        return "" if at.short and at.named else column.label or at.use.kind.title

    def in_text(self, text: str, use: Use, header: str, *, brackets: bool) -> tuple[InText, ...]:
        """The quantities of a remark, an object, a content or a title; cached."""
        if not _NUMERAL.search(text):
            return ()
        key = (use.kind.id, header, text, brackets)
        found = self._texts.get(key)
        if found is None:
            if len(self._texts) > 5_000:
                self._texts.clear()
            found = self._texts[key] = tuple(_in_text(text, use, header, brackets))
        return found


def _are_alike(unit: str, other: str) -> bool:
    """Whether both measure the same: 折价（元） in a row of 袋 is not counted in 袋."""
    return sort_of_unit(unit) == sort_of_unit(other)


def _is_long(value: str | float) -> bool:
    if isinstance(value, str):
        return value.isdigit() and len(value) >= 7
    return value >= _LONG


def _unit_of(thing: str) -> Unit:
    """The unit that the object of a row suggests: 困难家庭 are counted in 户."""
    return next((unit for word, unit in OBJECT_UNITS if word in thing), NO_UNIT)


def _in_unit(quantity: Quantity, unit: Unit, own: bool, measure: Measure | None) -> Quantity:
    """A unit that was only suggested gives way to the measure's unit of the same sort."""
    if own or (unit.name and not unit.weak) or measure is None or quantity.unit == measure.unit:
        return quantity
    if not quantity.unit or sort_of_unit(quantity.unit) == sort_of_unit(measure.unit):
        return replace(quantity, unit=measure.unit)
    return quantity


def _in_text(text: str, use: Use, header: str, brackets: bool) -> Iterator[InText]:
    whole = read_quantity(text)
    if whole is not None:
        if whole.unit:
            measure, _ = use.measure(whole.unit, (use.matches(header),), part=False)
            yield InText(use.measure_id(measure, whole.unit), header, whole)
        return
    plain = text if brackets else without_brackets(text)
    wholes: dict[str, str] = {}
    end, part = 0, False
    for found in find_quantities(plain):
        between = plain[end : found.start]
        part = "其中" in between or (part and not _STOPS.search(between))
        end, unit = found.end, found.quantity.unit
        near = plain[max(0, found.start - 10) : found.end + 10]
        named = (use.matches(found.noun), use.matches(near))
        measure, _ = use.measure(unit, named, part=part)
        title = measure.title if measure is not None else header
        label = found.noun if len(found.noun) > 1 else title
        parent = wholes.get(unit) if part else None
        if not part:
            wholes[unit] = label
        yield InText(use.measure_id(measure, unit), label, found.quantity, parent, part)


def is_same(left: Quantity, right: Quantity) -> bool:
    """Whether two quantities of one row say the same, so that one of them is enough."""
    return left.value == right.value and sort_of_unit(left.unit) == sort_of_unit(right.unit)
