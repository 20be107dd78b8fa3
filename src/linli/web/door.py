"""The gate of every page: signed in, allowed, in an area one may see; refusals become pages.

    @door(permission=Permission.READ)
    def overview(visit: Visit) -> HttpResponse: ...

The address tree is walked by a house test: a view without a permission must stand in its public list.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_http_methods

from linli.core.access.queries import actor_for_user, permit
from linli.core.access.rules import Actor, Permission
from linli.core.areas import queries as areas
from linli.core.areas.rules import AreaView
from linli.kernel.errors import Refusal, Refusals
from linli.web.refusal_page import refused
from linli.web.visit import Visit

P = ParamSpec("P")
View = Callable[Concatenate[Visit, P], HttpResponse]


def door(
    *, permission: Permission, methods: tuple[str, ...] = ("GET",), anywhere: bool = False
) -> Callable[[View[P]], Callable[..., HttpResponse]]:
    """Make a function a page that needs `permission` in the area of the address (`slug`).

    `anywhere`: the address names no area; the page itself shows only what the actor may see.
    Who may not even read the area learns nothing about it, not whether it exists.
    """

    def wrap(view: View[P]) -> Callable[..., HttpResponse]:
        @functools.wraps(view)
        def run(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            actor = actor_for_user(request.user)
            slug = kwargs.pop("slug", None)
            place: AreaView | None = None
            try:
                if not anywhere:
                    place = _enter(actor, permission, str(slug))
                answer = view(Visit(request, actor, place), *args, **kwargs)
            except (Refusal, Refusals) as fault:
                answer = refused(request, fault, actor, place)
            add_never_cache_headers(answer)
            answer.headers["Cache-Control"] = "no-store, private"
            return answer

        gate: Any = require_http_methods([*methods, "HEAD"] if "GET" in methods else [*methods])(
            run
        )
        gate.permission = permission
        return gate  # type: ignore[no-any-return]

    return wrap


def _enter(actor: Actor, permission: Permission, slug: str) -> AreaView:
    """The area, if the actor may be in it. Raises Refusal web.hidden or access.denied."""
    try:
        place = areas.area(actor, slug)
    except Refusal as fault:
        raise Refusal("web.hidden") from fault
    if not actor.may(Permission.READ, place):
        raise Refusal("web.hidden")
    permit(actor, permission, place)
    return place
