"""Reads of the tree. The tree itself is no secret; what lies in an area is asked elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from difflib import get_close_matches

from django.db import connection
from django.db.models import Q

from linli.core.areas.models import Area, Placement
from linli.core.areas.rules import AreaRef, AreaView
from linli.core.audit.trail import Acting
from linli.kernel.clock import today
from linli.kernel.errors import Refusal

_DEPTH = 12  # deeper than any tree of areas: a loop in the data ends here instead of never

_HOLDS = "(p.since IS NULL OR p.since <= %s) AND (p.until IS NULL OR p.until > %s)"
_DOWN = f"""
WITH RECURSIVE down(key, depth) AS (
    SELECT CAST(%s AS BIGINT), 0
    UNION SELECT p.area_id, down.depth + 1 FROM areas_placement p JOIN down ON p.parent_id = down.key
    WHERE {_HOLDS} AND down.depth < {_DEPTH}
) SELECT key, min(depth) FROM down GROUP BY key ORDER BY 2, 1
"""


def holds(on: date) -> Q:
    """The condition that a row with since and until holds on a day."""
    return (Q(since=None) | Q(since__lte=on)) & (Q(until=None) | Q(until__gt=on))


def resolve(area: AreaRef, on: date | None = None) -> AreaView:
    """The area by slug, key or view; with `on`, its path on that day (else today's)."""
    if isinstance(area, AreaView) and on is None:
        return area
    if isinstance(area, AreaView):
        area = area.key
    by = {"key": area} if isinstance(area, int) else {"slug": area}
    found = Area.objects.filter(**by).first()
    if found is None:
        raise Refusal("areas.unknown", slug=area, hint=_hint(str(area)))
    return _views([found], on or today())[0]


def key_of(area: AreaRef) -> int:
    """The key of an area; no query where the key is at hand."""
    if isinstance(area, int):
        return area
    return area.key if isinstance(area, AreaView) else resolve(area).key


def area(actor: Acting, slug: AreaRef, *, on: date | None = None) -> AreaView:
    """The area of that slug. Raises Refusal areas.unknown with the nearest slug."""
    del actor  # names of areas are public; the parameter keeps all reads alike
    return resolve(slug, on)


def under(actor: Acting, area: AreaRef, *, on: date | None = None) -> list[AreaView]:
    """The area and all that lie under it on a day, higher ones first."""
    del actor
    keys = keys_under(area, on)
    found = Area.objects.in_bulk(keys)
    return _views([found[key] for key in keys], on or today())


def children(actor: Acting, area: AreaRef, *, on: date | None = None) -> list[AreaView]:
    """The areas directly under an area on a day, by slug."""
    del actor
    day = on or today()
    placed = Placement.objects.filter(holds(day), parent=resolve(area).key).values("area")
    return _views(Area.objects.filter(holds(day), key__in=placed).order_by("slug"), day)


def everything(actor: Acting, *, on: date | None = None) -> list[AreaView]:
    """All areas, in the order in which they were made."""
    del actor
    return _views(Area.objects.order_by("key"), on or today())


def slugs(keys: Iterable[int]) -> dict[int, str]:
    """Slug of each key."""
    return dict(Area.objects.filter(key__in=set(keys)).values_list("key", "slug"))


def keys_under(area: AreaRef, on: date | None = None) -> list[int]:
    """Keys of the area and of all under it on a day, higher ones first; one query."""
    day = on or today()
    with connection.cursor() as cursor:
        cursor.execute(_DOWN, [key_of(area), day, day])
        return [row[0] for row in cursor.fetchall()]


def _views(areas: Iterable[Area], on: date) -> list[AreaView]:
    """Views with their paths: one query for each level of the tree above them."""
    wanted = list(areas)
    known = {one.key: one for one in wanted}
    parent_of: dict[int, int] = {}
    ask = set(known)
    for _ in range(_DEPTH):
        rows = Placement.objects.filter(holds(on), area__in=ask).order_by("id")
        found = dict(rows.values_list("area_id", "parent_id"))
        parent_of |= found
        ask = set(found.values()) - parent_of.keys()
        if not ask:
            break
    missing = set(parent_of.values()) - known.keys()
    known |= Area.objects.in_bulk(missing)
    return [_view(one, _path(one.key, parent_of), known) for one in wanted]


def _path(key: int, parent_of: dict[int, int]) -> Sequence[int]:
    path = [key]
    while path[-1] in parent_of and len(path) <= _DEPTH:
        path.append(parent_of[path[-1]])
    return path[::-1]


def _view(area: Area, path: Sequence[int], known: dict[int, Area]) -> AreaView:
    return AreaView(
        key=area.key,
        id=area.id,
        slug=area.slug,
        name=area.name,
        level=area.level,
        path=tuple(path),
        names=tuple(known[key].name for key in path),
    )


def _hint(slug: str) -> str:
    near = get_close_matches(slug, Area.objects.values_list("slug", flat=True), n=1)
    return f"是不是“{near[0]}”？" if near else ""
