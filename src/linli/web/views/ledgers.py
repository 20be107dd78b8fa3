"""Ledgers: which there are, one of a period on the screen and on paper, and as a workbook."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from django.http import HttpResponse

from linli.core.access.rules import Permission
from linli.insight import queries
from linli.packs.load import registry
from linli.packs.schema import Ledger
from linli.web.activity import activity_of, spans_of
from linli.web.door import door
from linli.web.downloads import workbook
from linli.web.period_choice import choose
from linli.web.visit import Visit
from linli.web.wording import SECTIONS, section_title


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
    declared = registry().ledger(ledger_id)
    chooser = choose(
        visit, spans_of(one for one in activity_of(visit) if one.kind in declared.kinds)
    )
    table = queries.ledger(visit.actor, declared.id, visit.area, chooser.period)
    return visit.page("web/ledger.html", {"declared": declared, "table": table, "chooser": chooser})


@door(permission=Permission.READ)
def export(visit: Visit, ledger_id: str) -> HttpResponse:
    """The ledger as a print-ready workbook."""
    declared = registry().ledger(ledger_id)
    chooser = choose(
        visit, spans_of(one for one in activity_of(visit) if one.kind in declared.kinds)
    )
    table = queries.ledger(visit.actor, declared.id, visit.area, chooser.period)
    title = f"{visit.area.name}{declared.title}（{chooser.period.words()}）"
    with TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.xlsx"
        table.write(path)
        return workbook(title, path.read_bytes())
