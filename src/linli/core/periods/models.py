"""Closed periods, and the dated corrections made after a close."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from django.db import models

from linli.core.areas.models import Area
from linli.kernel.ids import uuid7


class Close(models.Model):
    """From `at` on, what happened from `start` to `end` (inclusive) in the area changes only by
    corrections."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    area = models.ForeignKey(Area, models.PROTECT, related_name="closes")
    period = models.CharField(max_length=32)
    start = models.DateField()
    end = models.DateField()
    at = models.DateTimeField()
    by = models.CharField(max_length=64)

    privacy: ClassVar[Mapping[str, str]] = {
        "id": "technical",
        "area": "plain",
        "period": "plain",
        "start": "plain",
        "end": "plain",
        "at": "plain",
        "by": "plain",
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["area", "start", "end"], name="periods_once")
        ]

    def __str__(self) -> str:
        return self.period


class Correction(models.Model):
    """A change of a record of a closed period. The record is named by id: records stand above."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    close = models.ForeignKey(Close, models.PROTECT, related_name="corrections")
    record = models.UUIDField()
    old_version = models.IntegerField(null=True)  # null: the record came after the close
    new_version = models.IntegerField()
    at = models.DateTimeField()
    by = models.CharField(max_length=64)
    reason = models.TextField()

    privacy: ClassVar[Mapping[str, str]] = {
        "id": "technical",
        "close": "plain",
        "record": "technical",
        "old_version": "plain",
        "new_version": "plain",
        "at": "plain",
        "by": "plain",
        "reason": "personal",
    }

    class Meta:
        indexes = [models.Index(fields=["record"], name="periods_corrected")]

    def __str__(self) -> str:
        return f"{self.record} {self.old_version}→{self.new_version}"
