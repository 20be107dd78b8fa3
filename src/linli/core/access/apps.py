"""Django's entry of the app; installs the gate that every action asks."""

from __future__ import annotations

from django.apps import AppConfig


class AccessConfig(AppConfig):
    """权限."""

    name = "linli.core.access"
    label = "access"
    verbose_name = "权限"

    def ready(self) -> None:
        """Let actions ask this app for permission."""
        from linli.core.access.queries import permit
        from linli.core.audit.action import install_gate

        install_gate(permit)
