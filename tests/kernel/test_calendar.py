"""Festivals and working days."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.kernel.lunar import FESTIVALS, festival, lunar_day
from linli.kernel.workdays import add_workdays, is_workday, workdays_between

near = st.dates(date(2005, 1, 1), date(2030, 12, 31))


@pytest.mark.parametrize(
    ("name", "year", "day"),
    [
        ("元宵节", 2010, "2010-02-28"), ("中秋", 2010, "2010-09-22"),
        ("九九重阳节", 2010, "2010-10-16"),
        ("春节", 2010, "2010-02-14"), ("除夕", 2010, "2010-02-13"), ("端午", 2010, "2010-06-16"),
        ("腊八", 2010, "2010-01-22"), ("清明", 2010, "2010-04-05"), ("清明", 2008, "2008-04-04"),
        ("冬至", 2010, "2010-12-22"), ("七夕", 2010, "2010-08-16"), ("春节", 2026, "2026-02-17"),
        ("春节", 1985, "1985-02-20"), ("重阳", 2026, "2026-10-18"),
        ("学雷锋日", 2010, "2010-03-05"),
        ("三八", 2010, "2010-03-08"), ("世界环境日", 2010, "2010-06-05"),
        ("国庆", 2010, "2010-10-01"),
        ("元旦", 2010, "2010-01-01"), ("助残日", 2010, "2010-05-16"),
        ("全国助残日", 2011, "2011-05-15"),
        ("端午节", 2009, "2009-05-28"), ("中秋节", 2006, "2006-10-06"),
    ],
)  # fmt: skip
def test_festivals(name: str, year: int, day: str) -> None:
    assert festival(name, year) == date.fromisoformat(day)


def test_an_unknown_festival_has_no_day() -> None:
    assert festival("社区邻里节", 2010) is None


@given(st.sampled_from(sorted(FESTIVALS)), st.integers(1950, 2100))
def test_every_festival_has_a_day_each_year(name: str, year: int) -> None:
    day = festival(name, year)
    assert day is not None
    # 腊八 and 小年 before an early 春节 fall into the last days of the year before.
    assert date(year - 1, 12, 25) <= day <= date(year, 12, 31)


@given(st.integers(1950, 2100))
def test_spring_comes_in_its_weeks(year: int) -> None:
    assert date(year, 1, 20) < lunar_day(year, 1, 1) < date(year, 2, 22)


@pytest.mark.parametrize(
    ("day", "worked", "announced"),
    [
        ("2010-02-15", False, True), ("2010-02-20", True, True), ("2010-03-05", True, True),
        ("2010-03-06", False, True), ("2026-02-17", False, True), ("2004-05-08", True, True),
        ("2040-01-02", True, False), ("2040-10-01", False, False), ("2040-10-03", False, False),
        ("2040-05-02", False, False), ("2040-02-13", False, False), ("2040-02-11", False, False),
        ("2040-09-20", False, False), ("2003-10-01", False, False), ("2041-09-08", False, False),
    ],
)  # fmt: skip
def test_workdays(day: str, worked: bool, announced: bool) -> None:
    found = is_workday(date.fromisoformat(day))
    assert (found.worked, found.announced) == (worked, announced)
    assert tuple(found) == (worked, announced)


def test_statutory_days_of_an_unannounced_year_are_free() -> None:
    for name in ("元旦", "清明节", "端午节", "中秋节", "劳动节", "国庆节", "春节", "除夕"):
        day = festival(name, 2050)
        assert day is not None
        assert not is_workday(day).worked


def test_deadlines_count_from_the_day_after() -> None:
    friday = date(2010, 3, 5)
    assert add_workdays(friday, 0) == friday
    assert add_workdays(friday, 1) == date(2010, 3, 8)
    assert add_workdays(friday, 5) == date(2010, 3, 12)
    assert add_workdays(date(2010, 3, 8), -1) == friday
    assert add_workdays(date(2010, 2, 12), 1) == date(2010, 2, 20)  # the week of 春节 is free
    assert workdays_between(date(2010, 3, 5), date(2010, 3, 12)) == 5
    assert workdays_between(date(2010, 3, 12), date(2010, 3, 5)) == -5
    assert workdays_between(friday, friday) == 0


@given(near, st.integers(-60, 60))
def test_adding_and_counting_agree(day: date, count: int) -> None:
    later = add_workdays(day, count)
    assert workdays_between(day, later) == count
    assert count == 0 or is_workday(later).worked


@given(near, st.integers(0, 90), st.integers(0, 90))
def test_workdays_add_up(day: date, first: int, second: int) -> None:
    middle, end = day + timedelta(days=first), day + timedelta(days=first + second)
    parts = workdays_between(day, middle) + workdays_between(middle, end)
    assert parts == workdays_between(day, end)
