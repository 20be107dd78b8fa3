"""Django's entry of the app."""

from __future__ import annotations

from django.apps import AppConfig


class AreasConfig(AppConfig):
    """辖区."""

    name = "linli.core.areas"
    label = "areas"
    verbose_name = "辖区"
