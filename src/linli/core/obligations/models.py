"""What people decide about obligations. What is due and done is derived, and has no table.

`mark` is the name of one window, with a digest of its subject: dates and digests, never a name.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from django.db import models

from linli.core.areas.models import Area
from linli.kernel.ids import uuid7


class NamedInterval(models.Model):
    """The interval of a rule in an area and all under it, from `since` on; the newest holds."""

    id = models.BigAutoField(primary_key=True)
    area = models.ForeignKey(Area, models.PROTECT, related_name="named_intervals")
    rule = models.CharField(max_length=80)
    interval = models.CharField(max_length=60)  # in words
    since = models.DateField()
    at = models.DateTimeField()
    by = models.CharField(max_length=64)
    reason = models.CharField(max_length=200, blank=True)

    privacy: ClassVar[Mapping[str, str]] = {
        "id": "technical",
        "area": "plain",
        "rule": "plain",
        "interval": "plain",
        "since": "plain",
        "at": "plain",
        "by": "plain",
        "reason": "personal",
    }

    class Meta:
        indexes = [models.Index(fields=["area", "rule"], name="obligations_named")]

    def __str__(self) -> str:
        return f"{self.rule} {self.interval} {self.since}"


class Pause(models.Model):
    """A stopped clock, from `since` to the day before `until`; `mark` empty: the whole rule."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    area = models.ForeignKey(Area, models.PROTECT, related_name="pauses")
    rule = models.CharField(max_length=80)
    mark = models.CharField(max_length=120, blank=True)
    since = models.DateField()
    until = models.DateField(null=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=64)
    reason = models.CharField(max_length=200)

    privacy: ClassVar[Mapping[str, str]] = {
        "id": "technical",
        "area": "plain",
        "rule": "plain",
        "mark": "technical",
        "since": "plain",
        "until": "plain",
        "at": "plain",
        "by": "plain",
        "reason": "personal",
    }

    class Meta:
        indexes = [models.Index(fields=["area", "rule"], name="obligations_paused")]

    def __str__(self) -> str:
        return f"{self.rule} {self.since}–{self.until}"


class Waiver(models.Model):
    """One obligation that need not be done (免办), until the waiver is lifted."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    area = models.ForeignKey(Area, models.PROTECT, related_name="waivers")
    rule = models.CharField(max_length=80)
    mark = models.CharField(max_length=120)
    at = models.DateTimeField()
    by = models.CharField(max_length=64)
    reason = models.CharField(max_length=200)
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.CharField(max_length=64, blank=True)

    privacy: ClassVar[Mapping[str, str]] = {
        "id": "technical",
        "area": "plain",
        "rule": "plain",
        "mark": "technical",
        "at": "plain",
        "by": "plain",
        "reason": "personal",
        "lifted_at": "plain",
        "lifted_by": "plain",
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["area", "rule", "mark"],
                condition=models.Q(lifted_at=None),
                name="obligations_waived_once",
            ),
            models.CheckConstraint(
                condition=models.Q(lifted_at=None, lifted_by="")
                | (models.Q(lifted_at__isnull=False) & ~models.Q(lifted_by="")),
                name="obligations_lifted_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule}@{self.mark}"


class Reminder(models.Model):
    """A step of reminding that was sent (提醒, 督办): append-only, each step once."""

    id = models.BigAutoField(primary_key=True)
    area = models.ForeignKey(Area, models.PROTECT, related_name="reminders")
    rule = models.CharField(max_length=80)
    mark = models.CharField(max_length=120)
    step = models.CharField(max_length=32)
    addressee = models.CharField(max_length=64)  # a role or post
    due = models.DateField()
    day = models.DateField()
    at = models.DateTimeField()
    by = models.CharField(max_length=64)
    seal = models.BinaryField(max_length=16)  # digest of this row; see rules.reminder_seal

    privacy: ClassVar[Mapping[str, str]] = {
        "id": "technical",
        "area": "plain",
        "rule": "plain",
        "mark": "technical",
        "step": "plain",
        "addressee": "plain",
        "due": "plain",
        "day": "plain",
        "at": "plain",
        "by": "plain",
        "seal": "technical",
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["area", "rule", "mark", "step"], name="obligations_reminded_once"
            )
        ]
        indexes = [models.Index(fields=["area", "due"], name="obligations_reminded")]

    def __str__(self) -> str:
        return f"{self.step} {self.rule}@{self.mark}"
