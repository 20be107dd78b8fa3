"""Registers of organisations, bodies and posts, with their dates.

`until` is always the first day on which the row no longer holds. Who holds a post is personal: it
stands in one field that can be erased, and nowhere in the audit.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from django.db import models

from linli.core.areas.models import Area
from linli.kernel.ids import uuid7


class Organisation(models.Model):
    """A member unit, enterprise, shop, branch or association."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    area = models.ForeignKey(Area, models.PROTECT, related_name="organisations")
    name = models.CharField(max_length=200)
    sort = models.CharField(max_length=32, blank=True)
    since = models.DateField(null=True)
    until = models.DateField(null=True)

    privacy: ClassVar[Mapping[str, str]] = {
        "id": "technical",
        "area": "plain",
        "name": "plain",
        "sort": "plain",
        "since": "plain",
        "until": "plain",
    }

    class Meta:
        indexes = [models.Index(fields=["area", "name"], name="people_org_name")]

    def __str__(self) -> str:
        return self.name


class Body(models.Model):
    """A leading group, committee or team, in an organisation or straight in the area."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    area = models.ForeignKey(Area, models.PROTECT, related_name="bodies")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="bodies")
    name = models.CharField(max_length=200)
    since = models.DateField(null=True)
    until = models.DateField(null=True)

    privacy: ClassVar[Mapping[str, str]] = {
        "id": "technical",
        "area": "plain",
        "organisation": "plain",
        "name": "plain",
        "since": "plain",
        "until": "plain",
    }

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """Who held which post in a body, from–to. An erased holder is an empty string."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    body = models.ForeignKey(Body, models.PROTECT, related_name="posts")
    title = models.CharField(max_length=100)
    holder = models.CharField(max_length=64, blank=True)
    since = models.DateField(null=True)
    until = models.DateField(null=True)

    privacy: ClassVar[Mapping[str, str]] = {
        "id": "technical",
        "body": "plain",
        "title": "plain",
        "holder": "personal",
        "since": "plain",
        "until": "plain",
    }

    def __str__(self) -> str:
        return self.title
