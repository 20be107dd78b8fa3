"""What happens in the simulated community: all kinds, sensible days, parts within wholes, one mark."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from hashlib import blake2b
from itertools import pairwise

import pytest

from linli.core.records.rules import SIMULATED, NewRecord
from linli.kernel.lunar import festival
from linli.kernel.workdays import is_workday
from linli.packs.load import BASE, load
from linli.packs.registry import Registry
from linli.work.simulation.community import Community
from linli.work.simulation.deeds import Deed, Fate
from linli.work.simulation.habits import habits
from linli.work.simulation.rules import Asking
from linli.work.simulation.writing import Writer
from tests.house import tree
from tests.simulation.conftest import ASKED


@pytest.fixture(scope="module")
def registry() -> Registry:
    return load([BASE])


@pytest.fixture(scope="module")
def deeds(registry: Registry) -> list[Deed]:
    return _deeds(registry)


def _deeds(registry: Registry, asked: Asking = ASKED) -> list[Deed]:
    return list(Community(asked, registry, habits()).deeds())


def _records(deeds: list[Deed]) -> Iterator[NewRecord]:
    return Writer("moni", ASKED).records(deeds)


def digest(deeds: list[Deed]) -> str:
    """One word for all that was written."""
    found = blake2b(digest_size=8)
    for record in _records(deeds):
        found.update(repr(record).encode())
    return found.hexdigest()


def test_every_kind_field_and_grain_is_used(registry: Registry, deeds: list[Deed]) -> None:
    assert {deed.kind.id for deed in deeds} == set(registry.kinds)
    used = {(deed.kind.id, name) for deed in deeds for name in deed.fields}
    declared = {(k.id, f.id) for k in registry.kinds.values() for f in k.fields}
    assert used == declared
    assert {deed.grain for deed in deeds} == {"event", "summary", "observation"}
    assert {deed.fate for deed in deeds} == set(Fate)
    assert {str(deed.state) for deed in deeds} == {"done", "planned", "ongoing"}
    said = {str(one.written.qualifier) for deed in deeds for one in deed.amounts}
    assert said == {"exact", "over", "nearly", "about", "at_least", "at_most", "range"}


def test_the_same_seed_gives_the_same_records(registry: Registry, deeds: list[Deed]) -> None:
    assert digest(_deeds(registry)) == digest(deeds)
    assert digest(_deeds(registry, replace(ASKED, seed=2))) != digest(deeds)


def test_the_hash_seed_changes_nothing(deeds: list[Deed]) -> None:
    program = (
        "import django; django.setup()\n"
        "from tests.simulation.test_community import _deeds, digest\n"
        "from linli.packs.load import BASE, load\n"
        "print(digest(_deeds(load([BASE]))))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tree.ROOT,
        env=os.environ | {"PYTHONHASHSEED": "4711"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == digest(deeds)


def test_a_year_cut_short_is_the_beginning_of_the_whole(
    registry: Registry, deeds: list[Deed]
) -> None:
    until = date(2025, 9, 30)
    whole = {(d.kind.id, d.number): d for d in deeds if d.grain == "event"}
    cut = [d for d in _deeds(registry, replace(ASKED, until=until)) if d.grain == "event"]
    assert cut
    for deed in cut:
        same = whole[deed.kind.id, deed.number]
        assert (deed.occurred, deed.fields) == (same.occurred, same.fields)
        ahead = (deed.occurred.end or until) > until
        assert not ahead or deed.state == "planned"
    assert any(deed.first > until for deed in cut)


def test_parts_fit_their_whole_and_words_the_truth(deeds: list[Deed]) -> None:
    parts = 0
    for deed in deeds:
        for one in deed.amounts:
            assert one.written.holds(one.truth), (deed.title, one)
            whole = deed.amount(one.measure.whole) if one.measure.whole else None
            if whole is not None:
                parts += 1
                assert one.truth <= whole.truth
    assert parts > 200


def test_weekends_are_quiet_and_festivals_are_not(deeds: list[Deed]) -> None:
    events = [deed.first for deed in deeds if deed.grain == "event"]
    worked = Counter(is_workday(day).worked for day in events)
    assert worked[True] > 6 * worked[False] > 0
    kept = [deed for deed in deeds if deed.kind.id == "base.festival" and deed.counts]
    assert len({deed.fields["festival"] for deed in kept}) > 9
    for deed in kept:
        day = festival(deed.fields["festival"], ASKED.year)
        assert day is not None
        assert deed.first - timedelta(days=31) < day < deed.last + timedelta(days=4)


def test_residents_follow_moves_births_and_deaths(deeds: list[Deed]) -> None:
    states = sorted(
        (deed.first, amount.truth)
        for deed in deeds
        if (amount := deed.amount("base.profile.residents")) is not None
    )
    assert len(states) > 8
    moved = [
        (deed.last, sign * amount.truth)
        for deed in deeds
        if deed.counts and deed.grain == deed.kind.grain
        for measure, sign in _MOVES
        if deed.kind.id == measure[0] and (amount := deed.amount(measure[1])) is not None
    ]
    for (day, before), (later, after) in pairwise(states):
        assert after - before == sum(n for when, n in moved if day < when <= later)
    assert len({count for _, count in states}) > 5


_MOVES = (
    (("base.migration", "base.migration.moved_in"), 1),
    (("base.migration", "base.migration.moved_out"), -1),
    (("base.migration", "base.people"), -1),
    (("base.family_planning_count", "base.family_planning_count.births"), 1),
)


def test_every_record_says_what_it_is(deeds: list[Deed]) -> None:
    for record in _records(deeds):
        assert record.title.startswith(SIMULATED)
    assert Writer("moni", ASKED).source("当时登记").name.startswith(SIMULATED)


def test_ids_are_all_different_and_of_their_day(deeds: list[Deed]) -> None:
    ids = [record.id for record in _records(deeds)]
    assert len(set(ids)) == len(ids)
    assert {one.version for one in ids} == {7}
    elsewhere = Writer("elsewhere", ASKED).record(deeds[0]).id
    assert elsewhere != ids[0]
