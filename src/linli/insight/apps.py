"""The Django app of insight."""

from __future__ import annotations

from django.apps import AppConfig


class InsightConfig(AppConfig):
    """What is measured."""

    name = "linli.insight"
    label = "insight"
