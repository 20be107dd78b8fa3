"""Cells to quantities: unit from the cell, the row, the header, the title or the pack, in that order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from linli.kernel.lexer import canonical_unit, find_quantities, read_quantity
from linli.kernel.quantities import Quantity
from linli.kernel.units import UNITS
from linli.packs.schema import Kind, Measure
from linli.work.intake.columns import Column, Unit
from linli.work.intake.kinds import measure_for
from linli.work.intake.read import Value
from linli.work.intake.words import Vocabulary, bare, without_brackets

SORTS: Mapping[str, str] = {name: unit.kind for name, unit in UNITS.items() if unit.kind != "count"}
_COUNTS = {name for name, unit in UNITS.items() if unit.kind == "count"}
FITS: Mapping[str, str] = {**SORTS, **dict.fromkeys(_COUNTS, "count")}
_GENERIC = frozenset(
    "人数 户数 金额 次数 数量 数值 完成情况 数据 人次 资金 经费 总数 数目 个数 件数 总量 完成数 场次 "
    "数量户数 数量次数 数量金额 实际完成 完成值 指标值 家数 合计数".split()
)
NOTHING = frozenset(("-", "—", "——", "–", "/", "\\", "无", "暂无", "没有", "略", "N/A", "／", "―", "…", "空"))
_NUMERAL = re.compile(r"[0-9０-９一二三四五六七八九十百千万两]")
_SENTENCE = re.compile(r"[，。；：、,;:！!]")
_OBJECT_UNITS = (("家庭", "户"), ("户", "户"), ("社区", "个"), ("单位", "家"), ("企业", "家"),
                 ("商户", "家"), ("个人", "人"), ("居民", "人"), ("党员", "名"), ("老人", "人"),
                 ("人员", "人"), ("学生", "名"), ("儿童", "名"), ("志愿者", "名"), ("队", "支"))
_ITEM_LENGTH = 24


@dataclass(frozen=True, slots=True)
class Read:
    """A quantity read, with the measure that it states and the words that name it."""

    measure: str
    label: str
    quantity: Quantity


@dataclass(frozen=True, slots=True)
class InText(Read):
    """A quantity in a text. ``whole``: the label of the one it is a part of (其中)."""

    whole: str | None = None


@dataclass(frozen=True, slots=True)
class Situation:
    """What a cell's row says of it: kind, item, unit cell, object, whether it is a part."""

    kind: Kind
    item: str = ""
    unit: str = ""
    object: str = ""
    part: bool = False
    percent: bool = False


