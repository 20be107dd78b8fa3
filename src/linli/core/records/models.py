"""The tables of the truth: versions of records, their quantities, sources and imports.

A row of `Record` is one version. Nothing is overwritten: a correction adds a version and closes the
one before it (`known_to`). What an import has staged is invisible until its `committed_at` is set;
from that instant on it was known, whatever `known_from` says of the staging.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from django.db import models

from linli.core.areas.models import Area
from linli.core.evidence.models import Evidence
from linli.kernel.ids import uuid7


class Source(models.Model):
    """Where records came from: an entry, a workbook, a document, a competent body."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    area = models.ForeignKey(Area, models.PROTECT, related_name="sources")
    kind = models.CharField(max_length=12)
    name = models.CharField(max_length=255, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    evidence = models.ForeignKey(Evidence, models.PROTECT, null=True, related_name="sources")
    body = models.CharField(max_length=200, blank=True)  # the competent body that gave the count
    year = models.IntegerField(null=True)  # supplied by hand: the file names no year
    as_of = models.DateField(null=True)  # supplied by hand
    received = models.DateTimeField()

    privacy: ClassVar[Mapping[str, str]] = {
        "id": "technical",
        "area": "plain",
        "kind": "plain",
        "name": "personal",
        "sha256": "technical",
        "evidence": "technical",
        "body": "plain",
        "year": "plain",
        "as_of": "plain",
        "received": "plain",
    }

    def __str__(self) -> str:
        return self.name or self.kind


class Import(models.Model):
    """A batch of rows that become visible together, or never."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    area = models.ForeignKey(Area, models.PROTECT, related_name="imports")
    source = models.ForeignKey(Source, models.PROTECT, related_name="imports")
    actor = models.CharField(max_length=64)
    started = models.DateTimeField()
    touched = models.DateTimeField()  # heartbeat of staging, in real time
    process = models.CharField(max_length=100)  # host and process that stages
    staged = models.IntegerField(default=0)
    superseded = models.IntegerField(default=0)
    committed_at = models.DateTimeField(null=True)
    merkle_root = models.BinaryField(max_length=32, null=True)

    privacy: ClassVar[Mapping[str, str]] = {
        "id": "technical",
        "area": "plain",
        "source": "technical",
        "actor": "plain",
        "started": "plain",
        "touched": "technical",
        "process": "technical",
        "staged": "plain",
        "superseded": "plain",
        "committed_at": "plain",
        "merkle_root": "technical",
    }

    def __str__(self) -> str:
        return str(self.id)


class Record(models.Model):
    """One version of a record. `key` is the row's key, `id` the record's."""

    key = models.BigIntegerField(primary_key=True)
    id = models.UUIDField(default=uuid7)
    version = models.IntegerField(default=1)
    area = models.ForeignKey(Area, models.PROTECT, related_name="records", db_index=False)
    kind = models.CharField(max_length=80)
    grain = models.CharField(max_length=12)
    start = models.DateField(null=True)
    end = models.DateField(null=True)
    year = models.SmallIntegerField()  # partition: year of start, else of end, else 0
    precision = models.CharField(max_length=12)
    words = models.CharField(max_length=100, blank=True)  # the date as written
    captured = models.DateTimeField()
    received = models.DateTimeField()
    late = models.BooleanField(default=False)
    state = models.CharField(max_length=16)
    title = models.TextField(blank=True)
    fields = models.JSONField(default=dict)
    shape = models.CharField(max_length=64, blank=True)  # of the sheet the row stood on
    identity = models.BinaryField(max_length=16)
    content = models.BinaryField(max_length=16)
    seal = models.BinaryField(max_length=16)  # digest of this row as stored; see seals.seal
    source = models.ForeignKey(Source, models.PROTECT, related_name="records", db_index=False)
    sheet = models.CharField(max_length=100, null=True)
    row = models.IntegerField(null=True)
    batch = models.ForeignKey(Import, models.PROTECT, null=True, related_name="records")
    known_from = models.DateTimeField()
    known_to = models.DateTimeField(null=True)

    privacy: ClassVar[Mapping[str, str]] = {
        "key": "technical",
        "id": "technical",
        "version": "plain",
        "area": "plain",
        "kind": "plain",
        "grain": "plain",
        "start": "plain",
        "end": "plain",
        "year": "plain",
        "precision": "plain",
        "words": "plain",
        "captured": "plain",
        "received": "plain",
        "late": "plain",
        "state": "plain",
        "title": "personal",
        "fields": "personal",
        "shape": "technical",
        "identity": "technical",
        "content": "technical",
        "seal": "technical",
        "source": "technical",
        "sheet": "plain",
        "row": "plain",
        "batch": "technical",
        "known_from": "plain",
        "known_to": "plain",
    }

    class Meta:
        # Among entries a version is unique; what an import has staged must not stand in their way,
        # so it is unique only within its import, and held against the rest when it commits.
        constraints = [
            models.UniqueConstraint(
                fields=["id", "version"], condition=models.Q(batch=None), name="records_version"
            ),
            models.UniqueConstraint(fields=["id", "version", "batch"], name="records_in_batch"),
        ]
        indexes = [
            models.Index(fields=["area", "year"], name="records_by_year"),
            models.Index(fields=["area", "shape", "identity"], name="records_identity"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}/{self.version}"


class Quantity(models.Model):
    """A quantity of a record version.

    Values are whole numbers of millionths (`micro`): SQLite keeps a DECIMAL as a binary float, text
    cannot be summed, and a BIGINT is exact, quick and the same on both databases. Range ±9.2·10¹².
    """

    pk = models.CompositePrimaryKey("record_id", "ordinal")
    record = models.ForeignKey(Record, models.PROTECT, related_name="quantities", db_index=False)
    ordinal = models.IntegerField()
    measure = models.CharField(max_length=80)
    label = models.CharField(max_length=200)
    micro = models.BigIntegerField()
    micro_max = models.BigIntegerField(null=True)
    micro_lo = models.BigIntegerField(null=True)  # null: open
    micro_hi = models.BigIntegerField(null=True)
    unit = models.CharField(max_length=32)
    qualifier = models.CharField(max_length=10)
    part_of = models.CharField(max_length=200, null=True)
    cell = models.CharField(max_length=16, null=True)

    privacy: ClassVar[Mapping[str, str]] = {
        "record": "technical",
        "ordinal": "technical",
        "measure": "plain",
        "label": "plain",
        "micro": "plain",
        "micro_max": "plain",
        "micro_lo": "plain",
        "micro_hi": "plain",
        "unit": "plain",
        "qualifier": "plain",
        "part_of": "plain",
        "cell": "plain",
    }

    def __str__(self) -> str:
        return f"{self.label} {self.micro}/1000000 {self.unit}"


class Involvement(models.Model):
    """Who took part in a record version, in which role: an id of a register, never a name."""

    id = models.BigAutoField(primary_key=True)
    record = models.ForeignKey(Record, models.PROTECT, related_name="involvements")
    who = models.UUIDField()
    role = models.CharField(max_length=32)

    privacy: ClassVar[Mapping[str, str]] = {
        "id": "technical",
        "record": "technical",
        "who": "personal",
        "role": "plain",
    }

    def __str__(self) -> str:
        return f"{self.role} {self.who}"


class Attachment(models.Model):
    """A file that proves a record (佐证)."""

    id = models.BigAutoField(primary_key=True)
    record = models.UUIDField(db_index=True)  # the record, whatever its version
    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="attachments")

    privacy: ClassVar[Mapping[str, str]] = {
        "id": "technical",
        "record": "technical",
        "evidence": "technical",
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["record", "evidence"], name="records_attached_once")
        ]

    def __str__(self) -> str:
        return f"{self.record} {self.evidence_id}"


class Supersession(models.Model):
    """A version that an import will close when it commits."""

    id = models.BigAutoField(primary_key=True)
    batch = models.ForeignKey(Import, models.PROTECT, related_name="supersessions")
    record = models.UUIDField()
    version = models.IntegerField()
    reason = models.CharField(max_length=200, blank=True)

    privacy: ClassVar[Mapping[str, str]] = {
        "id": "technical",
        "batch": "technical",
        "record": "technical",
        "version": "plain",
        "reason": "personal",
    }

    def __str__(self) -> str:
        return f"{self.record}/{self.version}"


class Partition(models.Model):
    """How often the records of an area and year have changed; insight compares, and reads anew."""

    id = models.BigAutoField(primary_key=True)
    area = models.ForeignKey(Area, models.PROTECT, related_name="partitions")
    year = models.SmallIntegerField()
    changes = models.BigIntegerField(default=0)

    privacy: ClassVar[Mapping[str, str]] = {
        "id": "technical",
        "area": "plain",
        "year": "plain",
        "changes": "technical",
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["area", "year"], name="records_partition_once")
        ]

    def __str__(self) -> str:
        return f"{self.area_id}/{self.year}"


class RowKey(models.Model):
    """SQLite's counter of row keys; PostgreSQL uses a sequence of the same name."""

    id = models.IntegerField(primary_key=True)
    next = models.BigIntegerField()

    privacy: ClassVar[Mapping[str, str]] = {"id": "technical", "next": "technical"}

    def __str__(self) -> str:
        return str(self.next)
