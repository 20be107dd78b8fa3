"""Taking in a workbook's persons at once: few statements, one audit entry, all or nothing."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from typing import Any
from uuid import UUID

from linli.core.access.queries import permit
from linli.core.access.rules import Actor
from linli.core.areas.rules import AreaRef
from linli.core.audit import trail
from linli.core.audit.action import action
from linli.core.audit.rules import Permission, merkle_root
from linli.core.registers.actions.clerk import Clerk
from linli.core.registers.addresses import Address
from linli.core.registers.batches import Batch, Change, NewHousehold, NewMember
from linli.core.registers.models import (
    Building,
    Care,
    Dwelling,
    Enrolment,
    Household,
    Membership,
    Occupancy,
    Person,
    PersonKey,
    Secret,
    Siting,
    Stairwell,
)
from linli.core.registers.queries.standing import CHUNK, known
from linli.core.registers.vault import seal
from linli.kernel.clock import today
from linli.kernel.ids import uuid7
from linli.packs.load import registry

_BATCH = 1_000


@action("registers.take", permission=Permission.ENROL)
def take(*, actor: Actor, area: AreaRef, batch: Batch) -> int:
    """Bring a batch into the register of an area: all of it or nothing; answers how many persons.

    Care classes need the permission `care` as well. The entry holds a Merkle root over keyed
    digests of the persons, no name and no number.
    """
    clerk = Clerk(actor, area, batch.source)
    if any(m.classes for m in _members(batch)) or any(c.classes for c in batch.changes):
        permit(actor, Permission.CARE, clerk.place)
    taker = _Taker(clerk, batch)
    taker.settle()
    for change in batch.changes:
        taker.change(change)
    trail.note(
        actor=actor,
        area=clerk.place.key,
        action="registers.take",
        subject=("workbook", batch.source[:64]),
        payload=clerk.vault.keyed("registers.take", batch.source),
        merkle_root=merkle_root(taker.leaves),
        rows=len(taker.leaves),
        facts={"changes": len(batch.changes)},
    )
    return len(taker.leaves)


def _members(batch: Batch) -> Iterable[NewMember]:
    return chain.from_iterable(household.members for household in batch.households)


class _Taker:
    """Gathers rows of all tables, and writes each table at once."""

    def __init__(self, clerk: Clerk, batch: Batch) -> None:
        self.clerk, self.batch = clerk, batch
        self.rows: dict[type[Any], list[Any]] = {}
        self.leaves: list[bytes] = []
        self.same = self._known_elsewhere()
        self.dwellings = self._dwellings({h.address for h in batch.households if h.address})
        self.classes = registry().care

    def settle(self) -> None:
        """Write the households with their members."""
        for household in self.batch.households:
            if not household.idle:
                self._household(household)
        for model in (Household, Person, PersonKey, Enrolment, Secret, Occupancy, Membership, Care):
            model.objects.bulk_create(self.rows.get(model, []), batch_size=_BATCH)

    def change(self, change: Change) -> None:
        """Say otherwise of a person what has changed."""
        row = self.clerk.enrolment(change.person)
        values = self.clerk.described(change.given)
        if any(getattr(row, name) != value for name, value in values.items()):
            self.clerk.revise(row, **values, source=self.clerk.source)
        self.clerk.keep_secrets(change.person, change.given.secrets)
        if change.relation is not None:
            for member in self._membership(change.person):
                self.clerk.revise(member, relation=change.relation)
        for care_class in change.classes:
            self.clerk.open(Care, person_id=change.person, **self._care(care_class))
        self._leaf(change.person, change.given.name)

    def _household(self, new: NewHousehold) -> None:
        household, day = new.existing, self.batch.since or today()
        if household is None:
            household = uuid7()
            self._add(Household, id=household, number=new.number)
            since = min((m.since for m in new.members if m.since), default=self.batch.since)
            self._occupy(household, new.address, since)
        elif new.moving:
            here = {"area": self.clerk.place.key, "household": household, "until": None}
            for stay in Occupancy.objects.filter(known(), **here):
                self.clerk.end(stay, day)
            self._occupy(household, new.address, day)
        for member in new.members:
            person = self._person(member)
            self._join(household, person, member.relation, member.since or self.batch.since)
        for person, relation in new.joining:
            for row in self._membership(person):
                self.clerk.end(row, day)
            self._join(household, person, relation, day)
            self._leaf(person, "")

    def _occupy(self, household: UUID, address: Address | None, since: Any) -> None:
        if address is not None:
            home = self.dwellings[_marks(address)]
            self._said(Occupancy, household_id=household, dwelling_id=home, since=since)

    def _person(self, member: NewMember) -> UUID:
        """A person new to this register, who may be known to another one."""
        given, clerk = member.given, self.clerk
        number = given.secrets.get("identity_number", "")
        person = self.same.get(clerk.vault.digest("identity_number", number)) if number else None
        if person is None:
            person = uuid7()
            key, wrapped = clerk.vault.new_key(person)
            self._add(Person, id=person)
            self._add(PersonKey, person_id=person, wrapped=wrapped)
        else:
            key = clerk.key_of(person)
        since = member.since or self.batch.since
        self._said(Enrolment, person_id=person, since=since, **clerk.described(given))
        for name, value in given.secrets.items():
            sealed, digest = seal(key, person, name, value), clerk.vault.digest(name, value)
            self._said(Secret, person_id=person, field=name, sealed=sealed, digest=digest)
        for care_class in member.classes:
            self._said(Care, person_id=person, **self._care(care_class))
        self._leaf(person, given.name)
        return person

    def _join(self, household: UUID, person: UUID, relation: str, since: Any) -> None:
        self._said(
            Membership,
            household_id=household,
            person_id=person,
            relation=relation,
            since=since,
        )

    def _care(self, care_class: str) -> dict[str, Any]:
        source = f"{self.classes[care_class].authority}（{self.clerk.source}）"
        return {"care_class": care_class, "since": self.batch.since, "source": source[:80]}

    def _membership(self, person: UUID) -> list[Membership]:
        here = {"area": self.clerk.place.key, "person": person, "until": None}
        return list(Membership.objects.filter(known(), **here))

    def _leaf(self, person: UUID, name: str) -> None:
        self.leaves.append(self.clerk.vault.keyed("registers.take", person, name))

    def _add(self, model: type[Any], **values: Any) -> None:
        self.rows.setdefault(model, []).append(model(**values))

    def _said(self, model: type[Any], **values: Any) -> None:
        clerk = self.clerk
        values = {"source": clerk.source, "area_id": clerk.place.key} | values
        self._add(model, known_from=clerk.at, **values)

    def _known_elsewhere(self) -> dict[bytes, UUID]:
        """Persons of any register of the installation by the digest of their identity number."""
        numbers = [m.given.secrets.get("identity_number", "") for m in _members(self.batch)]
        digests = [self.clerk.vault.digest("identity_number", n) for n in numbers if n]
        found: dict[bytes, UUID] = {}
        for start in range(0, len(digests), CHUNK):
            part = digests[start : start + CHUNK]
            rows = Secret.objects.filter(known(), field="identity_number", digest__in=part)
            found |= {bytes(d): person for d, person in rows.values_list("digest", "person")}
        return found

    # -- places ---------------------------------------------------------------------------------

    def _dwellings(self, addresses: set[Address]) -> dict[tuple[str, str, str], UUID]:
        """The dwelling of each address; buildings, stairwells and dwellings that lack are made."""
        area = self.clerk.place.key
        sited = Siting.objects.filter(known(), area=area, until=None)
        buildings = dict(sited.values_list("mark", "building"))
        streets = {a.building: a.street for a in addresses}
        for mark in sorted({a.building for a in addresses} - buildings.keys()):
            building = Building.objects.create()
            said = f"{mark}栋" if mark.isalnum() else mark
            values = {"name": said, "mark": mark, "street": streets[mark]}
            self.clerk.open(Siting, building=building, since=None, **values)
            buildings[mark] = building.id
        stairs = self._stairs(addresses, buildings)
        rows = Dwelling.objects.filter(stairwell__building__in=set(buildings.values()))
        known_ones = {
            (stair, number): home
            for stair, number, home in rows.values_list("stairwell", "number", "id")
        }
        wanted = {(stairs[buildings[a.building], a.stairwell], a.number) for a in addresses}
        new = [
            Dwelling(stairwell_id=stair, number=number)
            for stair, number in sorted(wanted - known_ones.keys(), key=str)
        ]
        Dwelling.objects.bulk_create(new, batch_size=_BATCH)
        known_ones |= {(one.stairwell_id, one.number): one.id for one in new}
        return {
            _marks(a): known_ones[stairs[buildings[a.building], a.stairwell], a.number]
            for a in addresses
        }

    def _stairs(
        self, addresses: set[Address], buildings: dict[str, UUID]
    ) -> dict[tuple[UUID, str], UUID]:
        rows = Stairwell.objects.filter(building__in=set(buildings.values()))
        found = {(b, name): stair for b, name, stair in rows.values_list("building", "name", "id")}
        wanted = {(buildings[a.building], a.stairwell) for a in addresses} - found.keys()
        new = [Stairwell(building_id=b, name=name) for b, name in sorted(wanted, key=str)]
        Stairwell.objects.bulk_create(new, batch_size=_BATCH)
        return found | {(one.building_id, one.name): one.id for one in new}


def _marks(address: Address) -> tuple[str, str, str]:
    return address.building, address.stairwell, address.number
