"""Django's entry of the app; says how audit entries are held against its tables."""

from __future__ import annotations

from django.apps import AppConfig


class ObligationsConfig(AppConfig):
    """应办."""

    name = "linli.core.obligations"
    label = "obligations"
    verbose_name = "应办"

    def ready(self) -> None:
        """Register the witness of reminders."""
        from linli.core.audit.trail import witness
        from linli.core.obligations.witness import check_reminders

        witness("reminders", check_reminders)
