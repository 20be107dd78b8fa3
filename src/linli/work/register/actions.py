"""Taking in a register workbook, and forgetting a person wherever the installation knows them.

A workbook comes in whole, or on any error or open question not at all. The file itself is not kept:
it is full of numbers of identity. Its hash stands with every row that came from it, and in the
audit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from uuid import UUID

from linli.core.access.rules import Actor
from linli.core.areas.queries import resolve
from linli.core.areas.rules import AreaRef
from linli.core.audit.action import action
from linli.core.audit.rules import Permission
from linli.core.registers.actions import close_request, erase, take
from linli.core.registers.queries.holdings import blind, holdings
from linli.packs.load import registry
from linli.work.register.columns import Page
from linli.work.register.grouping import grouped
from linli.work.register.matching import Matcher
from linli.work.register.problems import Problem, Problems
from linli.work.register.reading import read_pages
from linli.work.register.traces import Trace, traces


@dataclass(frozen=True, slots=True)
class Registered:
    """What an import did, or with `dry_run` would do; the shape is that of `linli import --json`."""

    created: int = 0
    unchanged: int = 0
    corrected: int = 0
    absent: int = 0
    problems: tuple[Problem, ...] = ()
    blocked: bool = False

    def as_json(self) -> dict[str, Any]:
        """The documented object: persons, not rows of tables."""
        return {
            "created": self.created,
            "unchanged": self.unchanged,
            "corrected": self.corrected,
            "absent": self.absent,
            "problems": [one.as_json() for one in self.problems],
        }


@action("registers.import", permission=Permission.ENROL, idle=True)
def import_register(
    *,
    actor: Actor,
    area: AreaRef,
    pages: Sequence[Page],
    source: str,
    as_of: date | None = None,
    dry_run: bool = False,
    answers: Mapping[str, str] | None = None,
) -> Registered:
    """Bring the persons of a workbook into the register of an area; `source` is the file's SHA-256.

    The same workbook again changes nothing. A row that says something else than the register is a
    question (`changes`: apply or keep). Who is in the register and not in the workbook is reported,
    never removed.
    """
    problems = Problems(dict(answers or {}))
    entries = read_pages(pages, registry(), problems)
    matcher = Matcher(holdings(actor, area), blind(actor, area), problems)
    found = matcher.match(grouped(entries, problems), source, as_of)
    if not problems.blocked and not dry_run and not found.batch.empty:
        take(actor=actor, area=area, batch=found.batch)
    applied = bool(
        found.batch.changes or any(h.joining or h.moving for h in found.batch.households)
    )
    return Registered(
        created=0 if problems.blocked else found.created,
        unchanged=found.unchanged,
        corrected=found.changed if applied and not problems.blocked else 0,
        absent=found.absent,
        problems=problems.listed(),
        blocked=problems.blocked,
    )


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What an erasure destroyed, and every place where something of the person stays, with why."""

    destroyed: Mapping[str, int]
    key_destroyed: bool
    stays: tuple[Trace, ...]

    def as_json(self) -> dict[str, Any]:
        """The documented object; it names places, never the person."""
        return {
            "destroyed": dict(self.destroyed),
            "key_destroyed": self.key_destroyed,
            "stays": [asdict(one) for one in self.stays],
        }


@action("registers.forget", permission=Permission.RIGHTS)
def forget_person(
    *, actor: Actor, area: AreaRef, person: UUID, reason: str, request: UUID | None = None
) -> Forgotten:
    """Erase a person from the register of an area, then look for what else speaks of them there.

    `request` is closed as granted. What an erased name still stands in may be about another person
    of the same name: the report says places, a person decides.
    """
    place = resolve(area)
    erased = erase(actor=actor, area=place, person=person, reason=reason)
    stays = [Trace("audit", "审计链里的编号和密文摘要", 1, "不含姓名和号码；链因此可以验证。")]
    if not erased.key_destroyed:
        stays.append(Trace("registers", "其他辖区自己的登记", 1, "由该辖区办理。"))
    stays += traces(place.key, erased.sought)
    if request is not None:
        close_request(actor=actor, area=place, request=request, granted=True, reason=reason)
    return Forgotten(erased.destroyed, erased.key_destroyed, tuple(stays))
