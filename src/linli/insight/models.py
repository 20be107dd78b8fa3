"""Figures kept for pages, so that a page never computes; not the truth, and made anew at any time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from django.db import models

from linli.core.areas.models import Area


class FillState(models.Model):
    """How far the kept figures of an area and period are: as of which knowledge, filled when."""

    id = models.BigAutoField(primary_key=True)
    area = models.ForeignKey(Area, models.PROTECT, related_name="fills")
    period = models.CharField(max_length=32)
    mark = models.CharField(max_length=32)  # of the snapshot the figures were computed from
    known_at = models.DateTimeField()
    filled_at = models.DateTimeField()

    privacy: ClassVar[Mapping[str, str]] = {
        "id": "technical",
        "area": "plain",
        "period": "plain",
        "mark": "technical",
        "known_at": "plain",
        "filled_at": "plain",
    }

    class Meta:
        constraints = [models.UniqueConstraint(fields=["area", "period"], name="insight_fill_once")]

    def __str__(self) -> str:
        return f"{self.area_id} {self.period}"


class StoredFigure(models.Model):
    """One kept figure. Numbers are text: SQLite would keep a DECIMAL as a binary float."""

    id = models.BigAutoField(primary_key=True)
    fill = models.ForeignKey(FillState, models.CASCADE, related_name="figures")
    place = models.IntegerField()
    indicator = models.CharField(max_length=80)
    version = models.IntegerField()
    value = models.CharField(max_length=60, null=True)
    value_max = models.CharField(max_length=60, null=True)
    lo = models.CharField(max_length=60, null=True)
    hi = models.CharField(max_length=60, null=True)
    unit = models.CharField(max_length=32)
    qualifier = models.CharField(max_length=10)
    basis = models.CharField(max_length=10)
    numerator = models.CharField(max_length=60, null=True)
    denominator = models.CharField(max_length=60, null=True)
    records = models.IntegerField()
    late = models.IntegerField()
    fingerprint = models.CharField(max_length=80)

    privacy: ClassVar[Mapping[str, str]] = {
        "id": "technical",
        "fill": "technical",
        "place": "technical",
        "indicator": "plain",
        "version": "plain",
        "value": "plain",
        "value_max": "plain",
        "lo": "plain",
        "hi": "plain",
        "unit": "plain",
        "qualifier": "plain",
        "basis": "plain",
        "numerator": "plain",
        "denominator": "plain",
        "records": "plain",
        "late": "plain",
        "fingerprint": "technical",
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["fill", "indicator"], name="insight_figure_once")
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.value}"
