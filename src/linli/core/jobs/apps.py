"""Django's entry of the app."""

from __future__ import annotations

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """后台任务."""

    name = "linli.core.jobs"
    label = "jobs"
    verbose_name = "后台任务"
