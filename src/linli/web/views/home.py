"""The areas an actor may see; whoever has one goes straight in."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from linli.core.access.queries import areas_of
from linli.core.access.rules import Permission
from linli.core.areas import queries as areas
from linli.core.areas.rules import Level
from linli.web.door import door
from linli.web.visit import Visit


@door(permission=Permission.READ, anywhere=True)
def home(visit: Visit) -> HttpResponse:
    """List the areas as an indented tree."""
    keys = areas_of(visit.actor, Permission.READ)
    seen = [one for one in areas.everything(visit.actor) if one.key in keys]
    communities = [one for one in seen if one.level == Level.COMMUNITY]
    if len(seen) == 1:
        return HttpResponseRedirect(reverse("overview", kwargs={"slug": seen[0].slug}))
    seen.sort(key=lambda one: one.names)
    shallowest = min((len(one.path) for one in seen), default=0)
    rows = [{"area": one, "depth": min(len(one.path) - shallowest, 4)} for one in seen]
    return visit.page("web/home.html", {"rows": rows, "communities": len(communities)})
