"""What a close covers. Plain Python."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from linli.kernel.days import Occurred
from linli.kernel.errors import sentences

sentences(
    {
        "periods.closed_already": ("“{period}”已经关账。", "不必再关；要改动请做更正。"),
        "periods.not_over": ("“{period}”到 {end} 才结束，还不能关账。", "请在结束以后关账。"),
    }
)


@dataclass(frozen=True, slots=True)
class Closed:
    """A closed span of days, both ends inclusive."""

    id: UUID
    period: str
    start: date
    end: date
    at: datetime

    def covers(self, occurred: Occurred) -> bool:
        """Whether what occurred lies in the span, wholly or in part."""
        first, last = occurred.start or occurred.end, occurred.end or occurred.start
        return first is not None and last is not None and self.start <= last and first <= self.end
