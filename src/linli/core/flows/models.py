"""Tables of matters, their moves, and the messages between areas. Rows are added, never changed.

Only the reason of a move can be erased, with its salt: its digest stays, and tells nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from django.db import models

from linli.core.access.models import User
from linli.core.areas.models import Area
from linli.core.people.models import Body
from linli.kernel.ids import uuid7


class Incoming(models.Model):
    """A message that has arrived in an area; it bears the id of the message that was sent.

    What came back undelivered arrives at its sender, as a refusal.
    """

    id = models.UUIDField(primary_key=True)
    area = models.ForeignKey(Area, models.PROTECT, related_name="incoming")
    sender = models.ForeignKey(Area, models.PROTECT, related_name="+")
    correlation = models.UUIDField(db_index=True)
    ordinal = models.IntegerField()
    sort = models.CharField(max_length=12)
    title = models.TextField(blank=True)
    content = models.JSONField(default=dict)
    received = models.DateTimeField()

    privacy: ClassVar[Mapping[str, str]] = {
        "id": "technical",
        "area": "plain",
        "sender": "plain",
        "correlation": "technical",
        "ordinal": "technical",
        "sort": "plain",
        "title": "personal",
        "content": "personal",
        "received": "plain",
    }

    class Meta:
        indexes = [models.Index(fields=["area", "-received"], name="flows_inbox")]

    def __str__(self) -> str:
        return f"{self.sort} {self.id}"


class Case(models.Model):
    """A record that has to be handled (办件). Where it stands follows from its moves."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    area = models.ForeignKey(Area, models.PROTECT, related_name="cases")
    record = models.UUIDField(unique=True)  # the record, whatever its version
    flow = models.CharField(max_length=80)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="parts")
    incoming = models.OneToOneField(Incoming, models.PROTECT, null=True, related_name="case")

    privacy: ClassVar[Mapping[str, str]] = {
        "id": "technical",
        "area": "plain",
        "record": "technical",
        "flow": "plain",
        "parent": "technical",
        "incoming": "technical",
    }

    class Meta:
        indexes = [models.Index(fields=["area", "flow"], name="flows_of_area")]

    def __str__(self) -> str:
        return f"{self.flow} {self.record}"


class Move(models.Model):
    """One move of a matter. Two movers that saw the same last move cannot both be the next."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    case = models.ForeignKey(Case, models.PROTECT, related_name="moves", db_index=False)
    seq = models.IntegerField()
    name = models.CharField(max_length=40)
    act = models.CharField(max_length=12)
    step_from = models.CharField(max_length=40, blank=True)
    step_to = models.CharField(max_length=40)
    round = models.IntegerField(default=1)
    closing = models.BooleanField(default=False)
    within = models.IntegerField(null=True)  # the limit of the step that is entered
    unit = models.CharField(max_length=10, blank=True)
    occurred = models.DateTimeField()
    captured = models.DateTimeField()
    received = models.DateTimeField()
    actor = models.CharField(max_length=64)
    person = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    body = models.ForeignKey(Body, models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(max_length=40, blank=True)
    reason = models.TextField(blank=True)
    salt = models.BinaryField(max_length=16)
    digest = models.BinaryField(max_length=16)  # of the reason, keyed by the salt
    said = models.BinaryField(max_length=16)  # of what the maker asked for: tells a retry
    incoming = models.OneToOneField(Incoming, models.PROTECT, null=True, related_name="move")

    privacy: ClassVar[Mapping[str, str]] = {
        "id": "technical",
        "case": "technical",
        "seq": "plain",
        "name": "plain",
        "act": "plain",
        "step_from": "plain",
        "step_to": "plain",
        "round": "plain",
        "closing": "plain",
        "within": "plain",
        "unit": "plain",
        "occurred": "plain",
        "captured": "plain",
        "received": "plain",
        "actor": "plain",
        "person": "personal",
        "body": "plain",
        "outcome": "plain",
        "reason": "personal",
        "salt": "technical",
        "digest": "technical",
        "said": "technical",
        "incoming": "technical",
    }

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "seq"], name="flows_one_next")]

    def __str__(self) -> str:
        return f"{self.case_id}/{self.seq} {self.name}"


class Outgoing(models.Model):
    """A message to another area, written with the move that sends it; `deliver` carries it over."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    area = models.ForeignKey(Area, models.PROTECT, related_name="outgoing")
    to = models.ForeignKey(Area, models.PROTECT, related_name="+")
    correlation = models.UUIDField(db_index=True)
    ordinal = models.IntegerField()  # messages of a correlation and an area keep their order
    sort = models.CharField(max_length=12)
    title = models.TextField(blank=True)
    content = models.JSONField(default=dict)
    move = models.OneToOneField(Move, models.PROTECT, null=True, related_name="outgoing")
    reply_to = models.ForeignKey(Incoming, models.PROTECT, null=True, related_name="replies")
    created = models.DateTimeField()

    privacy: ClassVar[Mapping[str, str]] = {
        "id": "technical",
        "area": "plain",
        "to": "plain",
        "correlation": "technical",
        "ordinal": "technical",
        "sort": "plain",
        "title": "personal",
        "content": "personal",
        "move": "technical",
        "reply_to": "technical",
        "created": "plain",
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["correlation", "area", "ordinal"], name="flows_in_order"
            )
        ]
        indexes = [models.Index(fields=["area", "-created"], name="flows_outbox")]

    def __str__(self) -> str:
        return f"{self.sort} {self.id}"
