"""Users and their grants."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from linli.core.areas.models import Area
from linli.kernel.ids import uuid7


class UserManager(BaseUserManager["User"]):
    """Finds users by login; making one is an action."""


class User(AbstractBaseUser):
    """A person who signs in."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    login = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=64)
    is_active = models.BooleanField(default=True)
    created = models.DateTimeField()

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "login"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    privacy: ClassVar[Mapping[str, str]] = {
        "id": "technical",
        "login": "personal",
        "name": "personal",
        "password": "technical",
        "last_login": "personal",
        "is_active": "plain",
        "created": "plain",
    }

    def __str__(self) -> str:
        return self.login


class Grant(models.Model):
    """A role in an area from `since` to the day before `until`; area null: everywhere."""

    id = models.BigAutoField(primary_key=True)
    user = models.ForeignKey(User, models.CASCADE, related_name="grants")
    role = models.CharField(max_length=16)
    area = models.ForeignKey(Area, models.PROTECT, null=True, related_name="grants")
    since = models.DateField(null=True)
    until = models.DateField(null=True)

    privacy: ClassVar[Mapping[str, str]] = {
        "id": "technical",
        "user": "technical",
        "role": "plain",
        "area": "plain",
        "since": "plain",
        "until": "plain",
    }

    def __str__(self) -> str:
        return f"{self.role}@{self.area_id}"
