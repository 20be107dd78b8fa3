"""What is due and how it stands: derived from windows, records and decisions, never stored. Pure.

A deed (a record, as far as it fulfils) goes to the earliest window that is open on its days; only
where none is, to the earliest that is still in its grace, as late. Deeds take their turn by their
last day. So a record fulfils as many windows as it states, and never one twice.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from hashlib import blake2b
from typing import NamedTuple
from uuid import UUID

from linli.kernel.errors import sentences
from linli.kernel.windows import Window
from linli.packs.schema_obligation import Escalation

sentences(
    {
        "obligations.unreadable": (
            "读不懂频次“{interval}”。",
            "请写成 每周一次、每月首个工作日、中秋节前7天、5个工作日内 这样的词，不开展的写“不办”。",
        ),
        "obligations.unstated": (
            "“{interval}”没有说明间隔。",
            "请写明间隔，例如 每月一次；有期限的写 5个工作日内。",
        ),
        "obligations.form": (
            "“{title}”{wants}，“{interval}”不合用。",
            "请改写频次，例如 {example}。",
        ),
        "obligations.past": (
            "“{title}”在 {since} 已经有频次“{interval}”，过去的频次不能改。",
            "请从今天（{today}）或以后的日子起改。",
        ),
        "obligations.reason": ("没有写明理由。", "请写明理由。"),
        "obligations.code": (
            "“{code}”不是应办的编号。",
            "编号在 linli due 每行的末尾，例如 base.due.patrol@2025-03-01。",
        ),
        "obligations.none": (
            "{area}没有编号为“{code}”的应办。",
            "请用 linli due 核对编号和辖区。",
        ),
        "obligations.level": (
            "“{title}”是{level}的应办，{area}不是{level}。",
            "请选一个{level}。",
        ),
        "obligations.dates": (
            "暂停的起止日期不成立：{since} 至 {until}。",
            "恢复的日子要晚于暂停的日子。",
        ),
        "obligations.paused_already": (
            "“{title}”从 {since} 起已经暂停。",
            "请先恢复，或写明恢复的日子。",
        ),
        "obligations.decision": ("没有编号为 {id} 的{what}。", "请用 linli duty decisions 核对。"),
        "obligations.decided": ("这项{what}已经在 {day} 结束。", "不必再办。"),
        "obligations.waived_already": ("“{code}”已经免办。", "不必再办。"),
        "obligations.done_already": ("“{code}”已经办了。", "不必免办。"),
    }
)

_DAY = timedelta(days=1)
STALE = 7
"""How many days a step of reminding may be overdue and is still sent."""


class State(StrEnum):
    """How an obligation stands on a day."""

    UPCOMING = "upcoming"  # its window has not opened
    DUE = "due"  # open, or in its grace
    DONE = "done"
    DONE_LATE = "done_late"
    MISSED = "missed"
    PAUSED = "paused"  # the clock is stopped, or was for the whole window
    WAIVED = "waived"


STATE_NAMES = {
    State.UPCOMING: "未到",
    State.DUE: "应办",
    State.DONE: "已办",
    State.DONE_LATE: "迟办",
    State.MISSED: "未办",
    State.PAUSED: "暂停",
    State.WAIVED: "免办",
}


class Deed(NamedTuple):
    """A record as far as it fulfils: its days, and how many windows it may fulfil."""

    last: date
    first: date
    record: UUID
    times: int = 1


@dataclass(frozen=True, slots=True)
class Stop:
    """A stopped clock: from `since` to the day before `until` (None: still stopped).

    `name` is the window that it stops; None stops every window of the line.
    """

    since: date
    until: date | None = None
    name: str | None = None


class Standing(NamedTuple):
    """How a window stands. `due` is its due day with what stopped clocks gave back."""

    window: Window
    state: State
    due: date
    deed: Deed | None = None
    day: date | None = None


class Course:
    """The windows of one line of obligations, held against a day.

    `grace`: days after the due day in which a deed still counts, as late. `lasting`: it counts
    however late (a case has to be answered in the end; a missed week does not come back).
    `counts`: which days a stopped clock gives back (working days, where the window counts those).
    Built once for all areas that share the windows.
    """

    def __init__(
        self,
        found: Sequence[Window],
        on: date,
        *,
        grace: int = 0,
        lasting: bool = False,
        counts: Callable[[date], bool] = lambda _day: True,
    ) -> None:
        self.windows = tuple(sorted(found))
        self.on, self.grace, self.lasting, self._counts = on, grace, lasting, counts
        self.plain = [self._unfulfilled(one, one.due) for one in self.windows]
        self._row = _Row([(one.due, one.opens) for one in self.windows])

    def standings(
        self,
        deeds: Iterable[Deed] = (),
        stops: Sequence[Stop] = (),
        waived: AbstractSet[str] = frozenset(),
    ) -> list[Standing]:
        """How each window stands, by its due day."""
        if stops or waived:
            return self._decided(deeds, stops, waived)
        found = list(self.plain)
        for index, deed in self._match(self._row, deeds):
            window = self.windows[index]
            found[index] = _fulfilled(window, window.due, deed)
        return found

    def _decided(
        self, deeds: Iterable[Deed], stops: Sequence[Stop], waived: AbstractSet[str]
    ) -> list[Standing]:
        found: dict[str, Standing] = {}
        open_ones: list[tuple[date, Window]] = []
        for window in self.windows:
            mine = [stop for stop in stops if stop.name in (None, window.name)]
            due = self._given_back(window, mine)
            if window.name in waived:
                found[window.name] = Standing(window, State.WAIVED, window.due)
            elif due is None:
                found[window.name] = Standing(window, State.PAUSED, window.due)
            else:
                stopped = window.opens <= self.on <= due and _is_stopped(self.on, mine)
                found[window.name] = (
                    Standing(window, State.PAUSED, due)
                    if stopped
                    else self._unfulfilled(window, due)
                )
                open_ones.append((due, window))
        open_ones.sort()
        row = _Row([(due, window.opens) for due, window in open_ones])
        for index, deed in self._match(row, deeds):
            due, window = open_ones[index]
            found[window.name] = _fulfilled(window, due, deed)
        return [found[window.name] for window in self.windows]

    def _given_back(self, window: Window, stops: Sequence[Stop]) -> date | None:
        """The due day with the stopped days given back; None: stopped for the whole window."""
        if not stops:
            return window.due
        opens = window.opens + _DAY if self.lasting else window.opens
        length = (window.due - opens).days + 1
        days = [day for n in range(length) if self._counts(day := opens + _DAY * n)]
        left = sum(self._stopped(day, stops) for day in days)
        if left and left == len(days) and not self.lasting:
            return None
        due = window.due
        while left:
            due += _DAY
            left -= self._counts(due) and not self._stopped(due, stops)
        return due

    def _stopped(self, day: date, stops: Sequence[Stop]) -> bool:
        """Whether a day is stopped; a clock that still stands has stopped the days up to `on`."""
        return any(one.since <= day < (one.until or self.on + _DAY) for one in stops)

    def _unfulfilled(self, window: Window, due: date) -> Standing:
        if self.on < window.opens:
            return Standing(window, State.UPCOMING, due)
        over = self.on > due and (self.on - due).days > self.grace
        return Standing(window, State.MISSED if over else State.DUE, due)

    def _match(self, row: _Row, deeds: Iterable[Deed]) -> Iterator[tuple[int, Deed]]:
        taken = row.fresh()
        for deed in sorted(deeds):
            if deed.last > self.on:
                break
            for _ in range(deed.times):
                index = row.open_one(taken, deed)
                if index is None:
                    index = row.late_one(taken, deed, None if self.lasting else self.grace)
                if index is None:
                    break
                taken[index] = index + 1
                yield index, deed


class _Row:
    """Windows by their due days, in which the earliest free one is found without a search.

    `taken[i]` leads past taken windows to the next free one (as in union-find); `soonest[i]` is the
    first opening day from there on, which ends a search where all later windows open too late.
    """

    def __init__(self, spans: Sequence[tuple[date, date]]) -> None:
        self.dues = [due for due, _ in spans]
        self.opens = [opens for _, opens in spans]
        self.soonest = list(self.opens)
        for index in range(len(spans) - 2, -1, -1):
            self.soonest[index] = min(self.opens[index], self.soonest[index + 1])

    def fresh(self) -> list[int]:
        return list(range(len(self.dues) + 1))

    def open_one(self, taken: list[int], deed: Deed) -> int | None:
        index = _free(taken, bisect_left(self.dues, deed.first))
        while index < len(self.dues) and self.soonest[index] <= deed.last:
            if self.opens[index] <= deed.last:
                return index
            index = _free(taken, index + 1)
        return None

    def late_one(self, taken: list[int], deed: Deed, grace: int | None) -> int | None:
        low = 0 if grace is None else bisect_left(self.dues, deed.first - _DAY * grace)
        index = _free(taken, low)
        return index if index < len(self.dues) and self.dues[index] < deed.first else None


def _free(taken: list[int], index: int) -> int:
    while taken[index] != index:
        taken[index] = taken[taken[index]]
        index = taken[index]
    return index


def _fulfilled(window: Window, due: date, deed: Deed) -> Standing:
    late = deed.first > due
    day = deed.last if late else max(window.opens, min(deed.last, due))
    return Standing(window, State.DONE_LATE if late else State.DONE, due, deed, day)


def _is_stopped(day: date, stops: Iterable[Stop]) -> bool:
    return any(one.since <= day and (one.until is None or day < one.until) for one in stops)


def left_over(lines: list[list[Standing]], deeds: Sequence[Deed], course: Course) -> None:
    """Give deeds that name no subject to the windows that are still open, whosever they are.

    The earliest due goes first, then the subjects in their order. Changes `lines` in place.
    """
    open_ones = [
        (one.due, place, number)
        for place, line in enumerate(lines)
        for number, one in enumerate(line)
        if one.state in (State.DUE, State.MISSED, State.UPCOMING)
    ]
    open_ones.sort()
    waiting = [
        Window(due, lines[place][number].window.opens, f"{at:09}")
        for at, (due, place, number) in enumerate(open_ones)
    ]
    rest = Course(waiting, course.on, grace=course.grace, lasting=course.lasting)
    for one in rest.standings(deeds):
        if one.deed is not None:
            due, place, number = open_ones[int(one.window.name)]
            window = lines[place][number].window
            lines[place][number] = _fulfilled(window, due, one.deed)


# -- reminding --------------------------------------------------------------------------------------


def steps_due(
    standing: Standing, steps: Iterable[Escalation], sent: AbstractSet[str], on: date
) -> list[Escalation]:
    """The steps of reminding that are due now and have not been sent.

    A step whose day is more than `STALE` days past is no longer sent: an office that begins to
    remind today is not flooded with what it missed before.
    """
    if standing.state not in (State.DUE, State.MISSED):
        return []
    days = {
        step: max(standing.window.opens, standing.due + _DAY * step.days)
        for step in steps
        if step.title not in sent
    }
    return [step for step, day in days.items() if 0 <= (on - day).days <= STALE]


def reminder_seal(area: int, *said: str | date) -> bytes:
    """16-byte digest of a reminder as stored; what the audit's Merkle root is built over."""
    text = "\x1f".join([str(area), *(str(one) for one in said)])
    return blake2b(text.encode(), digest_size=16).digest()