@dataclass(slots=True)
class Values:
    """Reads cells of one table; equal cells in equal situations are read once."""

    words: Vocabulary
    itemised: bool
    _cache: dict[tuple[object, ...], Read | None] = field(default_factory=dict)
    _texts: dict[str, tuple[InText, ...]] = field(default_factory=dict)
    doubtful_percent: bool = False
    _LIMIT = 20_000

    def read(self, column: Column, value: Value, at: Situation) -> Read | None:
        """The quantity of a value cell; None if the cell is not wholly one."""
        key = (column.index, value, at.kind.id, at.item, at.unit, at.object, at.part, at.percent)
        try:
            return self._cache[key]
        except KeyError:
            if len(self._cache) > self._LIMIT:
                self._cache.clear()
            found = self._cache[key] = self._read(column, value, at)
            return found

    def _read(self, column: Column, value: Value, at: Situation) -> Read | None:
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            return None
        unit, own = self._unit(column, value, at)
        quantity = read_quantity(value, unit=unit.name, scale=Decimal(unit.factor))
        if quantity is None:
            return None
        measure, named = measure_for(
            at.kind,
            self._texts_of(column, at),
            quantity.unit,
            part=at.part or (column.part_of is not None),
            fits=FITS,
        )
        quantity = self._in_unit(quantity, unit, own, measure)
        if quantity.unit == "%" and not own:
            quantity = self._as_percent(quantity, value, at)
        label = self._label(column, at, measure)
        return Read(self.measure_id(measure, quantity.unit), label, quantity)

    def _unit(self, column: Column, value: Value, at: Situation) -> tuple[Unit, bool]:
        """The unit of the cell, and whether the cell itself writes it."""
        if at.percent:
            return Unit("%", 100, weak=False), True
        if isinstance(value, str):
            alone = read_quantity(value)
            if alone is not None and alone.unit:
                return column.unit, True
        if at.unit:
            known = canonical_unit(bare(at.unit))
            if known:
                return Unit(known[0], int(known[1]), weak=False), False
        if not column.unit.name and at.object:
            return self._by_object(at.object), False
        return column.unit, False

    @staticmethod
    def _by_object(text: str) -> Unit:
        return next((Unit(unit) for word, unit in _OBJECT_UNITS if word in text), Unit())

    def _texts_of(self, column: Column, at: Situation) -> tuple[str, ...]:
        header = column.label
        short = len(at.item) <= _ITEM_LENGTH and not _SENTENCE.search(at.item)
        if at.part:
            return (at.item, header, at.object)
        if header in _GENERIC or column.role == "total":
            if self.itemised or short:
                return (f"{at.item}\n{header}", at.object)
            return (header, at.object)
        return (header, at.item if short else "", at.object)

    @staticmethod
    def _in_unit(quantity: Quantity, unit: Unit, own: bool, measure: Measure | None) -> Quantity:
        """A unit that was only suggested gives way to the measure's unit of the same sort."""
        if own or (unit.name and not unit.weak) or measure is None:
            return quantity
        stated = quantity.unit
        if not stated or FITS.get(stated, stated) == FITS.get(measure.unit, measure.unit):
            return replace(quantity, unit=measure.unit) if stated != measure.unit else quantity
        return quantity

    def _as_percent(self, quantity: Quantity, value: Value, at: Situation) -> Quantity:
        """A rate written as a number up to 1 is a share: 1 with 百分比 is 100 %."""
        if not (0 < quantity.value <= 1):
            return quantity
        if bare(at.unit) not in ("百分比", "百分率"):
            self.doubtful_percent = True
        return replace(quantity, value=quantity.value * 100)

    def _label(self, column: Column, at: Situation, measure: Measure | None) -> str:
        """What to call it: the item in a list of items, else the header, or the pack's name of it."""
        if at.part and at.item:
            return at.item
        if column.label and column.label not in _GENERIC:
            return column.label
        if self.itemised and at.item:
            return at.item
        own = measure is not None and measure.id.startswith(f"{at.kind.id}.")
        if measure is not None and own:
            return measure.title
        short = at.item if len(at.item) <= _ITEM_LENGTH else ""
        return short or column.label or at.kind.title

    def measure_id(self, measure: Measure | None, unit: str) -> str:
        """The measure's id, or a shared measure's that fits the unit."""
        if measure is not None:
            return measure.id
        sort = FITS.get(unit, unit)
        shared = [m for pack in self.words.registry.packs for m in pack.measures]
        for candidate in shared:
            if candidate.unit == unit:
                return candidate.id
        for candidate in shared:
            if FITS.get(candidate.unit, candidate.unit) == sort:
                return candidate.id
        return "base.items"

    def in_text(self, text: str, kind: Kind, header: str, *, brackets: bool) -> tuple[InText, ...]:
        """The quantities of a remark, an object or a content cell."""
        if not _NUMERAL.search(text):
            return ()
        key = f"{kind.id}\x1f{header}\x1f{brackets}\x1f{text}"
        found = self._texts.get(key)
        if found is None:
            if len(self._texts) > self._LIMIT:
                self._texts.clear()
            found = self._texts[key] = tuple(self._in_text(text, kind, header, brackets))
        return found

    def _in_text(self, text: str, kind: Kind, header: str, brackets: bool) -> Iterable[InText]:
        whole = read_quantity(text)
        if whole is not None:
            if whole.unit:
                measure, _ = measure_for(kind, (header,), whole.unit, part=False, fits=FITS)
                yield InText(self.measure_id(measure, whole.unit), header, whole)
            return
        plain = text if brackets else without_brackets(text)
        wholes: dict[str, str] = {}
        last_end = 0
        part = False
        for found in find_quantities(plain):
            part = part or "其中" in plain[last_end : found.start]
            if re.search(r"[。；;\n]", plain[last_end : found.start]) and "其中" not in plain[
                last_end : found.start
            ]:
                part = False
            unit = found.quantity.unit
            near = plain[max(0, found.start - 10) : found.end + 10]
            measure, _ = measure_for(kind, (found.noun, near), unit, part=part, fits=FITS)
            label = found.noun if len(found.noun) > 1 else (measure.title if measure else header)
            parent = wholes.get(unit) if part else None
            if not part:
                wholes[unit] = label
            last_end = found.end
            yield InText(self.measure_id(measure, unit), label, found.quantity, parent)
