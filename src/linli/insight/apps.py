"""The Django app of insight."""

from __future__ import annotations

from django.apps import AppConfig


class InsightConfig(AppConfig):
    """What is measured."""

    name = "linli.insight"
    label = "insight"

    def ready(self) -> None:
        """Let the worker compute figures, and keep the snapshot fresh."""
        from linli.core.jobs.rules import register
        from linli.insight.jobs import FILL, FRESH

        register(FILL)
        register(FRESH)
