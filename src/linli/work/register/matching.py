"""A workbook held against the register: who is new, unchanged, changed, moved, or missing from it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

from linli.core.registers.addresses import Address
from linli.core.registers.batches import Batch, Change, Holding, NewHousehold, NewMember
from linli.core.registers.names import masked_name
from linli.core.registers.rules import Particulars
from linli.core.registers.vault import Vault
from linli.work.register.grouping import Group
from linli.work.register.problems import Problems
from linli.work.register.reading import Entry

Place = tuple[str, str, str]
FIELDS = {
    "name": "姓名", "sex": "性别", "birth": "出生日期", "tie": "人户关系", "elsewhere": "户籍地",
    "identity_number": "身份证号", "phone": "电话", "certificate": "残疾人证号",
    "relation": "与户主关系", "residence": "住处", "category": "人员类别",
}  # fmt: skip


@dataclass(slots=True)
class Matched:
    """What the comparison found."""

    batch: Batch
    created: int = 0
    unchanged: int = 0
    changed: int = 0
    absent: int = 0
    households: list[NewHousehold] = field(default_factory=list)


class Matcher:
    """Compares one workbook with the register of one area."""

    def __init__(self, holdings: Sequence[Holding], vault: Vault, problems: Problems) -> None:
        self.holdings, self.vault, self.problems = holdings, vault, problems
        self.by_number: dict[bytes, Holding] = {}
        self.by_name: defaultdict[str, list[Holding]] = defaultdict(list)
        self.living: defaultdict[UUID, set[UUID]] = defaultdict(set)
        for one in holdings:
            if one.household:
                self.living[one.household].add(one.person)
            self.by_name[one.name].append(one)
            for name, digest in one.digests:
                if name == "identity_number":
                    self.by_number[digest] = one
        self.seen: dict[UUID, Entry] = {}
        self.numbers: dict[bytes, Entry] = {}
        self.plain: dict[tuple[str, date | None, Place | None], Entry] = {}

    def match(self, groups: Sequence[Group], source: str, since: date | None) -> Matched:
        """Sort every row; ask once whether changed rows are to be applied."""
        found = Matched(Batch((), (), source, since))
        pairs = [(group, [(e, self._holding(e, group)) for e in group.entries]) for group in groups]
        changes: list[Change] = []
        for group, rows in pairs:
            household = self._household(group, rows)
            joining = []
            for entry, held in rows:
                if held is None:
                    continue
                change, names = self._change(entry, held, group)
                if household.moving:
                    names.append("residence")
                elif household.existing != held.household and group.address:
                    joining.append((held.person, group.relation(entry) or held.relation))
                    names.append("residence")
                if not names:
                    found.unchanged += 1
                    continue
                found.changed += 1
                self._propose(entry, held, names)
                if set(names) != {"residence"}:
                    changes.append(change)
            found.households.append(replace(household, joining=tuple(joining)))
        found.created = sum(len(one.members) for one in found.households)
        found.absent = self._absent(groups)
        return self._settle(found, changes, source, since)

    def _settle(
        self, found: Matched, changes: list[Change], source: str, since: date | None
    ) -> Matched:
        households, answer = found.households, "apply"
        if found.changed:
            said = f"{found.changed} 人与登记不同（见提醒）。apply 按表更正，keep 保留登记。"
            answer = self.problems.ask("changes", "", "", "", said, ("apply", "keep")) or "keep"
        if answer == "keep":
            households, changes = [replace(h, joining=(), moving=False) for h in households], []
        found.batch = Batch(tuple(households), tuple(changes), source, since)
        return found

    # -- who is it ------------------------------------------------------------------------------

    def _holding(self, entry: Entry, group: Group) -> Holding | None:
        """Whom the register knows a row as: by the identity number, else by name, birth, dwelling."""
        number = entry.given.secrets.get("identity_number")
        digest = self.vault.digest("identity_number", number) if number else None
        if self._repeated(entry, digest, group):
            return None
        held = self.by_number.get(digest) if digest else None
        if held is None:
            held = self._by_name(entry, digest, group)
        if held is not None and held.person in self.seen:
            self._same_person(entry, self.seen[held.person])
            return None
        if held is not None:
            self.seen[held.person] = entry
        return held

    def _by_name(self, entry: Entry, digest: bytes | None, group: Group) -> Holding | None:
        birth, place = entry.given.birth, _place(group.address)
        fitting = [
            one
            for one in self.by_name[entry.given.name]
            if (birth is None or one.birth is None or one.birth == birth)
            and (place is None or one.address is None or _place(one.address) == place)
            and ((birth is not None and one.birth is not None) or place == _place(one.address))
            and not (digest and _has_number(one))
        ]
        if len(fitting) > 1:
            self.problems.error(
                entry.sheet, entry.cell("name"), masked_name(entry.given.name),
                f"登记里有 {len(fitting)} 个人都可能是这一行。", "请在这一行写上身份证号。",
            )  # fmt: skip
            return None
        return fitting[0] if fitting else None

    def _repeated(self, entry: Entry, digest: bytes | None, group: Group) -> bool:
        """The same person on two rows: a fault, whichever of the two is right."""
        key = (entry.given.name, entry.given.birth, _place(group.address))
        if digest is not None:
            first = self.numbers.setdefault(digest, entry)
        else:
            first = self.plain.setdefault(key, entry)
        if first is entry:
            return False
        cell = entry.cell("identity_number" if digest else "name")
        what = "身份证号" if digest else "姓名、出生日期和住处"
        self.problems.error(
            entry.sheet, cell, masked_name(entry.given.name),
            f"{what}与 {first.sheet} 第 {first.row + 1} 行相同。", "同一个人只写一行；不同的人请改正。",
        )  # fmt: skip
        return True

    def _same_person(self, entry: Entry, first: Entry) -> None:
        self.problems.error(
            entry.sheet, entry.cell("name"), masked_name(entry.given.name),
            f"登记里与 {first.sheet} 第 {first.row + 1} 行是同一个人。", "同一个人只写一行。",
        )  # fmt: skip

    # -- what has changed -----------------------------------------------------------------------

    def _change(self, entry: Entry, held: Holding, group: Group) -> tuple[Change, list[str]]:
        """The change of one person, and the names of what differs. An empty cell says nothing."""
        given = entry.given
        kept = Particulars(
            name=given.name,
            sex=given.sex or held.sex,
            birth=given.birth or held.birth,
            tie=given.tie if "tie" in entry.said else held.tie,
            elsewhere=given.elsewhere if "elsewhere" in entry.said else held.elsewhere,
            secrets=given.secrets,
        )
        names = [n for n in ("name", "sex", "birth", "tie", "elsewhere")
                 if getattr(kept, n) != getattr(held, n)]  # fmt: skip
        names += [
            name
            for name, value in given.secrets.items()
            if (name, self.vault.digest(name, value)) not in held.digests
        ]
        relation = group.relation(entry)
        if relation and relation != held.relation:
            names.append("relation")
        classes = tuple(one for one in entry.classes if one not in held.classes)
        names += ["category"] if classes else []
        changed = relation if "relation" in names else None
        return Change(held.person, kept, changed, classes), names

    def _propose(self, entry: Entry, held: Holding, names: list[str]) -> None:
        said = "、".join(FIELDS[name] for name in names)
        self.problems.warn(
            entry.sheet, entry.cell(names[0]), masked_name(held.name), f"与登记不同：{said}。",
            "按表更正时，原来的登记作为旧版本保留。",
        )  # fmt: skip

    def _household(self, group: Group, rows: list[tuple[Entry, Holding | None]]) -> NewHousehold:
        """The group's new members; it is a household that stands if most of it lives there, or if
        all of it is in the group and so moves to the group's address."""
        place = _place(group.address)
        votes: defaultdict[UUID, int] = defaultdict(int)
        for _, held in rows:
            if held and held.household and (not place or _place(held.address) in (place, None)):
                votes[held.household] += 1
        existing = max(votes, key=lambda one: votes[one]) if votes else None
        members = tuple(
            NewMember(e.given, group.relation(e), e.classes, e.since)
            for e, held in rows
            if not held
        )
        moved = None if existing else self._moved([held for _, held in rows if held])
        return NewHousehold(
            members, group.address, group.number, existing or moved, moving=moved is not None
        )

    def _moved(self, held: Sequence[Holding]) -> UUID | None:
        """The household all of whose members stand in one group, if there is one."""
        persons = {one.person for one in held}
        for household in {one.household for one in held if one.household}:
            if self.living[household] <= persons:
                return household
        return None

    def _absent(self, groups: Sequence[Group]) -> int:
        """Report who is in the register and not in the workbook, in the buildings that it covers."""
        covered = {group.address.building for group in groups if group.address}
        missing = [
            one
            for one in self.holdings
            if one.person not in self.seen
            and (one.address.building in covered if one.address else not covered)
        ]
        for one in missing:
            place = one.address.said if one.address else "住处未登记"
            self.problems.warn(
                "", "", masked_name(one.name), f"在册（{place}），但表里没有。",
                "没有删除；已迁出或去世的请办理离册。",
            )  # fmt: skip
        return len(missing)


def _has_number(held: Holding) -> bool:
    return any(name == "identity_number" for name, _ in held.digests)


def _place(address: Address | None) -> Place | None:
    return (address.building, address.stairwell, address.number) if address else None
