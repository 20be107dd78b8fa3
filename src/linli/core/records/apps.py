"""Django's entry of the app; says how audit entries are held against its tables."""

from __future__ import annotations

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    """工作记录."""

    name = "linli.core.records"
    label = "records"
    verbose_name = "工作记录"

    def ready(self) -> None:
        """Register the witnesses of records and imports, and the sweep of what dead imports left."""
        from datetime import timedelta

        from linli.core.audit.trail import witness
        from linli.core.jobs.rules import Chore, register
        from linli.core.records.actions import sweep_imports
        from linli.core.records.witness import check_import, check_record

        witness("record", check_record)
        witness("import", check_import)
        register(
            Chore(
                "records.sweep_imports",
                timedelta(minutes=10),
                lambda actor: sweep_imports(actor=actor),
            )
        )
