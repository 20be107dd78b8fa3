"""Bring the snapshot up to date with its source, and give readers a generation that stays."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path

from linli.insight.layout import FieldColumn
from linli.insight.snapshot import manifest as manifests
from linli.insight.snapshot.calendar import calendar
from linli.insight.snapshot.locks import FileLock
from linli.insight.snapshot.manifest import Manifest, Part
from linli.insight.snapshot.parts import PartWriter, write_calendar, write_tree
from linli.insight.snapshot.pseudonym import Pseudonyms
from linli.insight.snapshot.source import Partition, Source
from linli.kernel import clock

_FORMAT = "2"
_TRIES = 4
_BUCKET_ROWS = 100_000
_MOST_BUCKETS = 256
_KEEP = 3 if sys.platform == "win32" else 1
"""How many generations stay even unread: readers on Windows hold no lease."""


class Snapshot:
    """The Parquet copy of one installation's facts under ``folder``."""

    def __init__(self, folder: Path, columns: Sequence[FieldColumn], names: Pseudonyms) -> None:
        self.folder = folder
        self.columns = tuple(columns)
        self.names = names

    def current(self) -> Manifest | None:
        """The manifest in force, if its tables have the columns we want."""
        found = manifests.read(self.folder / manifests.NAME)
        return found if found is not None and found.layout == self.layout else None

    @property
    def layout(self) -> str:
        """Digest of the format and the declared columns."""
        words = [_FORMAT, *(f"{c.field}:{c.type}" for c in self.columns)]
        return blake2b("|".join(words).encode(), digest_size=8).hexdigest()

    def refresh(self, source: Source) -> Manifest:
        """Return a manifest that holds everything committed before the call.

        Unchanged partitions keep their files. One process refreshes, others wait and then find that
        the work was done.
        """
        found = self.current()
        if found is not None and found.mark == source.mark():
            return found
        self.folder.mkdir(parents=True, exist_ok=True)
        with FileLock(self.folder / "refresh.lock"):
            found, mark = self.current(), source.mark()
            if found is not None and found.mark == mark:
                return found
            made = self._generation(source, mark, found)
            for _ in range(_TRIES):
                if (mark := source.mark()) == made.mark:
                    break  # nothing was committed while we read: all rows are of one moment
                made = self._generation(source, mark, made)
            manifests.swap(self.folder, made)
            self._sweep(made)
            return made

    @contextmanager
    def lease(self) -> Iterator[Manifest]:
        """The current manifest, whose files stay until the block ends."""
        while True:
            found = self.current()
            if found is None:
                raise FileNotFoundError(self.folder / manifests.NAME)
            lock = FileLock(self._lease_file(found.generation), shared=True)
            try:
                lock.acquire()
            except FileNotFoundError:
                continue  # swept since its name was read
            try:
                if self._lease_file(found.generation).exists():  # else swept just now: read again
                    yield found
                    return
            finally:
                lock.release()

    def _lease_file(self, generation: int) -> Path:
        return self.folder / str(generation) / "lease"

    def _generation(self, source: Source, mark: str, old: Manifest | None) -> Manifest:
        number = self._next_number()
        folder = self.folder / str(number)
        folder.mkdir()
        buckets = buckets_for(source.size() if old is None else old.rows)
        if old is not None and buckets <= 2 * old.buckets:
            buckets = old.buckets  # spreading anew writes everything: not before it is worth it
        kept = old.parts if old is not None and old.buckets == buckets else {}
        parts: dict[str, Part] = {}
        known_at = old.known_at if old is not None else 0
        wanted = source.partitions(buckets)
        for partition, version in sorted(wanted.items()):
            before = kept.get(partition.name)
            if before is not None and before.version == version:
                parts[partition.name] = before
                continue
            part, changed = self._part(source, partition, version, folder)
            parts[partition.name] = part
            known_at = max(known_at, changed)
        years = _years(list(wanted), old)
        made = Manifest(
            generation=number,
            layout=self.layout,
            mark=mark,
            as_of=clock.now().isoformat(),
            known_at=known_at,
            tree=f"{number}/tree.parquet",
            calendar=self._calendar(folder, years, old),
            years=years,
            buckets=buckets,
            parts=parts,
        )
        write_tree(folder / "tree.parquet", source.tree())
        (folder / "lease").touch()
        manifests.sync_folder(folder)
        return made

    def _part(
        self, source: Source, partition: Partition, version: str, folder: Path
    ) -> tuple[Part, int]:
        writer = PartWriter(self.columns, self.names)
        for fact in source.facts(partition):
            writer.add(fact)
        names = [f"{folder.name}/{partition.name}.{table}.parquet" for table in ("r", "q")]
        writer.write(self.folder / names[0], self.folder / names[1])
        part = Part(version, names[0], names[1], writer.rows, writer.sorts)
        return part, writer.known_at

    def _calendar(self, folder: Path, years: tuple[int, int], old: Manifest | None) -> str:
        if old is not None and old.years == years:
            return old.calendar
        name = f"{folder.name}/calendar.parquet"
        write_calendar(self.folder / name, calendar(*years))
        return name

    def _next_number(self) -> int:
        """One more than any generation that ever had a folder: a crashed one is never reused."""
        numbers = [int(p.name) for p in self.folder.iterdir() if p.name.isdigit()]
        return max(numbers, default=0) + 1

    def _sweep(self, made: Manifest) -> None:
        """Delete files that no generation in use names."""
        old = sorted(
            (p for p in self.folder.glob("[0-9]*") if p.name != str(made.generation)),
            key=lambda p: int(p.name),
        )
        needed = set(made.files())
        taken: list[tuple[Path, FileLock]] = []
        for place, folder in enumerate(reversed(old), start=1):
            found = manifests.read(folder / manifests.NAME)
            lock = self._take(folder) if place >= _KEEP else None
            if found is not None and lock is None:
                needed |= found.files()
            elif lock is not None:
                taken.append((folder, lock))
        for folder, lock in taken:
            self._empty(folder, needed)
            lock.release()

    def _take(self, folder: Path) -> FileLock | None:
        """Take a generation for deletion; None while somebody reads it."""
        lock = FileLock(folder / "lease")
        if not lock.acquire(wait=False):
            return None
        (folder / "lease").unlink(missing_ok=True)
        return lock

    def _empty(self, folder: Path, needed: set[str]) -> None:
        living = {p for p in folder.iterdir() if f"{folder.name}/{p.name}" in needed}
        if not living:
            shutil.rmtree(folder, ignore_errors=True)
            return
        for path in set(folder.iterdir()) - living:
            path.unlink(missing_ok=True)


def buckets_for(rows: int) -> int:
    """Over how many buckets to spread the areas: a part costs a fixed price each time it is read,
    and all its rows each time one of them changes."""
    wanted = max(1, min(rows // _BUCKET_ROWS, _MOST_BUCKETS))
    return 1 << (wanted.bit_length() - 1)


def _years(partitions: list[Partition], old: Manifest | None) -> tuple[int, int]:
    """Years of the calendar: those of the records, this one and the next."""
    this = clock.today().year
    seen = [p.year for p in partitions if p.year] + [this, this + 1]
    if old is not None:
        seen += old.years
    return min(seen), max(seen)
