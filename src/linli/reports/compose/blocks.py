"""The blocks of a plan turned into blocks of a draft; what has no data comes back empty."""

from __future__ import annotations

from itertools import groupby

from linli.kernel.quantities import Quantity
from linli.packs.schema_report import (
    Clauses,
    FigureChart,
    FigureTable,
    Honours,
    Listing,
    Plans,
    Records,
    Text,
)
from linli.reports.compose import refs
from linli.reports.compose.levels import named, rank
from linli.reports.compose.material import Item, in_order
from linli.reports.compose.slots import Slots, is_once, listed
from linli.reports.compose.template import fill, slots, tidy
from linli.reports.draft import Block, Cell, Chart, Paragraph, Run, Table

_BASIS = {"computed": "逐条算出", "declared": "申报"}
_FRAME = frozenset({"area", "period", "date", "signer"})
_REST = "其余工作见相应台账。"
_INLINE = 6  # a longer list of events is set one to a paragraph


class Blocks(Slots):
    """Builds the blocks of one report."""

    def text(self, block: Text) -> list[Block]:
        """A paragraph of those sentences whose slots have values."""
        runs: list[Run] = []
        for sentence in block.sentences:
            runs.extend(self._sentence(sentence))
        return [Paragraph(tidy(runs))] if runs else []

    def _sentence(self, template: str) -> Cell:
        """A sentence that was to tell data and found none says nothing, and is left out."""
        asked = [slot for slot in slots(template) if slot.partition(":")[0] not in _FRAME]
        found: list[str] = []

        def note(slot: str) -> Cell | None:
            value = self.resolve(slot)
            if value and slot in asked:
                found.append(slot)
            return value

        made = fill(template, note) or ()
        return made if found or not asked else ()

    def clauses(self, block: Clauses) -> list[Block]:
        """One sentence that strings together the figures that have values."""
        cells = [cell for item in block.items if (cell := fill(item, self.resolve))]
        if len(cells) < block.least:
            return []
        lead = fill(block.lead, self.resolve) or () if block.lead else ()
        runs = [*lead, *listed(cells, block.join), Run(block.end)]
        return [Paragraph(tidy(runs))]

    def records(self, block: Records) -> list[Block]:
        """Dated records as a numbered list, then the undated ones as sentences."""
        wanted = [
            item
            for item in self.material.items
            if (item.kind in block.kinds or item.section in block.sections)
            and item.grain in block.grains
            and item.state in block.states
            and item.id not in self.told
        ]
        every = self.once(in_order(wanted))
        wanted = every[: block.most]
        dated = [item for item in wanted if item.dated]
        undated = [item for item in wanted if not item.dated] if block.undated else []
        self.told.update(i.id for i in (*dated, *undated) if self.sayer.record(i))
        lead = list(fill(block.lead, self.resolve) or ()) if block.lead else []
        said = [cell for item in self.sayer.together(dated) if (cell := self.sayer.record(item))]
        loose = [cell for item in undated if (cell := self.sayer.record(item))]
        made = self._dated(said, lead, block.numbered)
        if loose:
            opening = [] if made else lead
            made.append(Paragraph(tidy([*opening, *listed(loose, "；"), Run("。")])))
        if len(every) > len(wanted):
            made.append(Paragraph((Run(_REST),)))
        return made

    @staticmethod
    def _dated(said: list[Cell], lead: list[Run], numbered: bool) -> list[Block]:
        if not said:
            return []
        if len(said) == 1 or not numbered:
            return [Paragraph(tidy([*lead, *listed(said, "；"), Run("。")]))]
        marked = [(Run(f"（{place}）"), *cell) for place, cell in enumerate(said, start=1)]
        if len(marked) <= _INLINE:
            return [Paragraph(tidy([*lead, *listed(marked, "；"), Run("。")]))]
        opening = [Paragraph(tidy([*lead[:-1], Run(_closed(lead))]))] if lead else []
        return [*opening, *(Paragraph(tidy([*cell, Run("。")])) for cell in marked)]

    def listing(self, block: Listing) -> list[Block]:
        """An inline list of titles, one sentence a group."""
        every = self.material.of_kinds(block.kinds)
        self.told.update(item.id for item in every)
        totals = set(block.without)
        items = [i for i in self.once(every) if not totals & {one.measure for one in i.amounts}]
        sentences: list[Run] = []
        by_group: dict[str, list[Item]] = {}
        for item in items:
            by_group.setdefault(item.fields.get(block.by, "") if block.by else "", []).append(item)
        for group, mine in by_group.items():
            sentences.extend(self._group(block, group, mine))
        return [Paragraph(tidy(sentences))] if sentences else []

    def _group(self, block: Listing, group: str, items: list[Item]) -> Cell:
        cells = [cell for i in items[: block.most] if (cell := self.sayer.by(i, block.item))]
        names = listed(cells)
        if not names:
            return ()
        if len(items) > block.most and len(block.kinds) == 1:
            number = refs.count(block.kinds[0], len(items), block.counter, self.material)
            names = (*names, Run("等"), number)

        def slot(name: str) -> Cell | None:
            if name == "list":
                return names
            if name == "group":
                if not group:
                    return None
                return (refs.of_record(items[0], self.material, f"field:{block.by}", group),)
            return self.resolve(name)

        return fill(block.text, slot) or ()

    def honours(self, block: Honours) -> list[Block]:
        """Honours by level, highest first, in one sentence."""
        every = [item for item in self.material.of_kinds(block.kinds) if _held(block, item)]
        self.told.update(item.id for item in every)
        items = self.once(every)
        levels = sorted(
            items,
            key=lambda i: (rank(i.fields.get(block.level, "")), i.fields.get(block.level, "")),
        )
        said: list[Cell] = []
        for level, of_level in groupby(levels, key=lambda i: i.fields.get(block.level, "")):
            group = list(of_level)
            names = listed([cell for i in group if (cell := self.sayer.by(i, block.item))], "、")

            said_level = refs.level(group[0], self.material, block.level, named(level))

            def slot(name: str, names: Cell = names, level: Run | None = said_level) -> Cell | None:
                if name == "list":
                    return names
                if name == "level":
                    return (level,) if level else None
                return self.resolve(name)

            if names and (cell := fill(block.text, slot)):
                said.append(cell)
        if not said:
            return []
        lead = fill(block.lead, self.resolve) or () if block.lead else ()
        return [Paragraph(tidy([*lead, *listed(said, "；"), Run("。")]))]

    def plans(self, block: Plans) -> list[Block]:
        """What is planned next, in one sentence."""
        items = [i for i in self.material.planned if not block.kinds or i.kind in block.kinds]
        cells = [cell for item in self.once(items) if (cell := self.sayer.by(item, block.item))]
        if not cells:
            return []
        self.told.update(item.id for item in items)
        lead = fill(block.lead, self.resolve) or () if block.lead else ()
        return [Paragraph(tidy([*lead, *listed(cells, "；"), Run("。")]))]

    def table(self, block: FigureTable) -> list[Block]:
        """A table of figures that have a value."""
        wanted = [
            datum
            for datum in self.material.data.values()
            if (datum.indicator in block.figures or datum.section in block.sections)
            and datum.indicator not in block.without
            and datum.quantity is not None
            and _telling(datum.quantity)
        ]
        if len(wanted) < block.least:
            return []
        rows: list[tuple[Cell, ...]] = []
        for datum in wanted:
            value = self.figure(datum.indicator) or ()
            title = (refs.title(datum, self.material),)
            rows.append((title, value, (Run(_BASIS.get(datum.basis, "")),)))
        return [Table(block.caption, ("指标", "数据", "来源"), tuple(rows), (46, 27, 27))]

    def chart(self, block: FigureChart) -> list[Block]:
        """Bars of figures of one unit, the unit most of them have."""
        known = [
            datum
            for name in block.figures
            if (datum := self.material.data.get(name)) and datum.quantity and datum.quantity.value
        ]
        units = [datum.quantity.unit for datum in known if datum.quantity]
        if not units:
            return []
        unit = max(units, key=units.count)
        bars = [
            (d.title, d.quantity.value) for d in known if d.quantity and d.quantity.unit == unit
        ]
        if len(bars) < block.least:
            return []
        labels, values = zip(*bars, strict=True)
        return [Chart(block.title, unit, tuple(labels), tuple(values))]


def _telling(quantity: Quantity) -> bool:
    """A row of a table: no zero, no bare 1次, no rate (a rate needs its sentence)."""
    return quantity.value != 0 and not is_once(quantity) and quantity.unit != "%"


def _held(block: Honours, item: Item) -> bool:
    holder = item.fields.get(block.holder, "").strip() if block.holder else ""
    if block.holders:
        return holder in block.holders
    return holder not in block.others


def _closed(lead: list[Run]) -> str:
    """The last words of a lead that stands on its own line, ended by a colon."""
    return lead[-1].text.rstrip("，：:、") + "：" if lead[-1].ref is None else lead[-1].text + "："
