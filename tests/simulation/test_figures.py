"""Every figure of a simulated year is what the simulation counted itself while it made the year."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from linli.core.access.rules import Actor
from linli.packs.load import BASE, load
from linli.work.simulation.actions import simulate
from linli.work.simulation.rules import Simulated, Total
from linli.work.simulation.totals import periods_of
from tests.house import tree
from tests.simulation.conftest import ASKED

if TYPE_CHECKING:
    from linli.insight.figures import Figure

PAGE = tree.ROOT / "docs" / "simulation.md"
LEFT_OUT: dict[str, str] = {}
"""Indicators whose value the simulation does not know, with the reason; docs/simulation.md shows it."""


_ASKED_FOR = [
    period
    for period in periods_of(ASKED.year)
    if period.kind != "month" or period.start.month in (1, 4, 8, 12)
]
"""The year, halves, quarters and four of the months: each costs a second of processor time."""


def _simulated(actor: Actor) -> Simulated:
    asked = {"households": ASKED.households, "year": ASKED.year, "seed": ASKED.seed}
    return simulate(actor=actor, area="moni", **asked)


def _difference(figure: Figure, total: Total | None) -> str:
    """What is not as it was counted; nothing if all is."""
    if total is None:
        return "" if figure.value is None else f"{figure.value}, though nothing was counted"
    if figure.value != total.value:
        return f"{figure.value} instead of {total.value}"
    if total.truth is None:
        return ""
    bounds = (figure.lo, figure.hi)
    if bounds != (_end(total.lo), _end(total.hi)):
        return f"bounds {bounds} instead of {(total.lo, total.hi)}"
    return "" if total.lo <= total.truth <= total.hi else f"{total.truth} lies outside {bounds}"


def _end(bound: Decimal) -> Decimal | None:
    return bound if bound.is_finite() else None


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_every_figure_of_every_period(actor: Actor, tmp_path: Path) -> None:
    from linli.core.records.queries import records
    from linli.insight.queries import figures, reconcile

    done = _simulated(actor)
    compared: set[str] = set()
    differences: list[str] = []
    late: dict[str, int] = {}  # of the year, which comes first
    for period in _ASKED_FOR:
        for figure in figures(actor, "moni", period):
            total = done.totals[figure.indicator].get(period.text)
            if figure.indicator in LEFT_OUT:
                continue
            late.setdefault(figure.indicator, figure.late)
            if difference := _difference(figure, total):
                differences.append(f"{figure.indicator} {period.text}: {difference}")
            if total is not None:
                compared.add(figure.indicator)
    assert not differences, "\n".join(differences)
    declared = {one for one in load([BASE]).indicators if one not in LEFT_OUT}
    assert compared == declared, "no value in any period: the seed says nothing of them"
    written_late = sum(one.late for one in records(actor, "moni", kind="base.patrol"))
    assert late["base.patrols"] == written_late > 0
    found = reconcile(actor, "moni", str(ASKED.year))
    assert not [one.sentence for one in found if one.severity == "error"]
    assert _reported(actor, tmp_path) > len(compared)


def _reported(actor: Actor, out: Path) -> int:
    """How many numbers the year's report holds; each must lead back, those in names too."""
    from linli.core.access.keys import make_keys
    from linli.reports.actions import write
    from linli.reports.verify import verify

    make_keys()
    year = str(ASKED.year)
    written = write(
        actor=actor, type="annual", area="moni", period=year, out=out, formats=("docx",)
    )
    numbers = verify(actor, written.files[0]).figures
    assert not [(one.text, one.around) for one in numbers if one.state != "same"]
    return len(numbers)


def test_the_page_names_what_is_left_out() -> None:
    rows = re.findall(r"^\| `(base\.\w+)` \| (.+) \|$", PAGE.read_text("utf-8"), re.MULTILINE)
    assert dict(rows) == LEFT_OUT
