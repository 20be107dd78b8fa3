"""Reads of how records came to be: who made which version, and what came in after a close."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q

from linli.core.access.queries import readable
from linli.core.access.rules import Actor
from linli.core.areas.rules import AreaRef
from linli.core.audit.queries import EntryView, about
from linli.core.periods.queries import closes
from linli.core.records.models import Record
from linli.core.records.queries import history, records, within
from linli.core.records.rules import RecordView
from linli.kernel.periods import Period


def entered_since_close(actor: Actor, area: AreaRef, *, limit: int) -> list[RecordView]:
    """Records of closed periods that came in after the close, as first entered, newest first."""
    place = readable(actor, area)
    after = Q()
    for one in closes(actor, area):
        after |= within(Period(one.start, one.end)) & Q(received__gt=one.at)
    if not after:
        return []
    known = Q(batch=None) | Q(batch__committed_at__isnull=False)
    rows = Record.objects.filter(known, after, area=place.key, version=1)
    keys = list(rows.order_by("-received", "-key").values_list("key", flat=True)[:limit])
    found = records(actor, place, keys=keys)
    return sorted(found, key=lambda one: (one.received, one.key), reverse=True)


def made_by(actor: Actor, record_id: UUID) -> dict[int, EntryView]:
    """Version → the entry of the audit chain that made it; for a row of an import, its commit.

    Raises Refusal records.unknown, access.denied.
    """
    place = readable(actor, history(actor, record_id)[0].area)
    own = about(place.key, ("record", str(record_id)))
    made = {one.facts["version"]: one for one in own if "version" in one.facts}
    rows = Record.objects.filter(id=record_id, batch__committed_at__isnull=False)
    for version, batch in rows.values_list("version", "batch"):
        made.update((version, one) for one in about(place.key, ("import", str(batch))))
    return made
