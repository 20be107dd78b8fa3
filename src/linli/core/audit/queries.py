"""Reads of the chain. Who may read it is asked above: permissions stand on a higher app."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from linli.core.audit.models import Entry


@dataclass(frozen=True, slots=True)
class EntryView:
    """One entry: what was done to which subject, by whom (an id), when."""

    seq: int
    at: datetime
    actor: str
    action: str
    subject_kind: str
    subject: str
    facts: dict[str, Any]
    rows: int | None
    hash: str


def entries(chain: int, *, limit: int, offset: int = 0) -> list[EntryView]:
    """Entries of a chain (the key of an area), newest first."""
    rows = Entry.objects.filter(chain=chain).order_by("-seq")[offset : offset + limit]
    return [_view(row) for row in rows]


def _view(row: Entry) -> EntryView:
    return EntryView(
        seq=row.seq,
        at=row.at,
        actor=row.actor,
        action=row.action,
        subject_kind=row.subject_kind,
        subject=row.subject,
        facts=row.facts,
        rows=row.rows,
        hash=bytes(row.hash).hex(),
    )


def about(chain: int, subject: tuple[str, str]) -> list[EntryView]:
    """Entries of a chain about one subject, oldest first."""
    kind, name = subject
    rows = Entry.objects.filter(chain=chain, subject_kind=kind, subject=name).order_by("seq")
    return [_view(row) for row in rows]


def count(chain: int) -> int:
    """How many entries a chain has."""
    return Entry.objects.filter(chain=chain).count()


def times_since(subject: tuple[str, str], since: datetime) -> int:
    """How often something was noted about a subject since an instant."""
    kind, name = subject
    return Entry.objects.filter(subject_kind=kind, subject=name, at__gte=since).count()


def latest() -> datetime | None:
    """The latest instant among the newest entries; None before the first. Not that of the newest:
    a clock may have been set back since.
    """
    return max(Entry.objects.order_by("-id").values_list("at", flat=True)[:1000], default=None)
