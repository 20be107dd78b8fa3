"""Tables of the registers: who lives where with whom, and since when we know it.

An anchor (Person, Household, Building, Stairwell, Dwelling) only says that something is one and the
same. What is said of it stands in dated rows: `since` is the first day on which a row holds, `until`
the first day on which it no longer does (None: open), `known_from` and `known_to` say from when to
when we took it to be so. A change closes the row (`known_to`) and adds one with the same `id`; so
the register of a past day can be read as it stood, or as it was known then.

Numbers of identity, telephones and certificates stand only in `Secret`, encrypted with the person's
own key. To erase a person deletes the rows and the key; the audit knows an id and keyed digests.
"""

from __future__ import annotations

from linli.core.registers.models.dated import Dated
from linli.core.registers.models.judgements import (
    Distinction,
    Merge,
    Request,
)
from linli.core.registers.models.persons import (
    Care,
    Enrolment,
    Membership,
    Person,
    PersonKey,
    Relationship,
    Secret,
)
from linli.core.registers.models.places import (
    Building,
    Dwelling,
    Household,
    Occupancy,
    Siting,
    Stairwell,
)

__all__ = [
    "Building",
    "Care",
    "Dated",
    "Distinction",
    "Dwelling",
    "Enrolment",
    "Household",
    "Membership",
    "Merge",
    "Occupancy",
    "Person",
    "PersonKey",
    "Relationship",
    "Request",
    "Secret",
    "Siting",
    "Stairwell",
]
