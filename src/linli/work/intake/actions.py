"""Writes of intake: importing a workbook, and remembering how its sheets are read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import chain, islice
from pathlib import Path
from typing import Any
from uuid import UUID

from linli.core.access.queries import readable
from linli.core.access.rules import Actor
from linli.core.areas.queries import resolve
from linli.core.areas.rules import AreaRef, AreaView
from linli.core.audit import trail
from linli.core.audit.action import action
from linli.core.audit.rules import Permission
from linli.core.evidence.actions import store
from linli.core.records.actions import abandon_import, begin_import, commit_import, stage
from linli.core.records.queries import records, standing
from linli.core.records.rules import NewRecord, NewSource, SourceKind
from linli.kernel.clock import now
from linli.kernel.errors import Refusal
from linli.kernel.periods import Period
from linli.packs.load import registry
from linli.work.intake.changes import Changes
from linli.work.intake.collecting import rarely_collecting
from linli.work.intake.given import KEPT, Given, digest_of
from linli.work.intake.models import SheetMapping
from linli.work.intake.plan import TablePlan
from linli.work.intake.preview import Reading, open_reading
from linli.work.intake.problems import Problem, Severity
from linli.work.intake.queries import remembered

# A workbook up to this many rows is read to its end before the first byte is written; a longer one
# is staged as it is read, invisible, and thrown away if an error turns up.
HELD = 20_000
_NO_ID = UUID(int=0)


@dataclass(slots=True)
class Imported:
    """What an import did, or with ``dry_run`` would do."""

    created: int = 0
    unchanged: int = 0
    corrected: int = 0
    skipped: int = 0
    problems: tuple[Problem, ...] = ()
    tables: list[TablePlan] = field(default_factory=list)
    batch: UUID | None = None

    @property
    def blocked(self) -> bool:
        """Whether an error or an open question kept everything from being written."""
        return any(p.severity is not Severity.WARNING for p in self.problems)

    def as_json(self) -> dict[str, Any]:
        """The documented shape of ``linli import --json``."""
        return {
            "created": self.created,
            "unchanged": self.unchanged,
            "corrected": self.corrected,
            "skipped": self.skipped,
            "problems": [
                {
                    "severity": str(p.severity),
                    "sheet": p.sheet,
                    "cell": p.cell,
                    "value": p.value,
                    "problem": p.problem,
                    "way_out": p.way_out,
                    **({"key": p.key} if p.key else {}),
                }
                for p in self.problems
            ],
        }


@action("intake.import", permission=Permission.IMPORT, atomic=False, idle=True)
def import_workbook(
    *,
    actor: Actor,
    area: AreaRef,
    path: Path,
    year: int | None = None,
    as_of: date | None = None,
    period: Period | None = None,
    dry_run: bool = False,
    mapping: Mapping[str, Mapping[str, Any]] | None = None,
    answers: Mapping[str, str] | None = None,
    name: str = "",
    progress: Callable[[int], None] | None = None,
) -> Imported:
    """Bring a workbook into an area: all of it, or on any error or open question nothing.

    ``name`` is the file's own name where ``path`` is a copy (an upload). What is wrong with the
    file itself comes back as an error too, not as a Refusal.
    """
    given = Given(year, as_of, period, mapping or {}, answers or {})
    with rarely_collecting():
        return _import(actor, resolve(area), path, given, dry_run, name, progress)


def _import(
    actor: Actor,
    place: AreaView,
    path: Path,
    given: Given,
    dry_run: bool,
    name: str,
    progress: Callable[[int], None] | None,
) -> Imported:
    digest, kept = digest_of(path), remembered(actor, place)
    given, recalled = given.recalling(kept.get(digest, {}).get(KEPT, {}))
    try:
        reading = _open(place, path, given, kept, name)
    except Refusal as refused:
        return Imported(problems=(_of_refusal(refused, name or path.name),))
    if recalled:
        reading.problems.warn(
            "", "", reading.book.name, f"上次导入时指明了 {recalled}，这次照用", "要改的请重新指明"
        )
    if dry_run:
        reading.new_id = _no_id
    changes = Changes(
        reading.book.name, reading.problems, lambda ids: records(actor, place, ids=ids)
    )
    changes.load(standing(actor, place))
    fresh = _counted(changes.take(reading.records()), progress)
    if dry_run:
        created = sum(1 for _ in fresh) + sum(1 for _ in changes.settle())
        return _outcome(reading, changes, created)
    done = _write(actor, place, path, given, reading, changes, fresh)
    if not done.blocked:
        _remember(actor, place, reading, given, kept, digest)
    return done


def _open(
    place: AreaView,
    path: Path,
    given: Given,
    kept: Mapping[str, Mapping[str, Any]],
    name: str,
) -> Reading:
    reading = open_reading(
        path,
        registry(),
        year=given.year,
        as_of=given.as_of,
        period=given.period,
        mappings={**kept, **given.mapping},
        answers=given.answers,
        area=place.id.hex,
    )
    reading.book.name = name or reading.book.name
    return reading


def _no_id() -> UUID:
    """A dry run keeps nothing, so it needs no ids of its own."""
    return _NO_ID


def _of_refusal(refused: Refusal, file: str) -> Problem:
    sentence = refused.sentence.removesuffix("。")  # a problem ends without a stop
    return Problem(Severity.ERROR, "", "", file, sentence, refused.way_out)


def _counted(
    records: Iterator[NewRecord], progress: Callable[[int], None] | None
) -> Iterator[NewRecord]:
    if progress is None:
        yield from records
        return
    for count, record in enumerate(records, 1):
        if count % 1000 == 0:
            progress(count)
        yield record


def _write(
    actor: Actor,
    place: AreaView,
    path: Path,
    given: Given,
    reading: Reading,
    changes: Changes,
    fresh: Iterator[NewRecord],
) -> Imported:
    """Stage and commit; nothing is opened for a short workbook that turns out to be blocked."""
    held = list(islice(fresh, HELD))
    if len(held) < HELD:
        held += changes.settle()
        fresh = iter(())
        if reading.problems.blocked or not held:
            return _outcome(reading, changes, len(held))
    batch = begin_import(
        actor=actor, area=place, source=_source(actor, place, path, given, reading)
    )
    rows = chain(held, fresh, changes.settle()) if len(held) >= HELD else iter(held)
    staged = stage(
        actor=actor, import_id=batch, rows=rows, replaces=changes.replaces, reason="重新导入时更正"
    )
    if reading.problems.blocked:
        abandon_import(actor=actor, import_id=batch)
        return _outcome(reading, changes, staged)
    commit_import(actor=actor, import_id=batch)
    return _outcome(reading, changes, staged, batch)


def _source(actor: Actor, place: AreaView, path: Path, given: Given, reading: Reading) -> NewSource:
    kept = store(actor=actor, area=place, content=path, name=reading.book.name)
    return NewSource(
        kind=SourceKind.WORKBOOK,
        name=reading.book.name,
        sha256=digest_of(path),
        year=given.year,
        as_of=given.as_of,
        evidence=kept.id,
    )


def _outcome(reading: Reading, changes: Changes, count: int, batch: UUID | None = None) -> Imported:
    corrected = len(changes.replaces)
    blocked = reading.problems.blocked
    return Imported(
        created=0 if blocked else count - corrected,
        unchanged=changes.unchanged,
        corrected=0 if blocked else corrected,
        skipped=changes.skipped,
        problems=reading.problems.listed(),
        tables=reading.plans,
        batch=batch,
    )


def _remember(
    actor: Actor,
    place: AreaView,
    reading: Reading,
    given: Given,
    kept: Mapping[str, Mapping[str, Any]],
    digest: str,
) -> None:
    """Keep what was given: corrections under the shape they were for, dates also for the file."""
    dating = {KEPT: given.kept()} if given.kept() else {}
    found: dict[str, dict[str, Any]] = {digest: dating} if dating else {}
    for plan in reading.plans:
        held = dict(kept.get(plan.shape, {}))
        for key in (plan.sheet, f"{plan.sheet}#{plan.ordinal + 1}", plan.shape):
            if key in given.mapping:
                held = {**({KEPT: held[KEPT]} if KEPT in held else {}), **given.mapping[key]}
        found[plan.shape] = {**held, **dating}
    for shape, mapping in found.items():
        if mapping and mapping != kept.get(shape):
            remember_mapping(actor=actor, area=place, shape=shape, mapping=mapping)


@action("intake.remember", permission=Permission.IMPORT)
def remember_mapping(
    *, actor: Actor, area: AreaRef, shape: str, mapping: Mapping[str, Any]
) -> None:
    """Remember how sheets of a shape are read in an area; the newest correction holds.

    ``shape`` may also be the SHA-256 of a file: what was given with these very bytes.
    """
    place = readable(actor, area, Permission.IMPORT)
    SheetMapping.objects.update_or_create(
        area_id=place.key,
        shape=shape,
        defaults={
            "mapping": dict(mapping),
            "remembered_at": now(),
            "remembered_by": actor.id,
        },
    )
    trail.note(
        actor=actor,
        area=place.key,
        action="intake.remember",
        subject=("mapping", shape),
        payload=[shape],
        facts={"shape": shape},
    )
