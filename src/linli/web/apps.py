"""The door for people."""

from __future__ import annotations

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Pages; no tables."""

    name = "linli.web"
    label = "web"
    verbose_name = "网页"
