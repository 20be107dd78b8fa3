"""What insight may read of flows: typed rows of the steps gone through; no names, no titles."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from linli.core.flows.deadlines import worked
from linli.core.flows.models import Case
from linli.core.flows.queries import PAGE, moved
from linli.core.flows.rules import Stay, standing


class StayFact(NamedTuple):
    """A step of a matter. Minutes are those in which the clock ran: all, and those of the office;
    None while the step lasts. `in_time` None: it has no limit, or that is not yet decided."""

    area: int
    pseudonym: int
    flow: str
    step: str
    round: int
    entered: datetime
    left: datetime | None
    minutes: int | None
    work_minutes: int | None
    in_time: bool | None


def stays(area: int, at: datetime) -> Iterator[StayFact]:
    """The steps that the matters of an area have gone through, as they stand at an instant."""
    rows = list(Case.objects.filter(area=area).order_by("id").values_list("id", "flow", "record"))
    for begin in range(0, len(rows), PAGE):
        page = rows[begin : begin + PAGE]
        made = moved(case_id for case_id, _, _ in page)
        for case_id, flow, record in page:
            for stay in standing(made[case_id], at).stays:
                yield _fact(area, record.int & (2**63 - 1), flow, stay)


def _fact(area: int, pseudonym: int, flow: str, stay: Stay) -> StayFact:
    minutes, work = _spent(stay) if stay.left else (None, None)
    return StayFact(
        area, pseudonym, flow, stay.step, stay.round, stay.entered, stay.left, minutes, work,
        stay.in_time,
    )  # fmt: skip


def _spent(stay: Stay) -> tuple[int, int]:
    """Minutes while the clock ran."""
    whole = office = timedelta(0)
    begun = stay.entered
    for stopped, resumed in [*((p.start, p.end) for p in stay.pauses), (stay.left, None)]:
        whole += (stopped or begun) - begun
        office += worked(begun, stopped or begun)
        begun = resumed or begun
    return whole // timedelta(minutes=1), office // timedelta(minutes=1)
