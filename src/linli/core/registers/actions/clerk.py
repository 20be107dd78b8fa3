"""The hand that writes the registers: opens rows, revises them, and notes what it did.

It decides nothing. A revision closes the version and opens the next with the same `id`, so nothing
that was once known is lost; the audit gets ids and keyed digests.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import cached_property
from typing import Any, TypeVar
from uuid import UUID

from linli.core.access.rules import Actor
from linli.core.areas.queries import resolve
from linli.core.areas.rules import AreaRef, AreaView
from linli.core.audit import trail
from linli.core.registers.models import (
    Dated,
    Dwelling,
    Enrolment,
    Membership,
    Occupancy,
    Person,
    PersonKey,
    Secret,
    Siting,
)
from linli.core.registers.names import initials_of, masked_name, plain_name
from linli.core.registers.queries.standing import known, standing, unmerged
from linli.core.registers.rules import FIELD_NAMES, Particulars, check_span, masked
from linli.core.registers.vault import Vault, open_vault, seal, unseal
from linli.kernel.clock import now
from linli.kernel.errors import Refusal

T = TypeVar("T", bound=Dated)
_PARTS = ("key", "id", "known_from", "known_to")


class Clerk:
    """One action's hand in one area; taking it locks the area's chain for the transaction."""

    def __init__(self, actor: Actor, area: AreaRef, source: str = "") -> None:
        self.actor = actor
        self.place: AreaView = resolve(area)
        self.at: datetime = now()
        self.source = source[:80]
        trail.lock(self.place.key)

    @cached_property
    def vault(self) -> Vault:
        """The keys of the registers, opened when first needed."""
        return open_vault()

    def open(self, model: type[T], **values: Any) -> T:
        """A new row, known from now on."""
        check_span(model.called, values.get("since"), values.get("until"))
        values = {"area_id": self.place.key, "source": self.source} | values
        return model._default_manager.create(known_from=self.at, **values)

    def revise(self, row: T, **changes: Any) -> T:
        """The next version of a row: the old one was known until now."""
        fields = [f.attname for f in row._meta.concrete_fields if f.name not in _PARTS]
        values = {name: getattr(row, name) for name in fields} | changes
        check_span(row.called, values["since"], values["until"])
        row.known_to = self.at
        row.save(update_fields=["known_to"])
        return type(row)._default_manager.create(id=row.id, known_from=self.at, **values)

    def end(self, row: T, until: date, **changes: Any) -> T:
        """Let a row end; `until` is the first day on which it no longer holds."""
        if row.until is not None:
            raise Refusal("registers.ended", what=row.called, until=row.until)
        return self.revise(row, until=until, **changes)

    def note(
        self,
        action: str,
        kind: str,
        subject: UUID,
        *content: object,
        facts: Mapping[str, str | int | bool | None] | None = None,
    ) -> None:
        """An entry that names ids; of the content only a keyed digest."""
        trail.note(
            actor=self.actor,
            area=self.place.key,
            action=action,
            subject=(kind, str(subject)),
            payload=self.vault.keyed(action, subject, *content),
            facts=facts,
        )

    # -- what is there ------------------------------------------------------------------------

    def enrolment(self, person: UUID, *, on: date | None = None) -> Enrolment:
        """The newest enrolment of a person here (on a day: the one that holds). Raises Refusal."""
        rows = Enrolment.objects.filter(known(), area=self.place.key, person=person)
        if not rows.exists():
            raise Refusal("registers.unknown", id=person, what="居民")
        listed = rows.filter(unmerged())
        if on is not None:
            listed = listed.filter(standing(on))
        row = listed.order_by("-since", "-key").first()
        if row is None:
            name = rows.order_by("-key")[0].name
            code = "registers.merged" if not rows.filter(unmerged()).exists() else "registers.ended"
            raise Refusal(code, shown=masked_name(name), what=masked_name(name), until=on)
        return row

    def household(self, household: UUID) -> UUID:
        """The id, if the household is of this area. Raises Refusal registers.unknown."""
        mine = {"area": self.place.key, "household": household}
        memberships = Membership.objects.filter(known(), **mine)
        if not (memberships.exists() or Occupancy.objects.filter(known(), **mine).exists()):
            raise Refusal("registers.unknown", id=household, what="户")
        return household

    def dwelling(self, dwelling: UUID) -> Dwelling:
        """The dwelling, if its building stands in this area. Raises Refusal registers.unknown."""
        row = Dwelling.objects.select_related("stairwell").filter(id=dwelling).first()
        if row is None or not self.sitings(row.stairwell.building_id).exists():
            raise Refusal("registers.unknown", id=dwelling, what="房屋")
        return row

    def sitings(self, building: UUID) -> Any:
        """The rows that say a building stands here."""
        return Siting.objects.filter(known(), area=self.place.key, building=building)

    # -- persons ------------------------------------------------------------------------------

    def described(self, given: Particulars) -> dict[str, Any]:
        """The columns of an enrolment that the particulars fill."""
        name = plain_name(given.name)
        return {
            "name": name,
            "initials": initials_of(name),
            "sex": given.sex,
            "birth": given.birth,
            "tie": given.tie,
            "elsewhere": given.elsewhere,
        }

    def known_by_number(self, secrets: Mapping[str, str]) -> UUID | None:
        """The person whom any register of the installation knows by this identity number."""
        if "identity_number" not in secrets:
            return None
        digest = self.vault.digest("identity_number", secrets["identity_number"])
        held = Secret.objects.filter(known(), field="identity_number", digest=digest)
        row = held.filter(unmerged()).first()
        return row.person_id if row else None

    def new_person(self) -> Person:
        """A person with a key of their own."""
        person = Person.objects.create()
        _, wrapped = self.vault.new_key(person.id)
        PersonKey.objects.create(person=person, wrapped=wrapped)
        return person

    def key_of(self, person: UUID) -> bytes:
        """The key of a person's secrets."""
        return self.vault.key_of(person, bytes(PersonKey.objects.get(person=person).wrapped))

    def secrets(self, person: UUID) -> dict[str, Secret]:
        """The sealed fields of a person that hold now, as this area has them."""
        rows = Secret.objects.filter(known(), area=self.place.key, person=person, until=None)
        return {row.field: row for row in rows.order_by("key")}

    def opened(self, person: UUID) -> dict[str, str]:
        """The sealed fields of a person in the clear."""
        rows = self.secrets(person)
        if not rows:
            return {}
        key = self.key_of(person)
        return {name: unseal(key, person, name, bytes(row.sealed)) for name, row in rows.items()}

    def keep_secrets(self, person: UUID, values: Mapping[str, str]) -> list[str]:
        """Seal what is new or has changed; answers the names of those fields."""
        held, changed = self.secrets(person), []
        for name, value in values.items():
            digest = self.vault.digest(name, value)
            row = held.get(name)
            if row is not None and bytes(row.digest) == digest:
                continue
            self._check_free(person, name, digest, value)
            sealed = seal(self.key_of(person), person, name, value)
            if row is None:
                self.open(Secret, person_id=person, field=name, sealed=sealed, digest=digest)
            else:
                self.revise(row, sealed=sealed, digest=digest)
            changed.append(name)
        return changed

    def _check_free(self, person: UUID, name: str, digest: bytes, value: str) -> None:
        """A number of identity or certificate belongs to one person; a telephone may be shared."""
        if name == "phone":
            return
        held = Secret.objects.filter(known(), area=self.place.key, field=name, digest=digest)
        if held.filter(unmerged()).exclude(person=person).exists():
            raise Refusal("registers.taken", what=FIELD_NAMES[name], shown=masked(value, name))
