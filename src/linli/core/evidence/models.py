"""Files by their hash, and what each proves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from django.db import models

from linli.core.areas.models import Area
from linli.kernel.ids import uuid7


class Evidence(models.Model):
    """A stored file. The bytes lie in the home under their hash; one row for each hash and area."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    area = models.ForeignKey(Area, models.PROTECT, related_name="evidence")
    sha256 = models.CharField(max_length=64)
    name = models.CharField(max_length=255)
    size = models.BigIntegerField()
    mime = models.CharField(max_length=100)
    proves = models.CharField(max_length=200, blank=True)
    taken = models.DateTimeField(null=True)
    place = models.CharField(max_length=200, blank=True)
    received = models.DateTimeField()

    privacy: ClassVar[Mapping[str, str]] = {
        "id": "technical",
        "area": "plain",
        "sha256": "technical",
        "name": "personal",
        "size": "plain",
        "mime": "plain",
        "proves": "personal",
        "taken": "plain",
        "place": "personal",
        "received": "plain",
    }

    class Meta:
        constraints = [models.UniqueConstraint(fields=["area", "sha256"], name="evidence_once")]

    def __str__(self) -> str:
        return self.sha256
