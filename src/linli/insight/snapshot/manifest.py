"""The manifest: which parts make up a generation; one small JSON file, replaced as a whole."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

NAME = "manifest.json"


@dataclass(frozen=True, slots=True)
class Part:
    """One partition's files, relative to the snapshot's folder, and what it was made from.

    ``sorts``: the kinds and grains that occur.
    """

    version: str
    records: str
    quantities: str
    rows: int
    sorts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Manifest:
    """A generation. ``known_at``: microseconds UTC of the latest change that it holds.

    ``layout`` is a digest of the tables' columns: another layout is another snapshot. ``buckets``:
    over how many the areas of a year are spread.
    """

    generation: int
    layout: str
    mark: str
    as_of: str
    known_at: int
    tree: str
    calendar: str
    years: tuple[int, int]
    buckets: int = 1
    parts: Mapping[str, Part] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """How many versions of records it holds."""
        return sum(part.rows for part in self.parts.values())

    def files(self) -> frozenset[str]:
        """Every file that this generation needs."""
        own = {self.tree, self.calendar}
        return frozenset(own | {f for p in self.parts.values() for f in (p.records, p.quantities)})

    def sorts(self) -> frozenset[tuple[str, str]]:
        """Every kind that has a record, with each grain that it has records in."""
        return frozenset(sort for part in self.parts.values() for sort in part.sorts)

    def to_json(self) -> str:
        """The manifest as text."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True, indent=1)


def read(path: Path) -> Manifest | None:
    """Return the manifest in ``path``; None if there is none yet."""
    try:
        raw: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    parts = {name: _part(part) for name, part in raw.pop("parts").items()}
    years = raw.pop("years")
    return Manifest(**raw, years=(years[0], years[1]), parts=parts)


def _part(raw: dict[str, Any]) -> Part:
    """A part as read; one that an older program wrote lacks the sorts, and is not used anyway."""
    sorts = tuple((kind, grain) for kind, grain in raw.get("sorts", ()))
    return Part(raw["version"], raw["records"], raw["quantities"], raw["rows"], sorts)


def swap(folder: Path, manifest: Manifest) -> None:
    """Make ``manifest`` the current one: written aside, fsynced, then renamed over the old."""
    write_durably(folder / str(manifest.generation) / NAME, manifest.to_json())
    write_durably(folder / NAME, manifest.to_json())


def write_durably(path: Path, text: str) -> None:
    """Replace ``path`` by ``text`` so that a crash leaves the old or the new, whole."""
    aside = path.with_name(f"{path.name}.{os.getpid()}.new")
    with aside.open("w", encoding="utf-8") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    aside.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make a rename in ``folder`` durable (folders cannot be opened for this on Windows)."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
