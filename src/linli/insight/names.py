"""Values get their names: figures for people, pages and reports."""

from __future__ import annotations

from datetime import datetime

from linli.insight.evaluate import Value
from linli.insight.figures import Figure
from linli.insight.fingerprint import predicate_hash
from linli.kernel.periods import Period
from linli.kernel.quantities import Qualifier


def figure_of(
    value: Value, area: str, period: Period, known_at: datetime, generation: int
) -> Figure:
    """The figure of a value."""
    indicator, quantity = value.indicator, value.quantity
    asked = predicate_hash(indicator, area, period.start.isoformat(), period.end.isoformat())
    return Figure(
        indicator=indicator.id,
        version=indicator.version,
        title=indicator.title,
        area=area,
        period=period.text,
        known_at=known_at,
        value=quantity.value if quantity else None,
        unit=indicator.unit,
        qualifier=quantity.qualifier if quantity else Qualifier.EXACT,
        value_max=quantity.value_max if quantity else None,
        lo=quantity.lo if quantity else None,
        hi=quantity.hi if quantity else None,
        basis=value.basis,
        numerator=value.numerator,
        denominator=value.denominator,
        records=value.proof.n,
        fingerprint=value.proof.text(asked, generation),
        definition=indicator.definition,
        late=value.late,
    )
