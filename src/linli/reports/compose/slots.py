"""The slots of a report: names, days, figures, titles; and what has been told already."""

from __future__ import annotations

from linli.kernel.quantities import Quantity
from linli.kernel.units import kind_of
from linli.reports.compose import refs
from linli.reports.compose.material import Datum, Item, Material
from linli.reports.compose.predicate import lacks_subject
from linli.reports.compose.say import Sayer, trimmed
from linli.reports.draft import Cell, Run


class Slots:
    """Fills the slots of one report; remembers what was told and which figures were used."""

    def __init__(self, material: Material, sayer: Sayer) -> None:
        self.material = material
        self.sayer = sayer
        self.told: set[str] = set()
        self.used: dict[str, Datum] = {}

    def resolve(self, slot: str) -> Cell | None:
        """Return the runs of a report slot; None when there is nothing to say."""
        name, _, argument = slot.partition(":")
        match name:
            case "area":
                return (refs.area(self.material),)
            case "period":
                return (refs.period(self.material, argument),)
            case "date":
                return (refs.day(self.material.until, self.material),)
            case "signer":
                return (Run(self.material.signer),) if self.material.signer else None
            case "figure" | "state":
                return self.figure(argument, zero=name == "state")
            case "titles":
                return self._titles(argument)
            case "one":
                return self._one(argument)
            case "post":
                return self._post(argument)
            case "lines":
                return self._values(argument, "line")
        return None

    def figure(self, indicator: str, *, zero: bool = False) -> Cell | None:
        """Return a figure that has a value; a zero only where ``zero`` asks for it."""
        datum = self.material.data.get(indicator)
        if datum is None or datum.quantity is None or (datum.quantity.value == 0 and not zero):
            return None
        if datum.basis == "computed" and is_once(datum.quantity):
            return None  # 活动1次 counts the record that is told anyway
        self.used.setdefault(indicator, datum)
        # A total that a figure has said is not said again as a record.
        self.told.update(i.id for i in self.material.trace(indicator) if i.grain != "event")
        return (refs.figure(datum, self.material),)

    def _titles(self, kind: str) -> Cell | None:
        items = self.material.of_kinds([kind])
        self.told.update(item.id for item in items)
        by_title = {trimmed(item.title): item for item in reversed(items) if trimmed(item.title)}
        return listed([self.sayer.title(item) for item in reversed(by_title.values())]) or None

    def _one(self, argument: str) -> Cell | None:
        kind, _, field = argument.partition(":")
        for item in reversed(self.material.of_kinds([kind])):
            if cell := self._field(item, field):
                return cell
        return None

    def _post(self, name: str) -> Cell | None:
        """Who holds a post of the leading group, as the ledger names them (often by office)."""
        for item in self.material.items:
            if trimmed(item.title) == name and "holder" in item.fields:
                self.told.add(item.id)
                return self._field(item, "holder")
        return None

    def _values(self, kind: str, field: str) -> Cell | None:
        """The values of a field over the records of a kind, 、 between."""
        items = self.material.of_kinds([kind])
        cells = [cell for item in items if (cell := self._field(item, field))]
        self.told.update(item.id for item in items if trimmed(item.fields.get(field, "")))
        return listed(cells) or None

    def _field(self, item: Item, field: str) -> Cell | None:
        text = trimmed(item.fields.get(field, ""))
        if not text or (text == trimmed(item.title) and lacks_subject(text)):
            return None
        return (refs.of_record(item, self.material, f"field:{field}", text),)

    @staticmethod
    def once(items: list[Item]) -> list[Item]:
        """Drop records that would read the same as one before."""
        seen: set[tuple[object, ...]] = set()
        kept = []
        for item in items:
            amounts = tuple((one.measure, one.quantity) for one in item.amounts)
            fields = tuple(sorted(item.fields.items()))
            mark = (item.kind, trimmed(item.title), item.occurred.start, fields, amounts)
            if mark not in seen:
                seen.add(mark)
                kept.append(item)
        return kept


def is_once(quantity: Quantity) -> bool:
    """Say whether an amount is a bare 1次, 1场, 1期."""
    return kind_of(quantity.unit) == "times" and quantity.value == 1


def listed(cells: list[Cell], mark: str = "、") -> Cell:
    """Return the cells in a row with a mark between."""
    runs: list[Run] = []
    for cell in cells:
        if runs and cell:
            runs.append(Run(mark))
        runs.extend(cell)
    return tuple(runs)
