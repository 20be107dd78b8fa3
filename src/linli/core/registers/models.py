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

from collections.abc import Mapping
from typing import ClassVar

from django.db import models

from linli.core.areas.models import Area
from linli.kernel.ids import uuid7

_DATED: Mapping[str, str] = {
    "key": "technical",
    "id": "technical",
    "area": "plain",
    "since": "plain",
    "until": "plain",
    "known_from": "plain",
    "known_to": "plain",
    "source": "plain",
}


_PREFIX = ["int8_ops", "varchar_pattern_ops"]  # PostgreSQL: a prefix is answered from the index


class Dated(models.Model):
    """What the office of an area says, from–to, known from–to; all versions share the `id`.

    Each row belongs to one area, and is read and written by nobody else: two communities that know
    the same person do not learn from each other.
    """

    called: ClassVar[str]
    key = models.BigAutoField(primary_key=True)
    id = models.UUIDField(default=uuid7)
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    since = models.DateField(null=True)
    until = models.DateField(null=True)
    known_from = models.DateTimeField()
    known_to = models.DateTimeField(null=True)
    source = models.CharField(max_length=80, blank=True)  # who or what says so; empty: entered

    class Meta:
        abstract = True


class Building(models.Model):
    """A building: 楼栋, or a row of single-storey houses."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    privacy: ClassVar[Mapping[str, str]] = {"id": "technical"}

    def __str__(self) -> str:
        return str(self.id)


class Siting(Dated):
    """In which area a building stands and what it is called there."""

    called = "坐落"
    building = models.ForeignKey(Building, models.PROTECT, related_name="sitings")
    name = models.CharField(max_length=60)
    mark = models.CharField(max_length=60)  # the name in one spelling: 3号楼, 3幢 and 3# are 3
    street = models.CharField(max_length=100, blank=True)

    privacy: ClassVar[Mapping[str, str]] = {
        **_DATED,
        "building": "technical",
        "name": "plain",
        "mark": "plain",
        "street": "plain",
    }

    class Meta:
        indexes = [models.Index(fields=["area", "mark"], name="registers_building_mark")]

    def __str__(self) -> str:
        return self.name


class Stairwell(models.Model):
    """A stairwell (单元) of a building; the name is empty where a building has none."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    building = models.ForeignKey(Building, models.PROTECT, related_name="stairwells")
    name = models.CharField(max_length=20, blank=True)

    privacy: ClassVar[Mapping[str, str]] = {
        "id": "technical",
        "building": "technical",
        "name": "plain",
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["building", "name"], name="registers_stairwell_once")
        ]

    def __str__(self) -> str:
        return self.name


class Dwelling(models.Model):
    """A dwelling (房屋) on a stairwell."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    stairwell = models.ForeignKey(Stairwell, models.PROTECT, related_name="dwellings")
    number = models.CharField(max_length=20)

    privacy: ClassVar[Mapping[str, str]] = {
        "id": "technical",
        "stairwell": "technical",
        "number": "personal",
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["stairwell", "number"], name="registers_dwelling_once")
        ]

    def __str__(self) -> str:
        return self.number


class Household(models.Model):
    """A household: people who keep house together. `number` is the office's own (户号)."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    number = models.CharField(max_length=40, blank=True)

    privacy: ClassVar[Mapping[str, str]] = {"id": "technical", "number": "personal"}

    def __str__(self) -> str:
        return str(self.id)


class Occupancy(Dated):
    """Which household occupies a dwelling, from–to, and by what right."""

    called = "入住"
    household = models.ForeignKey(Household, models.PROTECT, related_name="occupancies")
    dwelling = models.ForeignKey(Dwelling, models.PROTECT, related_name="occupancies")
    tenure = models.CharField(max_length=12, blank=True)

    privacy: ClassVar[Mapping[str, str]] = {
        **_DATED,
        "household": "technical",
        "dwelling": "personal",
        "tenure": "personal",
    }

    def __str__(self) -> str:
        return f"{self.household_id} in {self.dwelling_id}"


class Person(models.Model):
    """A person, whatever the registers of one or several areas say of them."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    privacy: ClassVar[Mapping[str, str]] = {"id": "technical"}

    def __str__(self) -> str:
        return str(self.id)


class PersonKey(models.Model):
    """The key of a person's secrets, itself encrypted with the key of the installation."""

    person = models.OneToOneField(Person, models.PROTECT, primary_key=True, related_name="key")
    wrapped = models.BinaryField(max_length=64)

    privacy: ClassVar[Mapping[str, str]] = {"person": "technical", "wrapped": "technical"}

    def __str__(self) -> str:
        return str(self.person_id)


class Secret(Dated):
    """A sealed field of a person: encrypted, with a keyed digest by which it is found exactly."""

    called = "敏感信息"
    person = models.ForeignKey(Person, models.PROTECT, related_name="secrets")
    field = models.CharField(max_length=20)
    sealed = models.BinaryField()
    digest = models.BinaryField(max_length=16)

    privacy: ClassVar[Mapping[str, str]] = {
        **_DATED,
        "person": "technical",
        "field": "plain",
        "sealed": "sensitive",
        "digest": "technical",
    }

    class Meta:
        indexes = [models.Index(fields=["field", "digest"], name="registers_blind_index")]

    def __str__(self) -> str:
        return self.field


