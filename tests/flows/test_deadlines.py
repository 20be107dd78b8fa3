"""Limits by table, and by a walk of the clock in half hours that counts on its fingers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.core.flows.deadlines import OFFICE_HOURS, Limit, Pause, due, worked
from linli.core.flows.rules import NOBODY, Assignee, Moved, Standing, next_assignee, standing
from linli.kernel.clock import BEIJING
from linli.kernel.ids import uuid7
from linli.kernel.workdays import is_workday

HALF = timedelta(minutes=30)


def at(text: str) -> datetime:
    """An instant in Beijing; a day alone is its last instant."""
    if len(text) > 10:
        return datetime.fromisoformat(text).replace(tzinfo=BEIJING)
    return datetime.combine(datetime.fromisoformat(text).date(), time.max, BEIJING)


@pytest.mark.parametrize(
    ("within", "unit", "begun", "runs_out"),
    [
        (1, "workday", "2025-03-03T10:00", "2025-03-04"),
        (1, "workday", "2025-03-07T10:00", "2025-03-10"),  # Friday to Monday
        (1, "workday", "2025-03-08T10:00", "2025-03-10"),  # found on a Saturday
        (5, "workday", "2025-04-28T10:00", "2025-05-08"),  # 劳动节, 1 to 5 May
        (1, "workday", "2025-09-27T10:00", "2025-09-28"),  # a Sunday that is worked for 国庆节
        (0, "workday", "2025-03-08T10:00", "2025-03-08"),  # today is today
        (3, "day", "2025-03-07T23:30", "2025-03-10"),
        (10, "day", "2025-09-28T10:00", "2025-10-08"),  # a calendar day counts, holiday or not
        (24, "hour", "2025-03-07T17:30", "2025-03-08T17:30"),
        (4, "workhour", "2025-03-03T08:30", "2025-03-03T14:00"),  # over lunch
        (4, "workhour", "2025-03-07T17:00", "2025-03-10T11:30"),  # over a weekend
        (8, "workhour", "2025-03-03T08:30", "2025-03-03T18:00"),  # a whole working day
        (1, "workhour", "2025-03-08T10:00", "2025-03-10T09:30"),
    ],
)
def test_when_a_limit_runs_out(within: int, unit: str, begun: str, runs_out: str) -> None:
    assert due(Limit(within, unit), at(begun)) == at(runs_out)


@pytest.mark.parametrize(
    ("within", "unit", "pauses", "runs_out"),
    [
        (2, "workday", [("2025-03-04T09:00", "2025-03-06T09:00")], "2025-03-07"),
        (2, "workday", [("2025-03-04T09:00", "2025-03-04T17:00")], "2025-03-05"),  # within a day
        (2, "workday", [("2025-03-04T09:00", None)], None),
        (2, "workday", [("2025-03-06T09:00", None)], "2025-03-05"),  # stopped when it was too late
        (2, "day", [("2025-03-04T09:00", "2025-03-05T00:00")], "2025-03-06"),
        (24, "hour", [("2025-03-03T12:00", "2025-03-03T15:00")], "2025-03-04T13:00"),
        (4, "workhour", [("2025-03-03T11:00", "2025-03-03T14:00")], "2025-03-03T17:00"),
        (0, "day", [("2025-03-03T11:00", "2025-03-05T11:00")], "2025-03-05"),
    ],
)
def test_a_stopped_clock_puts_it_off(
    within: int, unit: str, pauses: list[tuple[str, str | None]], runs_out: str | None
) -> None:
    stopped = [Pause(at(start), at(end) if end else None) for start, end in pauses]
    found = due(Limit(within, unit), at("2025-03-03T10:00"), stopped)
    assert found == (at(runs_out) if runs_out else None)


def test_the_hours_of_the_office() -> None:
    assert worked(at("2025-03-03T00:00"), at("2025-03-10T00:00")) == timedelta(hours=40)
    assert worked(at("2025-03-03T11:00"), at("2025-03-03T14:00")) == timedelta(hours=1.5)
    assert worked(at("2025-03-08T08:30"), at("2025-03-08T18:00")) == timedelta(0)


# -- by counting ------------------------------------------------------------------------------------


class Clock:
    """Walks from half hour to half hour and counts what has been used of a limit."""

    def __init__(self, limit: Limit, begun: datetime) -> None:
        self.limit, self.begun, self.now = limit, begun, begun
        self.used = 0  # half hours, or days
        self.due: datetime | None = None
        self._look()

    def run_to(self, until: datetime, *, running: bool) -> None:
        """Let time pass; `running`: the clock is not stopped."""
        while self.now < until:
            if running and self.due is None and "hour" in self.limit.unit:
                self.used += self.limit.unit == "hour" or self._office_open()
            day, self.now = self.now.date(), self.now + HALF
            if self.now.date() != day and "day" in self.limit.unit and running:
                counts = self.limit.unit == "day" or is_workday(day).worked
                self.used += counts and day != self.begun.date()
                self._look(datetime.combine(day, time.max, BEIJING))
            elif "hour" in self.limit.unit:
                self._look(self.now)

    def _office_open(self) -> bool:
        open_now = any(opens <= self.now.time() < closes for opens, closes in OFFICE_HOURS)
        return is_workday(self.now.date()).worked and open_now

    def _look(self, moment: datetime | None = None) -> None:
        needed = self.limit.within * (2 if "hour" in self.limit.unit else 1)
        if moment is not None and self.due is None and self.used >= needed:
            self.due = moment


BEGIN = datetime(2025, 9, 19, 9, tzinfo=BEIJING)  # 国庆节 and a worked Sunday lie ahead
LIMITS = st.one_of(
    st.none(),
    st.builds(Limit, st.integers(0, 6), st.sampled_from(["day", "workday"])),
    st.builds(Limit, st.integers(1, 30), st.sampled_from(["hour", "workhour"])),
)
ACTS = st.sampled_from(
    ["forward", "return", "transfer", "pause", "resume", "note", "close", "reopen"]
)
STORY = st.lists(st.tuples(ACTS, st.integers(0, 150), LIMITS), max_size=14)


def told(story: list[tuple[str, int, Limit | None]], limit: Limit | None) -> Iterator[Moved]:
    """A story as moves that an engine would have let through."""
    moment, step, number, paused, closed = BEGIN, 0, 1, False, False
    yield Moved(1, "start", "start", "", "s0", 1, False, limit, moment)
    seq = 1
    for act, gap, next_limit in story:
        if (act == "reopen") != closed and act != "note":
            continue
        if (act == "pause" and paused) or (act == "resume" and not paused):
            continue
        moment += HALF * gap
        seq += 1
        stays = act in ("transfer", "pause", "resume", "note")
        closed = act == "close" or (closed and stays)
        paused = act == "pause" or (paused and act in ("transfer", "note"))
        number += act == "reopen"
        before, step = step, step if stays else step + 1
        word = "forward" if act == "close" else act
        given = None if stays or closed else next_limit
        yield Moved(seq, act, word, f"s{before}", f"s{step}", number, closed, given, moment)


def replayed(moves: list[Moved], now: datetime) -> Standing:
    """The same by walking through time, with one clock for each step."""
    clock: Clock | None = None
    running, in_time, paused, since = True, True, None, BEGIN
    for move in moves:
        if clock is not None:
            clock.run_to(move.occurred, running=running)
        if move.act in ("pause", "resume"):
            running = move.act == "resume"
            paused = None if running else move.occurred
        if move.enters:
            if clock is not None and clock.due is not None and move.occurred > clock.due:
                in_time = False
            clock = Clock(move.limit, move.occurred) if move.limit else None
            running, paused, since = True, None, move.occurred
    due_at, overdue = None, False
    if clock is not None:
        clock.run_to(now, running=running)
        clock.run_to(now + timedelta(days=60) if running else now, running=running)
        due_at = clock.due
        overdue = due_at is not None and due_at < now
    last = moves[-1]
    return Standing(
        step=last.step_to, round=last.round, since=since, assignee=NOBODY, closed=last.closing,
        paused=paused, due=due_at, overdue=overdue, in_time=in_time and not overdue,
        returns=[m.act for m in moves].count("return"), outcome="", seq=len(moves), stays=(),
    )  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(STORY, LIMITS, st.integers(0, 400))
def test_standing_is_what_a_walk_through_time_finds(
    story: list[tuple[str, int, Limit | None]], limit: Limit | None, later: int
) -> None:
    moves = list(told(story, limit))
    now = moves[-1].occurred + HALF * later
    found, expected = standing(moves, now), replayed(moves, now)
    for name in Standing.__slots__:
        if name != "stays":
            assert getattr(found, name) == getattr(expected, name), name
    assert [stay.step for stay in found.stays] == [m.step_to for m in moves if m.enters]


def test_overdue_begins_after_the_last_instant() -> None:
    limit = Limit(24, "hour")
    moves = [Moved(1, "start", "start", "", "a", 1, False, limit, BEGIN)]
    last = BEGIN + timedelta(hours=24)
    assert standing(moves, last).overdue is False
    assert standing(moves, last + timedelta(microseconds=1)).overdue is True


def test_who_has_it_after_a_move() -> None:
    from linli.packs.schema_flow import FlowMove

    one, two = Assignee(person=uuid7()), Assignee(body=uuid7())

    def moved(seq: int, act: str, to: str, assignee: Assignee) -> Moved:
        return Moved(seq, act, act, "", to, 1, False, None, BEGIN, assignee)

    def move(act: str, to: str | None = None) -> FlowMove:
        return FlowMove.model_validate(
            {"id": "m", "title": "m", "act": act, "from": ["b"], "to": to, "who": ["worker"]}
        )

    moves = [
        moved(1, "start", "a", NOBODY),
        moved(2, "forward", "b", one),
        moved(3, "transfer", "b", two),
        moved(4, "forward", "c", NOBODY),
    ]
    assert next_assignee(moves, move("return", "b"), NOBODY) == two  # who had it last there
    assert next_assignee(moves, move("return", "b"), one) == one  # who is named
    assert next_assignee(moves, move("forward", "d"), NOBODY) == NOBODY
    assert next_assignee(moves[:3], move("pause"), NOBODY) == two
