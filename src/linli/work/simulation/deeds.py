"""What happened in the simulated year, and how it was written down. Plain Python."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from linli.kernel.days import Occurred, Precision
from linli.kernel.quantities import Quantity
from linli.packs.schema import Kind, Measure


class Fate(StrEnum):
    """What becomes of a record after it was first written."""

    KEPT = "kept"
    CORRECTED = "corrected"  # first written wrongly
    WITHDRAWN = "withdrawn"  # entered twice, taken back
    LATE = "late"  # written after the close of its quarter
    WANTED = "wanted"  # a body's count without a named body: 来源待补
    NAMED = "named"  # the same, and the body was named later


@dataclass(slots=True)
class Amount:
    """A number of a deed: as it truly was, and as it was written (200余人 of 214)."""

    measure: Measure
    truth: Decimal
    written: Quantity


@dataclass(slots=True)
class Deed:
    """One thing that happened, stood or was planned; `number` tells it from its like."""

    kind: Kind
    number: int
    grain: str
    occurred: Occurred
    state: str
    title: str
    captured: datetime
    fields: dict[str, str] = field(default_factory=dict)
    amounts: list[Amount] = field(default_factory=list)
    fate: Fate = Fate.KEPT

    @property
    def first(self) -> date:
        """The first day from which it counts; a state is of its last day."""
        day = self.occurred.end if self.grain == "observation" else self.occurred.start
        return day or date.min

    @property
    def last(self) -> date:
        """The last day that a period must hold; an event of known days belongs to its first."""
        known = self.occurred.precision in _KNOWN_DAYS
        if self.grain == "event" and known:
            return self.first
        return self.occurred.end or self.first

    @property
    def counts(self) -> bool:
        """Whether a figure may count it: done or under way, not taken back, its source named."""
        return self.state in ("done", "ongoing") and self.fate not in (Fate.WITHDRAWN, Fate.WANTED)

    def amount(self, measure: str) -> Amount | None:
        """What it states of a measure."""
        return next((one for one in self.amounts if one.measure.id == measure), None)


_KNOWN_DAYS = (Precision.DAY, Precision.HALF_DAY, Precision.SPAN)
