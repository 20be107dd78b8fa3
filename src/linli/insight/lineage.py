"""The other direction: from a record to every figure and report in which it appears."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from uuid import UUID

from linli.core.records.rules import RecordView
from linli.insight.figures import Appearance
from linli.insight.reading import Reading
from linli.insight.slots import terms
from linli.kernel.periods import Period
from linli.packs.schema import Indicator

Teller = Callable[[UUID], Iterable[Appearance]]
"""Says in which written documents a record appears; an upper floor registers its own."""

_tellers: list[Teller] = []


def register_appearances(teller: Teller) -> None:
    """Have ``appearances`` ask ``teller`` too. Registering twice asks once."""
    if teller not in _tellers:
        _tellers.append(teller)


def told(record: UUID) -> list[Appearance]:
    """What the registered tellers know of a record."""
    return [found for teller in _tellers for found in teller(record)]


def counted(view: Reading, record: RecordView, area: int) -> list[Appearance]:
    """Figures of the periods around a record that count this version of it.

    The periods are the month, quarter, half-year and year of its day; for a total the year or the
    span that it is of.
    """
    found: list[Appearance] = []
    for period in periods_of(record):
        chosen = [i for i in _indicators(view, period) if record.kind in kinds_of(i)]
        if not chosen:
            continue
        values = view.evaluate(chosen, (area,), period, keys=True)
        found += [
            Appearance(str(record.id), value.indicator.id, value.indicator.title, period.text)
            for value in values
            if value.keys and record.key in value.keys
        ]
    return found


def periods_of(record: RecordView) -> list[Period]:
    """Natural periods that hold a record, the shortest first."""
    first = record.occurred.start or record.occurred.end
    last = record.occurred.end or first
    if first is None or last is None:
        return []
    month, half = last.month, 1 if last.month <= 6 else 2
    natural = [
        Period.of_month(last.year, month),
        Period.of_quarter(last.year, (month + 2) // 3),
        Period.of_half(last.year, half),
        Period.of_year(last.year),
    ]
    within = [
        period
        for period in natural
        if record.grain == "observation" or period.contains(first, last)
    ]
    return within or [Period(first, last)]


def kinds_of(indicator: Indicator) -> frozenset[str]:
    """All kinds that an indicator reads."""
    return frozenset(kind for _, _, term in terms(indicator) for kind in term.kinds)


def _indicators(view: Reading, period: Period) -> list[Indicator]:
    return [view.registry.indicator(name, on=period.end) for name in view.registry.indicators]
