"""Headers of every answer, and the print size that a person chose."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

Answer = Callable[[HttpRequest], HttpResponse]

# Nothing inline, nothing from elsewhere: a value that slipped into a page as markup stays dead.
_POLICY = (
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
)
POLICY = "; ".join(_POLICY)


class Headers:
    """Adds the content policy to every answer, refusals and static files included."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.answer(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), microphone=(), geolocation=()"
        )
        return response


def print_size(request: HttpRequest) -> dict[str, str]:
    """For templates: `normal` or `large`, from the cookie that the button in the foot sets."""
    large = request.COOKIES.get("print") == "large"
    return {"print_size": "large" if large else "normal"}
