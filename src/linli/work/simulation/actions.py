"""Writes of the simulation: a year of records through the actions that people and imports use."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.db import transaction

from linli.core.access.rules import Actor
from linli.core.areas.queries import resolve
from linli.core.areas.rules import AreaRef, AreaView
from linli.core.audit import trail
from linli.core.audit.action import action
from linli.core.audit.rules import Permission
from linli.core.periods.actions import close
from linli.core.periods.queries import closes_of
from linli.core.records.actions import (
    begin_import,
    commit_import,
    correct,
    name_source,
    stage,
    withdraw,
)
from linli.core.records.queries import count
from linli.kernel.clock import today
from linli.kernel.errors import Refusal
from linli.kernel.periods import Period
from linli.packs.load import registry
from linli.work.simulation.community import Community
from linli.work.simulation.deeds import Deed, Fate
from linli.work.simulation.habits import habits
from linli.work.simulation.rules import Asking, Simulated, asking
from linli.work.simulation.totals import Tally, periods_of
from linli.work.simulation.writing import Writer

_BODY = "模拟主管部门（补明）"


@action("simulation.simulate", permission=Permission.ADMINISTER, atomic=False)
def simulate(
    *,
    actor: Actor,
    area: AreaRef,
    households: int,
    year: int,
    seed: int,
    until: date | None = None,
    into: bool = False,
    progress: Callable[[int], None] | None = None,
) -> Simulated:
    """Simulate a community-year in an area: imports, corrections, closes, late entries.

    Raises Refusal simulation.households, simulation.year, simulation.until, and, unless `into`,
    simulation.occupied where the area holds records already.
    """
    place = resolve(area)
    asked = asking(households, year, seed, until, today())
    held = count(actor, place)
    if held and not into:
        raise Refusal("simulation.occupied", area=place.name, count=held)
    done = Simulated(place.slug, asked)
    deeds = _made(asked, done)
    _announce(actor, place, done)
    writer = Writer(place.slug, asked)
    _write_first(actor, place, writer, deeds, progress)
    _put_right(actor, place, writer, deeds)
    done.closed = _close(actor, place, asked)
    _write_late(actor, place, writer, deeds)
    return done


def _announce(actor: Actor, place: AreaView, done: Simulated) -> None:
    """Say in the audit, before the first record, that what follows is simulated."""
    asked = done.asked
    with transaction.atomic():
        trail.note(
            actor=actor,
            area=place.key,
            action="simulation.simulate",
            subject=("simulation", f"{asked.year}/{asked.seed}"),
            payload=[asked.households, asked.year, asked.seed, asked.until, done.written],
            facts={"households": asked.households, "year": asked.year, "records": done.written},
        )


def _made(asked: Asking, done: Simulated) -> list[Deed]:
    """All deeds of the year, counted one by one as they are made."""
    known = registry()
    tally = Tally(known)
    deeds: list[Deed] = []
    for deed in Community(asked, known, habits()).deeds():
        tally.see(deed)
        deeds.append(deed)
        done.fates[str(deed.fate)] += 1
        done.states[str(deed.state)] += 1
        done.grains[deed.grain] += 1
    done.kinds = len({deed.kind.id for deed in deeds})
    done.written = len(deeds)
    for indicator in known.indicators:
        found = {
            p.text: total for p in periods_of(asked.year) if (total := tally.total(indicator, p))
        }
        done.totals[indicator] = found
    return deeds


def _write_first(
    actor: Actor,
    place: AreaView,
    writer: Writer,
    deeds: list[Deed],
    progress: Callable[[int], None] | None,
) -> None:
    """What was written in time, slips of the pen included."""
    rows = (
        writer.wrong(deed) if deed.fate is Fate.CORRECTED else writer.record(deed)
        for deed in deeds
        if deed.fate is not Fate.LATE
    )
    batch = begin_import(actor=actor, area=place, source=writer.source("当时登记"))
    stage(actor=actor, import_id=batch, rows=rows, progress=progress)
    commit_import(actor=actor, import_id=batch)


def _put_right(actor: Actor, place: AreaView, writer: Writer, deeds: list[Deed]) -> None:
    """Corrections, withdrawals and sources named later, one by one as people make them."""
    for deed in deeds:
        record = writer.record(deed) if deed.fate is not Fate.KEPT else None
        if record is None:
            continue
        match deed.fate:
            case Fate.CORRECTED:
                reason = "模拟更正：数字写错"
                correct(actor=actor, area=place, record_id=record.id, new=record, reason=reason)
            case Fate.WITHDRAWN:
                withdraw(actor=actor, area=place, record_id=record.id, reason="模拟撤销：重复登记")
            case Fate.NAMED:
                name_source(actor=actor, area=place, record_id=record.id, body=_BODY)
            case _:
                pass


def _close(actor: Actor, place: AreaView, asked: Asking) -> tuple[str, ...]:
    """Close the quarters that were over when the simulation ends."""
    closed = {(one.start, one.end) for one in closes_of(place.key)}
    quarters = [Period.of_quarter(asked.year, part) for part in (1, 2, 3, 4)]
    over = [
        one for one in quarters if one.end <= asked.until and (one.start, one.end) not in closed
    ]
    for quarter in over:
        close(actor=actor, area=place, period=quarter)
    return tuple(one.text for one in over)


def _write_late(actor: Actor, place: AreaView, writer: Writer, deeds: list[Deed]) -> None:
    """What somebody writes down only after the close."""
    late = [deed for deed in deeds if deed.fate is Fate.LATE]
    if late:
        batch = begin_import(actor=actor, area=place, source=writer.source("关账后补记"))
        stage(actor=actor, import_id=batch, rows=map(writer.late, late))
        commit_import(actor=actor, import_id=batch)
