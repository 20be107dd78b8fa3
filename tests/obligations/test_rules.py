"""How obligations stand, held against a naive loop over days."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.core.obligations.rules import Course, Deed, Standing, State, Stop, left_over, steps_due
from linli.core.obligations.spans import Named, in_force, windows_of
from linli.kernel.intervals import Interval, read_interval
from linli.kernel.windows import Window
from linli.kernel.workdays import is_workday
from linli.packs.schema_obligation import USUAL

START = date(2025, 1, 1)
DAY = timedelta(days=1)


def day(number: int) -> date:
    return START + DAY * number


def interval(words: str) -> Interval:
    found = read_interval(words)
    assert found is not None
    return found


def deed(first: int, last: int | None = None, times: int = 1, number: int = 0) -> Deed:
    return Deed(day(first if last is None else last), day(first), UUID(int=number), times)


# -- the naive loop: no order kept, nothing remembered, every day walked ------------------------------


def naive(
    windows: list[Window],
    deeds: list[Deed],
    stops: list[Stop],
    waived: set[str],
    *,
    grace: int,
    lasting: bool,
    on: date,
) -> dict[str, tuple[State, date | None]]:
    """State and day of each window, found by walking the days one by one."""
    dues = {one.name: naive_due(one, stops, lasting, on) for one in windows}
    free = {one.name: one for one in windows if one.name not in waived and dues[one.name]}
    done: dict[str, tuple[State, date | None]] = {}
    for now in (START - DAY * 400 + DAY * n for n in range((on - START).days + 401)):
        for one in sorted(d for d in deeds if d.last == now):
            for _ in range(one.times):
                chosen = naive_choice(free, dues, one, grace, lasting)
                if chosen is None:
                    break
                due = dues[chosen] or START
                late = one.first > due
                kept = one.last if late else max(free[chosen].opens, min(one.last, due))
                done[chosen] = (State.DONE_LATE if late else State.DONE, kept)
                del free[chosen]
    return {
        one.name: done.get(one.name)
        or (naive_state(one, dues[one.name], stops, waived, grace, on), None)
        for one in windows
    }


def naive_due(window: Window, stops: list[Stop], lasting: bool, on: date) -> date | None:
    mine = [stop for stop in stops if stop.name in (None, window.name)]

    def stopped(now: date) -> bool:
        return any(s.since <= now <= ((s.until or on + DAY) - DAY) for s in mine)

    now = window.opens + DAY if lasting else window.opens
    runs = (window.due - now).days + 1
    if not lasting and all(stopped(now + DAY * n) for n in range(runs)):
        return None
    ran = sum(not stopped(now + DAY * n) for n in range(runs))
    due = window.due
    while ran < runs:
        due += DAY
        ran += not stopped(due)
    return due


def naive_choice(
    free: dict[str, Window], dues: dict[str, date | None], one: Deed, grace: int, lasting: bool
) -> str | None:
    def first_by(names: list[str]) -> str | None:
        ordered = sorted(names, key=lambda n: (dues[n] or START, free[n]))
        return ordered[0] if ordered else None

    days = {one.first + DAY * n for n in range((one.last - one.first).days + 1)}
    opened = [
        name
        for name, window in free.items()
        if any(window.opens <= now <= (dues[name] or START) for now in days)
    ]
    late = [
        name
        for name in free
        if (dues[name] or START) < one.first
        and (lasting or one.first <= (dues[name] or START) + DAY * grace)
    ]
    return first_by(opened) or first_by(late)


def naive_state(
    window: Window, due: date | None, stops: list[Stop], waived: set[str], grace: int, on: date
) -> State:
    if window.name in waived:
        return State.WAIVED
    if due is None:
        return State.PAUSED
    mine = [stop for stop in stops if stop.name in (None, window.name)]
    standing_still = any(s.since <= on and (s.until is None or on < s.until) for s in mine)
    if window.opens <= on <= due and standing_still:
        return State.PAUSED
    if on < window.opens:
        return State.UPCOMING
    return State.MISSED if on > due + DAY * grace else State.DUE


@st.composite
def windows_drawn(draw: st.DrawFn) -> list[Window]:
    """Whole periods, or windows that overlap each other in any way."""
    if draw(st.booleans()):
        words = draw(st.sampled_from(["每日", "每周2次", "每周一、三", "每月首个工作日", "每周"]))
        last = day(draw(st.integers(0, 40)))
        return windows_of(in_force(interval(words), [], START, last))
    spans = draw(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 15)), max_size=12))
    return [Window(day(a + n), day(a), f"w{i}") for i, (a, n) in enumerate(spans)]


deeds_drawn = st.lists(
    st.builds(
        lambda first, length, times, number: deed(first, first + length, times, number),
        st.integers(-5, 60),
        st.sampled_from([0, 0, 0, 1, 9]),
        st.sampled_from([1, 1, 1, 2, 4]),
        st.integers(0, 99),
    ),
    max_size=15,
)
stops_drawn = st.lists(
    st.builds(
        lambda since, length, name: Stop(
            day(since), day(since + length) if length is not None else None, name
        ),
        st.integers(-10, 60),
        st.none() | st.integers(1, 30),
        st.sampled_from([None, None, "w0", "w1"]),
    ),
    max_size=3,
)


@settings(max_examples=400, deadline=None)
@given(
    windows=windows_drawn(),
    deeds=deeds_drawn,
    stops=stops_drawn,
    waived=st.sets(st.sampled_from(["w0", "w2", "2025-01-01", "2025-01-06"])),
    grace=st.sampled_from([0, 0, 1, 5, 30]),
    lasting=st.booleans(),
    on=st.integers(-5, 70),
)
def test_standings_are_those_of_a_loop_over_days(
    windows: list[Window],
    deeds: list[Deed],
    stops: list[Stop],
    waived: set[str],
    grace: int,
    lasting: bool,
    on: int,
) -> None:
    course = Course(windows, day(on), grace=grace, lasting=lasting)
    found = course.standings(deeds, stops, waived)
    wanted = naive(windows, deeds, stops, waived, grace=grace, lasting=lasting, on=day(on))
    assert {one.window.name: (one.state, one.day) for one in found} == wanted
    spent = [one.deed for one in found if one.deed is not None]
    assert all(spent.count(one) <= one.times * deeds.count(one) for one in spent)


# -- by hand ----------------------------------------------------------------------------------------


def states(words: str, deeds: list[Deed], on: int, **more: object) -> list[State]:
    found = windows_of(in_force(interval(words), [], START, day(27)))
    return [one.state for one in Course(found, day(on), **more).standings(deeds)]  # type: ignore[arg-type]


def test_a_week_done_missed_due_and_upcoming() -> None:
    done, missed, due, upcoming = State.DONE, State.MISSED, State.DUE, State.UPCOMING
    assert states("每周", [deed(2)], 14) == [done, missed, due, upcoming]
    assert states("每周", [deed(2), deed(2)], 14)[1] is missed  # no stock for later weeks


def test_grace_makes_late_what_no_open_window_takes() -> None:
    found = states("每周", [deed(5), deed(6, number=1)], 14, grace=7)
    assert found[:2] == [State.DONE_LATE, State.DONE]


def test_a_summary_fulfils_as_many_as_it_states() -> None:
    found = states("每周", [deed(0, 25, times=3)], 27)
    assert found == [State.DONE] * 3 + [State.MISSED]


def test_a_case_can_be_answered_however_late() -> None:
    window = Window(day(5), day(0), "case")
    assert Course([window], day(9), lasting=True).standings()[0].state is State.MISSED
    (late,) = Course([window], day(99), lasting=True).standings([deed(90)])
    assert (late.state, late.day) == (State.DONE_LATE, day(90))
    assert Course([window], day(99)).standings([deed(90)])[0].state is State.MISSED


def test_a_stopped_clock_gives_back_working_days() -> None:
    window = Window(date(2025, 3, 14), date(2025, 3, 7), "once")  # 5 working days after a Friday
    course = Course(
        [window], date(2025, 3, 13), lasting=True, counts=lambda one: is_workday(one).worked
    )
    stop = Stop(date(2025, 3, 11), date(2025, 3, 13))
    assert course.standings((), [stop])[0].due == date(2025, 3, 18)
    still = Stop(date(2025, 3, 11))
    assert course.standings((), [still])[0].state is State.PAUSED


def test_a_window_stopped_throughout_is_excused_and_takes_no_deed() -> None:
    weeks = windows_of(in_force(interval("每周"), [], START, day(20)))
    stops = [Stop(day(5), day(12))]
    found = Course(weeks, day(20)).standings([deed(7), deed(13)], stops)
    assert [one.state for one in found] == [State.MISSED, State.PAUSED, State.DONE]


def test_the_same_whatever_the_order_of_deeds() -> None:
    deeds = [deed(n, number=n) for n in (9, 3, 15, 4)]
    assert states("每周", deeds, 27) == states("每周", deeds[::-1], 27)


def test_deeds_without_a_subject_go_to_the_earliest_open_of_all() -> None:
    weeks = windows_of(in_force(interval("每周"), [], START, day(20)))
    course = Course(weeks, day(20))
    lines = [course.standings([deed(1)]), course.standings()]
    left_over(lines, [deed(2, times=2, number=1), deed(8, number=2)], course)
    done = [[one.deed.record.int if one.deed else None for one in line] for line in lines]
    assert done == [[0, 2, None], [1, None, None]]


@pytest.mark.parametrize(
    ("named", "words"),
    [
        ([], ["每周", "每周"]),
        ([(1, 40, "每月")], ["每周", "每月"]),
        ([(2, 40, "每月"), (1, 50, "每日")], ["每周", "每月"]),  # the nearest area decides
        ([(1, -9, "每月"), (1, 40, "每日")], ["每月", "每日"]),
        ([(1, 40, "不办")], ["每周", "不办"]),
    ],
)
def test_the_interval_of_a_day(named: list[tuple[int, int, str]], words: list[str]) -> None:
    rows = [
        Named(depth, day(since), n, interval(text)) for n, (depth, since, text) in enumerate(named)
    ]
    spans = in_force(interval("每周"), rows, START, day(60))
    assert spans[0].first == START
    assert spans[-1].last == day(60)
    at = [next(s for s in spans if s.first <= day(n) <= s.last).interval.words for n in (0, 60)]
    assert at == words


def test_each_window_belongs_to_the_interval_of_its_due_day() -> None:
    """每季度 becomes 每月 in mid-February: the quarter is replaced, nothing is due twice."""
    rows = [Named(1, date(2025, 2, 15), 1, interval("每月"))]
    spans = in_force(interval("每季度"), rows, START, date(2025, 6, 30))
    assert [str(one.due) for one in windows_of(spans)] == [
        "2025-02-28", "2025-03-31", "2025-04-30", "2025-05-31", "2025-06-30",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("on", "sent", "steps"),
    [
        (3, set(), []),
        (4, set(), ["提醒"]),  # the day before it is due
        (5, {"提醒"}, []),
        (8, {"提醒"}, ["督办"]),
        (8, {"提醒", "督办"}, []),
        (8, set(), ["提醒", "督办"]),
        (12, set(), ["督办"]),  # the first is more than a week overdue
        (16, set(), []),
    ],
)
def test_steps_of_reminding(on: int, sent: set[str], steps: list[str]) -> None:
    window = Window(day(5), day(0), "w")
    (one,) = Course([window], day(on)).standings()
    assert [step.title for step in steps_due(one, USUAL, sent, day(on))] == steps


def test_nobody_is_reminded_before_the_window_opens_or_when_it_is_done() -> None:
    window = Window(day(5), day(5), "w")
    (early,) = Course([window], day(4)).standings()
    (done,) = Course([window], day(9)).standings([deed(5)])
    assert isinstance(early, Standing)
    assert not steps_due(early, USUAL, frozenset(), day(4))
    assert not steps_due(done, USUAL, frozenset(), day(9))
