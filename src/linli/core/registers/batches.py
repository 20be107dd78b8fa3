"""What a workbook brings into the registers at once. Plain Python."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from linli.core.registers.addresses import Address
from linli.core.registers.rules import Particulars


@dataclass(frozen=True, slots=True)
class NewMember:
    """A person to enrol: checked particulars, the relation to the head, care classes."""

    given: Particulars
    relation: str = ""
    classes: tuple[str, ...] = ()
    since: date | None = None


@dataclass(frozen=True, slots=True)
class NewHousehold:
    """People who keep house together. `existing`: a household that stands already.

    `joining`: persons in the register who move here, each with the relation to the head. `moving`:
    the whole household, which stands already, moves to the address.
    """

    members: tuple[NewMember, ...]
    address: Address | None = None
    number: str = ""
    existing: UUID | None = None
    joining: tuple[tuple[UUID, str], ...] = ()
    moving: bool = False

    @property
    def idle(self) -> bool:
        """Whether nothing happens to it."""
        return not (self.members or self.joining or self.moving)


@dataclass(frozen=True, slots=True)
class Change:
    """A person in the register of whom something is said otherwise now."""

    person: UUID
    given: Particulars
    relation: str | None = None
    classes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Batch:
    """All of one workbook. `source` names the file by its hash; `since` is the day it speaks of."""

    households: tuple[NewHousehold, ...]
    changes: tuple[Change, ...]
    source: str
    since: date | None = None

    @property
    def empty(self) -> bool:
        """Whether there is nothing to write."""
        return not self.changes and all(h.idle for h in self.households)


@dataclass(frozen=True, slots=True)
class Holding:
    """What the register of an area holds of a person now, sealed fields as digests."""

    person: UUID
    name: str
    sex: str
    birth: date | None
    tie: str
    elsewhere: str
    household: UUID | None
    relation: str
    address: Address | None
    digests: frozenset[tuple[str, bytes]]
    classes: frozenset[str]
