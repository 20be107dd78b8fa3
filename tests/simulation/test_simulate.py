"""`simulate` writes through the real actions, and refuses what it should."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from linli.core.access.rules import Actor
from linli.core.audit import trail
from linli.core.periods.queries import closes, corrections
from linli.core.records.queries import history, records, source
from linli.core.records.rules import SIMULATED, State, new_record
from linli.kernel.days import Occurred, Precision
from linli.kernel.errors import Refusal
from linli.packs.load import BASE, load
from linli.work.simulation.actions import simulate
from tests.house.test_real_words import NAMES

SMALL = {"area": "moni", "households": 20, "year": 2025, "seed": 3}


@pytest.mark.database
def test_what_was_written(actor: Actor) -> None:
    done = simulate(actor=actor, **SMALL)
    found = list(records(actor, "moni"))
    withdrawn = list(records(actor, "moni", state=State.WITHDRAWN))
    assert len(found) + len(withdrawn) == done.written
    assert len(withdrawn) == done.fates["withdrawn"] > 0
    changed = [one for one in found if one.version > 1]
    assert len(changed) == done.fates["corrected"] + done.fates["named"] > 0
    first, last = history(actor, changed[0].id)
    assert first.title != last.title or first.source != last.source
    wanted = list(records(actor, "moni", state=State.SOURCE_WANTED))
    assert len(wanted) == done.fates["wanted"] > 0
    late = [one for one in found if one.late]
    assert len(late) >= done.fates["late"] > 0
    assert [one.period for one in closes(actor, "moni")] == [
        f"2025年第{part}季度" for part in "一二三四"
    ]
    assert not corrections(actor, "moni"), "all corrections came before the close"
    sources = [source(actor, one) for one in {one.source for one in found}]
    assert {one.kind for one in sources} == {"simulation", "body"}
    assert all(SIMULATED in one.name for one in sources)
    assert trail.verify().ok


def test_the_same_again_and_an_area_in_use_are_refused(actor: Actor) -> None:
    day = Occurred(date(2025, 3, 5), date(2025, 3, 5), Precision.DAY)
    from linli.core.records.actions import record_one

    record_one(actor=actor, area="moni", new=new_record("base.work", "真实的工作", day))
    with pytest.raises(Refusal) as refused:
        simulate(actor=actor, **SMALL)
    assert refused.value.code == "simulation.occupied"
    assert "1 条" in refused.value.sentence
    done = simulate(actor=actor, into=True, **SMALL)
    assert sum(1 for _ in records(actor, "moni")) > done.written - 40
    with pytest.raises(Refusal) as twice:
        simulate(actor=actor, into=True, **SMALL)
    assert twice.value.code == "records.import.twice"


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"households": 0}, "simulation.households"),
        ({"households": 200_000}, "simulation.households"),
        ({"year": 2027}, "simulation.year"),
        ({"year": 1900}, "simulation.year"),
        ({"until": date(2026, 1, 5)}, "simulation.until"),
        ({"year": 2026, "until": date(2026, 3, 2)}, "simulation.until"),
        ({"area": "moon"}, "areas.unknown"),
    ],
)
def test_refusals(actor: Actor, wrong: dict[str, Any], code: str) -> None:
    with pytest.raises(Refusal) as refused:
        simulate(actor=actor, **SMALL | wrong)
    assert refused.value.code == code
    assert not list(records(actor, "moni"))


def test_the_command(linli: Callable[..., Any]) -> None:
    linli("init")
    linli("area", "add", "moni", "--name", "模拟社区")
    words = ("--area", "moni", "--households", "8", "--year", "2024", "--until", "2024-04-30")
    ran = linli("simulate", *words, "--seed", "5", "--json")
    head, *totals = ran.rows
    assert head["mark"] == SIMULATED
    assert head["kinds"] > 110
    assert head["closed"] == ["2024Q1"]
    assert {"2024", "2024H1", "2024Q1", "2024-03"} <= {one["period"] for one in totals}
    again = linli("simulate", *words, code=2)
    assert "--into" in again.err


def test_nothing_real_is_named(actor: Actor, shared: Path) -> None:
    """No name and no number of the real documents; whoever and whatever is named is invented."""
    simulate(actor=actor, **SMALL)
    found = list(records(actor, "moni"))
    said = "\n".join(value for one in found for value in (one.title, *one.fields.values()))
    assert not [name for name in NAMES if name in said]
    documents = "\n".join(p.read_text("utf-8") for p in shared.glob("seeds/repaired/*.txt"))
    assert NAMES[0] in documents
    registry = load([BASE])
    for one in found:
        for field in registry.kind(one.kind).fields:
            if field.type in ("person", "organisation", "place") and field.id in one.fields:
                assert re.fullmatch(r"模拟(员|单位|主管部门|路)\d*号?", one.fields[field.id])
