"""Writes of the tree of areas."""

from __future__ import annotations

from datetime import date

from linli.core.areas.models import Area, Placement
from linli.core.areas.queries import holds, resolve
from linli.core.areas.rules import AreaRef, AreaView, check_level
from linli.core.audit import trail
from linli.core.audit.action import action
from linli.core.audit.rules import INSTALLATION, Permission
from linli.kernel.clock import today
from linli.kernel.errors import Refusal


@action("areas.create", permission=Permission.ADMINISTER, on="parent")
def create_area(
    *,
    actor: trail.Acting,
    slug: str,
    name: str,
    level: str,
    parent: AreaRef | None = None,
    since: date | None = None,
) -> AreaView:
    """Make an area under `parent` (None: a root). `since` None: since before memory."""
    above = resolve(parent) if parent is not None else None
    kind = check_level(level, above)
    if Area.objects.filter(slug=slug).exists():
        raise Refusal("areas.taken", slug=slug)
    area = Area.objects.create(slug=slug, name=name, level=kind, since=since)
    if above is not None:
        Placement.objects.create(area=area, parent_id=above.key, since=since)
    trail.note(
        actor=actor,
        area=INSTALLATION,
        action="areas.create",
        subject=("area", str(area.id)),
        payload=[slug, name, level, above.slug if above else None, since],
        facts={"slug": slug, "parent": above.slug if above else None},
    )
    return resolve(area.key, on=since)


@action("areas.move", permission=Permission.ADMINISTER, on="parent")
def move_area(*, actor: trail.Acting, area: AreaRef, parent: AreaRef, since: date) -> AreaView:
    """Put an area under another parent from `since` on; before that day the old tree stands."""
    moved, above = resolve(area), resolve(parent)
    check_level(moved.level, above)
    current = Placement.objects.filter(holds(since), area=moved.key)
    if current.filter(since__gte=since).exists():
        raise Refusal("areas.dates", slug=moved.slug, since=since, until=since)
    current.update(until=since)
    Placement.objects.create(area_id=moved.key, parent_id=above.key, since=since)
    trail.note(
        actor=actor,
        area=INSTALLATION,
        action="areas.move",
        subject=("area", str(moved.id)),
        payload=[moved.slug, above.slug, since],
        facts={"slug": moved.slug, "parent": above.slug, "since": since.isoformat()},
    )
    return resolve(moved.key, on=since)


@action("areas.end", permission=Permission.ADMINISTER)
def end_area(*, actor: trail.Acting, area: AreaRef, until: date | None = None) -> None:
    """Let an area end; `until` is the first day without it (None: today). Its records stay."""
    ended = resolve(area)
    day = until or today()
    row = Area.objects.get(key=ended.key)
    if row.since is not None and day <= row.since:
        raise Refusal("areas.dates", slug=ended.slug, since=row.since, until=day)
    Area.objects.filter(key=ended.key).update(until=day)
    Placement.objects.filter(holds(day), area=ended.key).update(until=day)
    trail.note(
        actor=actor,
        area=INSTALLATION,
        action="areas.end",
        subject=("area", str(ended.id)),
        payload=[ended.slug, day],
        facts={"slug": ended.slug, "until": day.isoformat()},
    )
