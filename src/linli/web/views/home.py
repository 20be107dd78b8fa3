"""The areas an actor may see; whoever has one goes straight in."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from linli.core.access.queries import areas_of
from linli.core.access.rules import Permission
from linli.core.areas import queries as areas
from linli.core.areas.rules import LEVEL_NAMES, AreaView, Level
from linli.web.door import door
from linli.web.visit import Visit


@door(permission=Permission.READ, anywhere=True)
def home(visit: Visit) -> HttpResponse:
    """List the areas as an indented tree."""
    keys = areas_of(visit.actor, Permission.READ)
    seen = [one for one in areas.everything(visit.actor) if one.key in keys]
    if len(seen) == 1:
        return HttpResponseRedirect(reverse("overview", kwargs={"slug": seen[0].slug}))
    seen.sort(key=lambda one: one.names)
    return visit.page("web/home.html", {"rows": [_row(one, keys) for one in seen]})


def _row(area: AreaView, keys: frozenset[int]) -> dict[str, object]:
    """An area, how deep it stands under areas that are shown too, and the names of the others."""
    above = list(zip(area.path[:-1], area.names[:-1], strict=True))
    return {
        "area": area,
        "depth": min(sum(key in keys for key, _ in above), 4),
        "above": "".join(name for key, name in above if key not in keys),
        "level": LEVEL_NAMES[Level(area.level)],
    }
