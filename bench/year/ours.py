"""Linli's figures and report of the year: first asked, asked again, written."""

from __future__ import annotations

import shutil
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

from bench.child import digest
from bench.intake.ours import AREA, start
from bench.intake.workbook import YEAR
from bench.year.plain import FIGURES

if TYPE_CHECKING:
    from linli.insight.figures import Figure


def figures(home: str) -> dict[str, Any]:
    """All figures of the base pack: with the snapshot still to be made, then once more."""
    actor = start(Path(home))
    shutil.rmtree(Path(home) / "snapshot", ignore_errors=True)
    from linli.insight.queries import figures as ask

    seconds: dict[str, float] = {}
    found: list[Figure] = []
    for name in ("first", "again"):
        began = perf_counter()
        found = ask(actor, AREA, str(YEAR))
        seconds[name] = perf_counter() - began
    values = {one.indicator: one for one in found}
    rows = [
        (name, one.value, one.lo, one.hi, one.records)
        for name, one in ((name, values[name]) for name in FIGURES)
    ]
    said = {"figures": sum(one.value is not None for one in found), "asked": len(found)}
    return {"seconds": seconds, "answers": {"figures": digest(rows)}, "said": said}


def report(home: str, out: str) -> dict[str, Any]:
    """The annual report as .docx, its figures and bindings included."""
    actor = start(Path(home))
    from linli.insight.queries import figures as ask
    from linli.reports.actions import write

    ask(actor, AREA, str(YEAR))  # the snapshot is there, as after any page
    began = perf_counter()
    written = write(
        actor=actor, type="annual", area=AREA, period=str(YEAR), out=Path(out), formats=("docx",)
    )
    seconds = {"report": perf_counter() - began}
    return {"seconds": seconds, "answers": {}, "said": {"numbers": len(written.figures)}}
