"""Django's entry of the app."""

from __future__ import annotations

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """审计."""

    name = "linli.core.audit"
    label = "audit"
    verbose_name = "审计"
