"""Says that the server lives, nothing else."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse


def health(request: HttpRequest) -> HttpResponse:
    """Answer without touching the database: a watchdog may ask each second."""
    del request
    return HttpResponse("ok", content_type="text/plain")
