"""What insight gives: figures that know where they come from, and findings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from linli.kernel.quantities import Qualifier, Quantity

Basis = Literal["computed", "declared"]


@dataclass(frozen=True, slots=True)
class Figure:
    """One value of an indicator, never a bare number.

    ``value`` None: there is none (no records, or nothing to divide by). ``lo`` and ``hi`` bound the
    truth, None is unbounded. ``known_at``: the records as known at that instant. ``records``: how
    many are behind it, ``late`` of them entered late. ``fingerprint`` proves which they are; two
    fingerprints of the same records are equal up to the ``@`` (see ``same_records``).
    """

    indicator: str
    version: int
    title: str
    area: str
    period: str
    known_at: datetime
    value: Decimal | None
    unit: str
    qualifier: Qualifier
    value_max: Decimal | None
    lo: Decimal | None
    hi: Decimal | None
    basis: Basis
    numerator: Decimal | None
    denominator: Decimal | None
    records: int
    fingerprint: str
    definition: str
    late: int = 0

    @property
    def quantity(self) -> Quantity | None:
        """The value with its unit, qualifier and bounds, for wording and comparison."""
        if self.value is None:
            return None
        if self.qualifier is Qualifier.RANGE:
            return Quantity(self.value, self.unit, self.qualifier, self.value_max)
        return Quantity(self.value, self.unit, self.qualifier, None, (self.lo, self.hi))

    def as_json(self) -> dict[str, Any]:
        """The documented line of ``linli figures --json``."""
        line: dict[str, Any] = {
            "indicator": self.indicator,
            "version": self.version,
            "title": self.title,
            "area": self.area,
            "period": self.period,
            "known_at": self.known_at.isoformat(),
            "value": self.value,
            "unit": self.unit,
            "qualifier": self.qualifier.value,
            "basis": self.basis,
            "numerator": self.numerator,
            "denominator": self.denominator,
            "records": self.records,
            "late": self.late,
            "fingerprint": self.fingerprint,
        }
        if self.value_max is not None:
            line["value_max"] = self.value_max
        return line


def same_records(one: str, other: str) -> bool:
    """Whether two fingerprints prove the same records under the same definition."""
    return one.split("@", maxsplit=1)[0] == other.split("@", maxsplit=1)[0]


@dataclass(frozen=True, slots=True)
class Finding:
    """What a reconciliation found: a sentence for a person, and where to look."""

    rule: str
    severity: str
    sentence: str
    figures: tuple[str, ...] = ()
    records: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The documented line of ``linli reconcile --json``."""
        return {
            "rule": self.rule,
            "severity": self.severity,
            "sentence": self.sentence,
            "figures": list(self.figures),
            "records": list(self.records),
        }


@dataclass(frozen=True, slots=True)
class Appearance:
    """A place where a record is counted (``indicator``) or told of (``report``)."""

    record: str
    indicator: str
    title: str
    period: str
    report: str | None = None
    report_title: str | None = None
