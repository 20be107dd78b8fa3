"""Django's entry of the app; says how audit entries are held against its tables."""

from __future__ import annotations

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    """工作记录."""

    name = "linli.core.records"
    label = "records"
    verbose_name = "工作记录"

    def ready(self) -> None:
        """Register the witnesses of records and imports."""
        from linli.core.audit.trail import witness
        from linli.core.records.witness import check_import, check_record

        witness("record", check_record)
        witness("import", check_import)
