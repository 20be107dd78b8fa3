"""Persons, what registers say of them, and with whom they live."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from django.db import models

from linli.core.registers.models.dated import DATED, PREFIX, Dated
from linli.core.registers.models.places import Household
from linli.kernel.ids import uuid7


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
        **DATED,
        "person": "technical",
        "field": "plain",
        "sealed": "sensitive",
        "digest": "technical",
    }

    class Meta:
        indexes = [
            models.Index(fields=["area", "person"], name="registers_secret_person"),
            models.Index(fields=["field", "digest"], name="registers_blind_index"),
        ]

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
        **DATED,
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
            models.Index(fields=["area", "person"], name="registers_enrolment_person"),
            models.Index(fields=["area", "name"], name="registers_by_name", opclasses=PREFIX),
            models.Index(
                fields=["area", "initials"], name="registers_by_initials", opclasses=PREFIX
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
        **DATED,
        "household": "technical",
        "person": "technical",
        "relation": "personal",
    }

    class Meta:
        indexes = [
            models.Index(fields=["area", "person"], name="registers_membership_person"),
            models.Index(fields=["area", "household"], name="registers_membership_household"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.household_id}"


class Relationship(Dated):
    """What `other` is to `person` outside a household: child, guardian, who is called in need."""

    called = "关系"
    person = models.ForeignKey(Person, models.PROTECT, related_name="relationships")
    other = models.ForeignKey(Person, models.PROTECT, related_name="related")
    relation = models.CharField(max_length=16)

    privacy: ClassVar[Mapping[str, str]] = {
        **DATED,
        "person": "technical",
        "other": "technical",
        "relation": "personal",
    }

    class Meta:
        indexes = [
            models.Index(fields=["area", "person"], name="registers_relationship_person"),
        ]

    def __str__(self) -> str:
        return f"{self.other_id} {self.relation} of {self.person_id}"


class Care(Dated):
    """A care class of a person, from–to. The class stands in the clear, so that it can be counted;
    who may see whose it is needs a permission of its own."""

    called = "关爱登记"
    person = models.ForeignKey(Person, models.PROTECT, related_name="cares")
    care_class = models.CharField(max_length=64, db_index=True)

    privacy: ClassVar[Mapping[str, str]] = {
        **DATED,
        "person": "technical",
        "care_class": "personal",
    }

    class Meta:
        indexes = [
            models.Index(fields=["area", "person"], name="registers_care_person"),
        ]

    def __str__(self) -> str:
        return self.care_class
