"""Tables of the audit chain. Only `trail.py` writes them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from django.db import models


class ChainHead(models.Model):
    """The last link of a chain; locking this row is what makes two writers take turns."""

    chain = models.BigIntegerField(primary_key=True)
    seq = models.BigIntegerField(default=0)
    hash = models.BinaryField(max_length=32)

    privacy: ClassVar[Mapping[str, str]] = {
        "chain": "plain",
        "seq": "technical",
        "hash": "technical",
    }

    def __str__(self) -> str:
        return f"{self.chain}/{self.seq}"


class Entry(models.Model):
    """One thing that was done: who, when, what, to which subject. Never names or values."""

    id = models.BigAutoField(primary_key=True)
    chain = models.BigIntegerField()  # key of the area; no foreign key: areas stand above
    seq = models.BigIntegerField()
    at = models.DateTimeField()
    actor = models.CharField(max_length=64)  # id of a user or keyed id of a local operator
    action = models.CharField(max_length=64)
    subject_kind = models.CharField(max_length=32)
    subject = models.CharField(max_length=64)
    digest = models.BinaryField(max_length=32)
    facts = models.JSONField(default=dict)
    merkle_root = models.BinaryField(max_length=32, null=True)
    rows = models.BigIntegerField(null=True)
    prev = models.BinaryField(max_length=32)
    hash = models.BinaryField(max_length=32)

    privacy: ClassVar[Mapping[str, str]] = {
        "id": "technical",
        "chain": "plain",
        "seq": "technical",
        "at": "plain",
        "actor": "plain",
        "action": "plain",
        "subject_kind": "plain",
        "subject": "plain",
        "digest": "technical",
        "facts": "plain",
        "merkle_root": "technical",
        "rows": "plain",
        "prev": "technical",
        "hash": "technical",
    }

    class Meta:
        constraints = [models.UniqueConstraint(fields=["chain", "seq"], name="audit_chain_seq")]
        indexes = [models.Index(fields=["subject_kind", "subject"], name="audit_subject")]

    def __str__(self) -> str:
        return f"{self.chain}/{self.seq} {self.action}"
