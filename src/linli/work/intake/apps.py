"""Django's entry of the app."""

from __future__ import annotations

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    """导入."""

    name = "linli.work.intake"
    label = "intake"
    verbose_name = "导入"