class Enrolment(Dated):
    """What the register of an area says of a person: the row of a 居民花名册.

    `tie`: whether the person is registered (户籍) here, lives here, or both; `elsewhere` is where the
    other half is (人户分离). `left` is why an enrolment ended.
    """

    called = "在册"
    person = models.ForeignKey(Person, models.PROTECT, related_name="enrolments")
    name = models.CharField(max_length=64)
    initials = models.CharField(max_length=64)
    sex = models.CharField(max_length=2, blank=True)
    birth = models.DateField(null=True)
    tie = models.CharField(max_length=12)
    elsewhere = models.CharField(max_length=100, blank=True)
    left = models.CharField(max_length=12, blank=True)

    privacy: ClassVar[Mapping[str, str]] = {
        **_DATED,
        "person": "technical",
        "name": "personal",
        "initials": "personal",
        "sex": "personal",
        "birth": "personal",
        "tie": "personal",
        "elsewhere": "personal",
        "left": "personal",
    }

    class Meta:
        indexes = [
            models.Index(fields=["area", "name"], name="registers_by_name", opclasses=_PREFIX),
            models.Index(
                fields=["area", "initials"], name="registers_by_initials", opclasses=_PREFIX
            ),
            models.Index(fields=["area", "birth"], name="registers_by_birth"),
        ]

    def __str__(self) -> str:
        return str(self.person_id)


class Membership(Dated):
    """Who belongs to a household, from–to, and as what to its head."""

    called = "家庭成员"
    household = models.ForeignKey(Household, models.PROTECT, related_name="memberships")
    person = models.ForeignKey(Person, models.PROTECT, related_name="memberships")
    relation = models.CharField(max_length=16, blank=True)

    privacy: ClassVar[Mapping[str, str]] = {
        **_DATED,
        "household": "technical",
        "person": "technical",
        "relation": "personal",
    }

    def __str__(self) -> str:
        return f"{self.person_id} in {self.household_id}"


class Relationship(Dated):
    """What `other` is to `person` outside a household: child, guardian, who is called in need."""

    called = "关系"
    person = models.ForeignKey(Person, models.PROTECT, related_name="relationships")
    other = models.ForeignKey(Person, models.PROTECT, related_name="related")
    relation = models.CharField(max_length=16)

    privacy: ClassVar[Mapping[str, str]] = {
        **_DATED,
        "person": "technical",
        "other": "technical",
        "relation": "personal",
    }

    def __str__(self) -> str:
        return f"{self.other_id} {self.relation} of {self.person_id}"


class Care(Dated):
    """A care class of a person, from–to. The class stands in the clear, so that it can be counted;
    who may see whose it is needs a permission of its own."""

    called = "关爱登记"
    person = models.ForeignKey(Person, models.PROTECT, related_name="cares")
    care_class = models.CharField(max_length=64, db_index=True)

    privacy: ClassVar[Mapping[str, str]] = {
        **_DATED,
        "person": "technical",
        "care_class": "personal",
    }

    def __str__(self) -> str:
        return self.care_class


class Merge(models.Model):
    """An area's judgement that two of its persons are one; undone when `known_to` is set.

    Rows of the merged person stay, unlisted; those that the kept one lacked were copied (`copied`:
    table and id).
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    kept = models.ForeignKey(Person, models.PROTECT, related_name="merges")
    merged = models.ForeignKey(Person, models.PROTECT, related_name="merged_into")
    copied = models.JSONField(default=list)
    known_from = models.DateTimeField()
    known_to = models.DateTimeField(null=True)

    privacy: ClassVar[Mapping[str, str]] = {
        "id": "technical",
        "area": "plain",
        "kept": "technical",
        "merged": "technical",
        "copied": "technical",
        "known_from": "plain",
        "known_to": "plain",
    }

    def __str__(self) -> str:
        return f"{self.merged_id} -> {self.kept_id}"


class Distinction(models.Model):
    """An area's judgement that two persons who look alike are two; the lesser id stands first."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    first = models.ForeignKey(Person, models.PROTECT, related_name="distinct_from")
    second = models.ForeignKey(Person, models.PROTECT, related_name="+")
    judged = models.DateTimeField()

    privacy: ClassVar[Mapping[str, str]] = {
        "id": "technical",
        "area": "plain",
        "first": "technical",
        "second": "technical",
        "judged": "plain",
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["area", "first", "second"], name="registers_distinct_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.first_id} is not {self.second_id}"


class Request(models.Model):
    """What a person asked for about their own data, and what came of it.

    `person` is no key: the request outlives an erased person, and then points at nobody.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    area = models.ForeignKey(Area, models.PROTECT, related_name="requests")
    person = models.UUIDField(db_index=True)
    sort = models.CharField(max_length=12)
    received = models.DateField()
    due = models.DateField()
    closed = models.DateField(null=True)
    outcome = models.CharField(max_length=12, blank=True)
    reason = models.CharField(max_length=200, blank=True)

    privacy: ClassVar[Mapping[str, str]] = {
        "id": "technical",
        "area": "plain",
        "person": "technical",
        "sort": "plain",
        "received": "plain",
        "due": "plain",
        "closed": "plain",
        "outcome": "plain",
        "reason": "personal",
    }

    def __str__(self) -> str:
        return f"{self.sort} {self.id}"
