"""What intake keeps of its own: how a shape of sheet is read, once a person has corrected it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from django.db import models

from linli.core.areas.models import Area


class SheetMapping(models.Model):
    """A person's corrections for one shape of sheet in one area; the newest holds.

    What was given with a file (year, day of reference, period) stands under `given`: with the shape
    as a proposal for the next file, with the SHA-256 of the file in place of a shape as its memory.
    """

    id = models.BigAutoField(primary_key=True)
    area = models.ForeignKey(Area, models.PROTECT, related_name="sheet_mappings")
    shape = models.CharField(max_length=64)
    mapping = models.JSONField(default=dict)
    remembered_at = models.DateTimeField()
    remembered_by = models.CharField(max_length=64)

    privacy: ClassVar[Mapping[str, str]] = {
        "id": "technical",
        "area": "plain",
        "shape": "technical",
        "mapping": "plain",
        "remembered_at": "plain",
        "remembered_by": "plain",
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["area", "shape"], name="intake_mapping_of_shape")
        ]

    def __str__(self) -> str:
        return f"{self.area_id} {self.shape}"
