"""Executable examples of the base pack: records in, then ledger row, figures and sentence out.

They are data (``base/examples/*.toml``). Each names the rows of the list of works that it shows;
``docs/coverage.md`` is written from them, and a test runs every one through the real floors.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field as Slot

from linli.kernel.periods import Period
from linli.packs.example_moves import ExampleMove, ExampleStanding
from linli.packs.load import BASE
from linli.packs.read import Document, read_text
from linli.packs.schema import Every, Grain, Model
from linli.packs.schema_report import ReportType

EXAMPLES = BASE / "examples"


class Repeat(Model):
    """The record stands once in each day, week, … of the example's period, but not in ``skip``."""

    every: Every
    skip: tuple[Annotated[int, Slot(ge=1)], ...] = ()


class ExampleRecord(Model):
    """What a worker enters. ``amounts``: measure (short, or a shared one's id) to written amount.

    ``date`` is read as written (3月5日, 元宵节, 三年来); ``body`` is the competent body that gave it.
    """

    kind: str
    title: str
    date: str = ""
    grain: Grain | None = None
    state: Literal["done", "planned", "ongoing", "source_wanted"] = "done"
    fields: dict[str, str] = {}
    amounts: dict[str, str] = {}
    body: str = ""
    repeat: Repeat | None = None


class ExampleLedger(Model):
    """One row of the ledger holds all these texts; ``rows`` is how many rows it has, if said."""

    id: str
    row: tuple[str, ...]
    rows: int | None = None


class ExampleFigure(Model):
    """The figure as a report writes it, and how many records are behind it, if said."""

    id: str
    says: str
    records: int | None = None


class ExampleInterval(Model):
    """An interval that the office names where the pack's words state none (定期, 及时)."""

    rule: str
    interval: str
    since: date


class ExampleDue(Model):
    """How the obligations of a rule that are due in the example's period stand ``on`` a day.

    ``says``: state to number, all of them; ``missed``: the due days of those not done.
    """

    rule: str
    on: date | None = None
    says: dict[str, Annotated[int, Slot(ge=1)]]
    missed: tuple[date, ...] = ()


class Example(Model):
    """One walk. ``sentences`` stand in the report of that type; ``absent`` nowhere in it."""

    id: str
    title: str
    rows: tuple[Annotated[str, Slot(pattern=r"^S[1-9][0-9]*$")], ...]
    period: str = "2025"
    as_of: date | None = None
    report: ReportType = "annual"
    intervals: tuple[ExampleInterval, ...] = ()
    records: tuple[ExampleRecord, ...]
    due: tuple[ExampleDue, ...] = ()
    moves: tuple[ExampleMove, ...] = ()
    standings: tuple[ExampleStanding, ...] = ()
    ledgers: tuple[ExampleLedger, ...] = ()
    figures: tuple[ExampleFigure, ...]
    sentences: tuple[str, ...]
    absent: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()


class ExampleFile(Model):
    """One file of examples."""

    examples: tuple[Example, ...]


@lru_cache(maxsize=1)
def examples(folder: Path = EXAMPLES) -> tuple[Example, ...]:
    """Return all examples; a wrong file raises (they ship with the program and are tested)."""
    found: list[Example] = []
    for path in sorted(folder.glob("*.toml")):
        read = read_text(path.read_text(encoding="utf-8"), path.name)
        if not isinstance(read, Document):
            raise ValueError(read.line())
        found += ExampleFile.model_validate(read.data).examples
    return tuple(found)


def shown() -> dict[str, tuple[Example, ...]]:
    """Return the examples of each row of the list of works."""
    rows: dict[str, tuple[Example, ...]] = {}
    for example in examples():
        for row in example.rows:
            rows[row] = (*rows.get(row, ()), example)
    return rows


def days(repeat: Repeat, period: Period) -> Iterator[date]:
    """Return the day of each repetition: the first day of each day, week, month … begun."""
    starts = [day for day in _all_days(period) if _begins(day, repeat.every)]
    for number, day in enumerate(starts, start=1):
        if number not in repeat.skip:
            yield day


def _all_days(period: Period) -> Iterator[date]:
    for offset in range((period.end - period.start).days + 1):
        yield period.start + timedelta(days=offset)


def _begins(day: date, every: Every) -> bool:
    match every:
        case "day":
            return True
        case "week":
            return day.weekday() == calendar.MONDAY
        case _:
            months = {"month": 1, "quarter": 3, "half": 6, "year": 12}[every]
            return day.day == 1 and (day.month - 1) % months == 0
