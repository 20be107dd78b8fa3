"""The address tree: all of it is the web floor's."""

from __future__ import annotations

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = (
    [path("", include("linli.web.urls"))] if find_spec("linli.web.urls") else []
)
