"""Django's entry of the app."""

from __future__ import annotations

from django.apps import AppConfig


class PeriodsConfig(AppConfig):
    """期间."""

    name = "linli.core.periods"
    label = "periods"
    verbose_name = "期间"
