"""What was written: a report, and each bound run of it with the value it was written from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from django.db import models

from linli.core.areas.models import Area
from linli.kernel.ids import uuid7


class Report(models.Model):
    """A report as it was signed. The files themselves belong to whoever asked for them."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    type = models.CharField(max_length=20)
    plan = models.CharField(max_length=80)
    title = models.CharField(max_length=300)
    area = models.ForeignKey(Area, models.PROTECT, related_name="reports")
    period = models.CharField(max_length=40)
    until = models.DateField()
    known_at = models.DateTimeField()
    written = models.DateTimeField()
    actor = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    signature = models.CharField(max_length=120)

    privacy: ClassVar[Mapping[str, str]] = {
        "id": "technical",
        "type": "plain",
        "plan": "plain",
        "title": "plain",
        "area": "plain",
        "period": "plain",
        "until": "plain",
        "known_at": "plain",
        "written": "plain",
        "actor": "plain",
        "digest": "technical",
        "signature": "technical",
    }

    def __str__(self) -> str:
        return self.title


class Binding(models.Model):
    """One bound run. Values are kept as canonical decimal text, so that they compare exactly."""

    key = models.CharField(max_length=13, primary_key=True)
    report = models.ForeignKey(Report, models.CASCADE, related_name="bindings")
    ordinal = models.IntegerField()
    kind = models.CharField(max_length=8)
    subject = models.CharField(max_length=120, blank=True)
    part = models.CharField(max_length=160, blank=True)
    area = models.CharField(max_length=64)
    period = models.CharField(max_length=60, blank=True)
    known_at = models.CharField(max_length=40, blank=True)
    text = models.TextField()
    value = models.CharField(max_length=40, blank=True)
    unit = models.CharField(max_length=32, blank=True)
    qualifier = models.CharField(max_length=10, blank=True)
    value_max = models.CharField(max_length=40, blank=True)
    words = models.TextField(blank=True)
    fingerprint = models.CharField(max_length=200, blank=True)

    privacy: ClassVar[Mapping[str, str]] = {
        "key": "technical",
        "report": "technical",
        "ordinal": "technical",
        "kind": "plain",
        "subject": "technical",
        "part": "plain",
        "area": "plain",
        "period": "plain",
        "known_at": "plain",
        "text": "personal",
        "value": "plain",
        "unit": "plain",
        "qualifier": "plain",
        "value_max": "plain",
        "words": "personal",
        "fingerprint": "technical",
    }

    class Meta:
        indexes = [models.Index(fields=["subject"], name="reports_binding_subject")]

    def __str__(self) -> str:
        return f"{self.key} {self.text}"
