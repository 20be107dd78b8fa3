"""Kept figures in and out of their table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings

from linli.insight.figures import Basis, Figure
from linli.insight.models import FillState, StoredFigure
from linli.kernel.quantities import Qualifier
from linli.packs.load import registry


@dataclass(frozen=True, slots=True)
class Stored:
    """Kept figures; ``as_of`` is the 截至 to show beside them when they are not ``fresh``."""

    figures: tuple[Figure, ...]
    as_of: datetime
    filled_at: datetime
    mark: str
    fresh: bool = True


def as_row(figure: Figure) -> dict[str, Any]:
    """The columns of a figure."""
    return {
        "indicator": figure.indicator,
        "version": figure.version,
        "value": _text(figure.value),
        "value_max": _text(figure.value_max),
        "lo": _text(figure.lo),
        "hi": _text(figure.hi),
        "unit": figure.unit,
        "qualifier": figure.qualifier.value,
        "basis": figure.basis,
        "numerator": _text(figure.numerator),
        "denominator": _text(figure.denominator),
        "records": figure.records,
        "late": figure.late,
        "fingerprint": figure.fingerprint,
    }


def stored_of(state: FillState, area: str, *, mark: str | None = None) -> Stored:
    """The kept figures of a fill; fresh if nothing was recorded since (``mark`` is the same)."""
    known = registry(settings.LINLI_HOME).indicators
    rows = state.figures.order_by("place")
    figures = tuple(_figure(row, state, area, known) for row in rows if row.indicator in known)
    return Stored(
        figures, state.known_at, state.filled_at, state.mark, mark is None or mark == state.mark
    )


def _figure(row: StoredFigure, state: FillState, area: str, known: Any) -> Figure:
    declared = known[row.indicator]
    basis: Basis = "computed" if row.basis == "computed" else "declared"
    return Figure(
        indicator=row.indicator,
        version=row.version,
        title=declared.title,
        area=area,
        period=state.period,
        known_at=state.known_at,
        value=_number(row.value),
        unit=row.unit,
        qualifier=Qualifier(row.qualifier),
        value_max=_number(row.value_max),
        lo=_number(row.lo),
        hi=_number(row.hi),
        basis=basis,
        numerator=_number(row.numerator),
        denominator=_number(row.denominator),
        records=row.records,
        fingerprint=row.fingerprint,
        definition=declared.definition,
        late=row.late,
    )


def _text(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
