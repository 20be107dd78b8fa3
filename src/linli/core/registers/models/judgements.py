"""What people have judged of likeness, and what persons have asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from django.db import models

from linli.core.areas.models import Area
from linli.core.registers.models.persons import Person
from linli.kernel.ids import uuid7


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
