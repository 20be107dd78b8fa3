"""Persons of a workbook become households: by number, by head, by the order of rows, by dwelling."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field

from linli.core.registers.addresses import Address
from linli.work.register.problems import Problems
from linli.work.register.reading import Entry


@dataclass(slots=True)
class Group:
    """The rows of one household."""

    entries: list[Entry] = field(default_factory=list)

    @property
    def address(self) -> Address | None:
        """The address that the first of its rows names: a household lives in one place."""
        return next((one.address for one in self.entries if one.address), None)

    @property
    def number(self) -> str:
        """The office's own number of the household."""
        return next((one.household for one in self.entries if one.household), "")

    def relation(self, entry: Entry) -> str:
        """What a row's person is to the head; empty where the workbook does not say."""
        if entry.relation is not None:
            return entry.relation
        return "head" if entry.head and entry.head == entry.given.name else ""


def grouped(entries: Sequence[Entry], problems: Problems) -> list[Group]:
    """The households, in the order of the sheet. A row that names none lives for itself."""
    groups: dict[Hashable, Group] = {}
    run: Group | None = None
    for number, entry in enumerate(entries):
        key = _key(entry)
        if key is None and entry.relation is not None:
            if entry.relation == "head" or run is None or run.entries[-1].sheet != entry.sheet:
                run = groups[number] = Group()
            group = run
        else:
            group = groups.setdefault(number if key is None else key, Group())
            run = group
        group.entries.append(entry)
    made = list(groups.values())
    _without_relations(entries, problems)
    for group in made:
        _check(group, problems)
    return made


def _key(entry: Entry) -> Hashable | None:
    """What names the household; None where only the order of rows can tell."""
    if entry.household:
        return ("number", entry.household)
    if entry.head:
        return ("head", entry.sheet, entry.head, entry.address and entry.address.said)
    if entry.relation is None and entry.address is not None:
        return ("dwelling", entry.address.said)
    return None


def _without_relations(entries: Sequence[Entry], problems: Problems) -> None:
    if entries and not any(one.relation or one.head or one.household for one in entries):
        first = entries[0]
        problems.warn(
            first.sheet, first.cell("name"), "",
            "表里没有户主、户号或与户主关系，同一房屋的人记为一户，关系未注明。", "可补上后再导入。",
        )  # fmt: skip


def _check(group: Group, problems: Problems) -> None:
    """Two heads, or two addresses, in one household are faults that nobody but the office can mend."""
    heads = [one for one in group.entries if group.relation(one) == "head"]
    for entry in heads[1:]:
        problems.error(
            entry.sheet, entry.cell("relation"), "", f"这一户有两个户主（另一个在第 {heads[0].row + 1} 行）。",
            "请改正与户主关系，或分成两户。",
        )  # fmt: skip
    address = group.address
    for entry in group.entries:
        if address and entry.address and _place(entry.address) != _place(address):
            problems.error(
                entry.sheet, entry.cell("residence" if "residence" in entry.cells else "number"),
                entry.address.said, f"与同一户其他人的住处 {address.said} 不同。", "请核对住址或户主。",
            )  # fmt: skip


def _place(address: Address) -> tuple[str, str, str]:
    return address.building, address.stairwell, address.number
