"""Buildings, stairwells, dwellings, and the households that occupy them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from django.db import models

from linli.core.registers.models.dated import DATED, Dated
from linli.kernel.ids import uuid7


class Building(models.Model):
    """A building: 楼栋, or a row of single-storey houses."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    privacy: ClassVar[Mapping[str, str]] = {"id": "technical"}

    def __str__(self) -> str:
        return str(self.id)


class Siting(Dated):
    """In which area a building stands and what it is called there."""

    called = "坐落"
    building = models.ForeignKey(Building, models.PROTECT, related_name="sitings")
    name = models.CharField(max_length=60)
    mark = models.CharField(max_length=60)  # the name in one spelling: 3号楼, 3幢 and 3# are 3
    street = models.CharField(max_length=100, blank=True)

    privacy: ClassVar[Mapping[str, str]] = {
        **DATED,
        "building": "technical",
        "name": "plain",
        "mark": "plain",
        "street": "plain",
    }

    class Meta:
        indexes = [
            models.Index(fields=["area", "building"], name="registers_siting_building"),
            models.Index(fields=["area", "mark"], name="registers_building_mark"),
        ]

    def __str__(self) -> str:
        return self.name


class Stairwell(models.Model):
    """A stairwell (单元) of a building; the name is empty where a building has none."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    building = models.ForeignKey(Building, models.PROTECT, related_name="stairwells")
    name = models.CharField(max_length=20, blank=True)

    privacy: ClassVar[Mapping[str, str]] = {
        "id": "technical",
        "building": "technical",
        "name": "plain",
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["building", "name"], name="registers_stairwell_once")
        ]

    def __str__(self) -> str:
        return self.name


class Dwelling(models.Model):
    """A dwelling (房屋) on a stairwell."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    stairwell = models.ForeignKey(Stairwell, models.PROTECT, related_name="dwellings")
    number = models.CharField(max_length=20)

    privacy: ClassVar[Mapping[str, str]] = {
        "id": "technical",
        "stairwell": "technical",
        "number": "personal",
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["stairwell", "number"], name="registers_dwelling_once")
        ]

    def __str__(self) -> str:
        return self.number


class Household(models.Model):
    """A household: people who keep house together. `number` is the office's own (户号)."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    number = models.CharField(max_length=40, blank=True)

    privacy: ClassVar[Mapping[str, str]] = {"id": "technical", "number": "personal"}

    def __str__(self) -> str:
        return str(self.id)


class Occupancy(Dated):
    """Which household occupies a dwelling, from–to, and by what right."""

    called = "入住"
    household = models.ForeignKey(Household, models.PROTECT, related_name="occupancies")
    dwelling = models.ForeignKey(Dwelling, models.PROTECT, related_name="occupancies")
    tenure = models.CharField(max_length=12, blank=True)

    privacy: ClassVar[Mapping[str, str]] = {
        **DATED,
        "household": "technical",
        "dwelling": "personal",
        "tenure": "personal",
    }

    class Meta:
        indexes = [
            models.Index(fields=["area", "household"], name="registers_occupancy_household"),
        ]

    def __str__(self) -> str:
        return f"{self.household_id} in {self.dwelling_id}"
