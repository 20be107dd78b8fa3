"""Tables of long work: jobs, and the workers that do them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from django.db import models

from linli.core.areas.models import Area
from linli.core.jobs.rules import State
from linli.kernel.ids import uuid7


class Worker(models.Model):
    """A process that does jobs; `touched` is its heartbeat, in the machine's own time."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    process = models.CharField(max_length=100)
    started = models.DateTimeField()
    touched = models.DateTimeField()

    privacy: ClassVar[Mapping[str, str]] = {
        "id": "technical",
        "process": "technical",
        "started": "plain",
        "touched": "technical",
    }

    def __str__(self) -> str:
        return self.process


class Job(models.Model):
    """Work that an actor has asked for. It belongs to `worker` while it runs, to nobody else."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    kind = models.CharField(max_length=64)
    area = models.ForeignKey(Area, models.PROTECT, null=True, related_name="jobs")
    actor = models.CharField(max_length=64)
    parameters = models.JSONField(default=dict)
    mark = models.CharField(max_length=64)  # digest of who asked for what
    state = models.CharField(max_length=8, default=State.WAITING.value)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(null=True)
    words = models.TextField(blank=True)
    attempts = models.SmallIntegerField(default=0)
    worker = models.ForeignKey(Worker, models.SET_NULL, null=True, related_name="jobs")
    asked = models.DateTimeField()
    not_before = models.DateTimeField(null=True)  # in the machine's own time: a pause after a fault
    started = models.DateTimeField(null=True)
    ended = models.DateTimeField(null=True)

    privacy: ClassVar[Mapping[str, str]] = {
        "id": "technical",
        "kind": "plain",
        "area": "plain",
        "actor": "plain",
        "parameters": "personal",
        "mark": "technical",
        "state": "plain",
        "done": "plain",
        "total": "plain",
        "words": "personal",
        "attempts": "plain",
        "worker": "technical",
        "asked": "plain",
        "not_before": "technical",
        "started": "plain",
        "ended": "plain",
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["mark"],
                condition=models.Q(state=State.WAITING.value),
                name="jobs_waits_once",
            )
        ]
        indexes = [
            models.Index(fields=["state", "asked"], name="jobs_queue"),
            models.Index(fields=["area", "-asked"], name="jobs_of_area"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"
