"""Which records look like the same piece of work written down twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from linli.core.access.queries import readable
from linli.core.access.rules import Actor
from linli.core.areas.queries import keys_under
from linli.core.areas.rules import AreaRef
from linli.core.records.models import Record
from linli.core.records.queries import visible
from linli.core.records.rules import State


def doubles(
    actor: Actor, area: AreaRef, kinds: Collection[str], fields: Sequence[str], *, until: date
) -> Iterator[tuple[str, tuple[UUID, ...]]]:
    """Title and ids of records of one area and kind that are equal in all of `fields`.

    A field is one of the kind's, `@title` or `@day` (of its beginning). Done and ongoing records up
    to a day count; one that leaves a field empty equals no other. One light query, whatever it finds.
    Raises Refusal access.denied, areas.unknown.
    """
    place = readable(actor, area)
    rows = Record.objects.filter(
        visible(),
        area__in=keys_under(place.key),
        kind__in=kinds,
        state__in=(State.DONE, State.ONGOING),
    )
    named = [name for name in fields if not name.startswith("@")]
    columns = ["id", "area_id", "kind", "title", "start", "end", *(["fields"] if named else [])]
    groups: defaultdict[tuple[Any, ...], list[tuple[str, UUID]]] = defaultdict(list)
    for row in rows.order_by("start", "key").values_list(*columns).iterator(chunk_size=5000):
        record_id, home, kind, title, start, end, *rest = row
        day = start or end
        known = {"@title": title, "@day": day, **(rest[0] if rest else {})}
        same = tuple(known.get(name, "") for name in fields)
        if all(same) and (day is None or day <= until):
            groups[home, kind, *same].append((title, record_id))
    for found in groups.values():
        if len(found) > 1:
            yield found[0][0], tuple(record_id for _, record_id in found)
