"""Django's entry of the app."""

from __future__ import annotations

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """报告."""

    name = "linli.reports"
    label = "reports"
    verbose_name = "报告"
