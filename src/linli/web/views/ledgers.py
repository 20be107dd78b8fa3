"""Ledgers: which there are, one of a period on the screen and on paper, and as a workbook."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from django.http import HttpResponse

from linli.core.access.rules import Permission
from linli.insight import queries
from linli.insight.ledgers import LedgerColumn, LedgerTable
from linli.packs.load import registry
from linli.packs.schema import Ledger
from linli.web.activity import activity_of, spans_of
from linli.web.door import door
from linli.web.downloads import workbook
from linli.web.paging import page_of
from linli.web.period_choice import Chooser, choose
from linli.web.visit import Visit
from linli.web.wording import SECTIONS, section_title

_SHORT, _ROOMY = 10, 18
_ON_A_PAGE = 500  # a year of one ledger prints whole


@door(permission=Permission.READ)
def ledgers(visit: Visit) -> HttpResponse:
    """All ledgers by section, those with records first to be seen."""
    counts: Counter[str] = Counter()
    for one in activity_of(visit):
        counts[one.kind] += one.records
    groups: dict[str, list[tuple[Ledger, int]]] = {section: [] for section in SECTIONS}
    empty: list[Ledger] = []
    for ledger in registry().ledgers.values():
        number = sum(counts[kind] for kind in ledger.kinds)
        if number:
            groups.setdefault(_section(ledger), []).append((ledger, number))
        else:
            empty.append(ledger)
    context = {
        "groups": [(section_title(name), found) for name, found in groups.items() if found],
        "empty": empty,
    }
    return visit.page("web/ledgers.html", context)


def _section(ledger: Ledger) -> str:
    kind = registry().kinds.get(ledger.kinds[0]) if ledger.kinds else None
    return kind.section if kind else "other"


@door(permission=Permission.READ)
def ledger(visit: Visit, ledger_id: str) -> HttpResponse:
    """The ledger of a period, as it prints."""
    declared, chooser, table = _ledger(visit, ledger_id)
    linked = _linked(declared)
    rows = [
        {"cells": _cells(row, table.columns, linked), "record": record}
        for row, record in zip(table.rows, table.records, strict=True)
    ]
    page = page_of(visit, len(rows), _ON_A_PAGE)
    context = {
        "declared": declared,
        "table": table,
        "rows": rows[page.offset : page.offset + page.size],
        "page": page,
        "totals": list(zip(table.totals, table.columns, strict=False)),
        "chooser": chooser,
    }
    return visit.page("web/ledger.html", context)


@door(permission=Permission.READ)
def export(visit: Visit, ledger_id: str) -> HttpResponse:
    """The ledger as a print-ready workbook."""
    table = _ledger(visit, ledger_id)[2]
    with TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.xlsx"
        table.write(path)
        return workbook(table.heading, path.read_bytes())


def _ledger(visit: Visit, ledger_id: str) -> tuple[Ledger, Chooser, LedgerTable]:
    declared = registry().ledger(ledger_id)
    spans = spans_of(one for one in activity_of(visit) if one.kind in declared.kinds)
    chooser = choose(visit, spans)
    return declared, chooser, queries.ledger(visit.actor, declared.id, visit.area, chooser.period)


def _linked(declared: Ledger) -> int:
    """The column whose text opens the record: the title, else the first that is no number."""
    whats = [column.what for column in declared.columns]
    if "title" in whats:
        return whats.index("title")
    return next((at for at, what in enumerate(whats) if what not in ("number", "date")), 0)


@dataclass(frozen=True, slots=True)
class LedgerCell:
    """A cell on the screen: its text, the title of its column, how it is set, whether it links."""

    text: str
    title: str
    shape: str
    linked: bool


def _cells(
    row: tuple[str, ...], columns: tuple[LedgerColumn, ...], linked: int
) -> list[LedgerCell]:
    return [
        LedgerCell(text, column.title, _shape(text, column), at == linked)
        for at, (text, column) in enumerate(zip(row, columns, strict=True))
    ]


def _shape(text: str, column: LedgerColumn) -> str:
    """n: a number, to the right; d: short, in one line; wide: a text that needs room."""
    if column.number:
        return "n"
    return "d" if len(text) <= _SHORT else "wide" if column.width >= _ROOMY else ""
