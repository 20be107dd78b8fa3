"""Django's entry of the app."""

from __future__ import annotations

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """单位与任职."""

    name = "linli.core.people"
    label = "people"
    verbose_name = "单位与任职"
