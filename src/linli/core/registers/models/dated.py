"""What all dated rows share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from django.db import models

from linli.core.areas.models import Area
from linli.kernel.ids import uuid7

DATED: Mapping[str, str] = {
    "key": "technical",
    "id": "technical",
    "area": "plain",
    "since": "plain",
    "until": "plain",
    "known_from": "plain",
    "known_to": "plain",
    "source": "plain",
}


PREFIX = ["int8_ops", "varchar_pattern_ops"]  # PostgreSQL: a prefix is answered from the index


class Dated(models.Model):
    """What the office of an area says, from–to, known from–to; all versions share the `id`.

    Each row belongs to one area, and is read and written by nobody else: two communities that know
    the same person do not learn from each other.
    """

    called: ClassVar[str]
    key = models.BigAutoField(primary_key=True)
    id = models.UUIDField(default=uuid7)
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", db_index=False)
    since = models.DateField(null=True)
    until = models.DateField(null=True)
    known_from = models.DateTimeField()
    known_to = models.DateTimeField(null=True)
    source = models.CharField(max_length=80, blank=True)  # who or what says so; empty: entered

    class Meta:
        abstract = True
