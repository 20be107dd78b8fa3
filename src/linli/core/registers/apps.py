"""Django's entry of the app."""

from __future__ import annotations

from django.apps import AppConfig


class RegistersConfig(AppConfig):
    """居民与房屋."""

    name = "linli.core.registers"
    label = "registers"
    verbose_name = "居民与房屋"
