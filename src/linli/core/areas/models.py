"""Tables of the tree of areas. A move is a new placement, so that history keeps its tree."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from django.db import models

from linli.kernel.ids import uuid7


class Area(models.Model):
    """A node of the tree. `until` is the first day on which the area is no more."""

    key = models.BigAutoField(primary_key=True)
    id = models.UUIDField(unique=True, default=uuid7)
    slug = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=100)
    level = models.CharField(max_length=12)
    since = models.DateField(null=True)
    until = models.DateField(null=True)

    privacy: ClassVar[Mapping[str, str]] = {
        "key": "technical",
        "id": "technical",
        "slug": "plain",
        "name": "plain",
        "level": "plain",
        "since": "plain",
        "until": "plain",
    }

    def __str__(self) -> str:
        return self.slug


class Placement(models.Model):
    """Under which parent an area lies, from `since` to the day before `until`."""

    id = models.BigAutoField(primary_key=True)
    area = models.ForeignKey(Area, models.PROTECT, related_name="placements")
    parent = models.ForeignKey(Area, models.PROTECT, related_name="placed")
    since = models.DateField(null=True)
    until = models.DateField(null=True)

    privacy: ClassVar[Mapping[str, str]] = {
        "id": "technical",
        "area": "plain",
        "parent": "plain",
        "since": "plain",
        "until": "plain",
    }

    def __str__(self) -> str:
        return f"{self.area_id} < {self.parent_id}"
