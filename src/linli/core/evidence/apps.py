"""Django's entry of the app."""

from __future__ import annotations

from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    """佐证."""

    name = "linli.core.evidence"
    label = "evidence"
    verbose_name = "佐证"
