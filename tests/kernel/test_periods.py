"""Periods: codes, words, parts, and the periods beside them."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.kernel.errors import Refusal
from linli.kernel.periods import Period, last_day, months_before
from tests.kernel.strategies import days

DAY = timedelta(days=1)
years = st.integers(1901, 2198)
codes = st.one_of(
    years.map(str),
    st.tuples(years, st.integers(1, 2)).map(lambda p: f"{p[0]}H{p[1]}"),
    st.tuples(years, st.integers(1, 4)).map(lambda p: f"{p[0]}Q{p[1]}"),
    st.tuples(years, st.integers(1, 12)).map(lambda p: f"{p[0]}-{p[1]:02}"),
    st.tuples(years, st.integers(0, 20)).map(lambda p: f"{p[0]}..{min(p[0] + p[1], 2198)}"),
    st.tuples(days, days).map(lambda p: f"{min(p)}..{max(p)}"),
    st.tuples(
        st.integers(1, 12), st.sampled_from("ym"), st.dates(date(1913, 1, 1), date(2199, 12, 31))
    ).map(lambda p: f"{p[0]}{p[1]}@{p[2]}"),
)


@pytest.mark.parametrize(
    ("code", "start", "end", "kind", "words"),
    [
        ("2010", "2010-01-01", "2010-12-31", "year", "2010年"),
        ("2011H1", "2011-01-01", "2011-06-30", "half", "2011年上半年"),
        ("2011H2", "2011-07-01", "2011-12-31", "half", "2011年下半年"),
        ("2010Q1", "2010-01-01", "2010-03-31", "quarter", "2010年第一季度"),
        ("2010Q4", "2010-10-01", "2010-12-31", "quarter", "2010年第四季度"),
        ("2010-02", "2010-02-01", "2010-02-28", "month", "2010年2月"),
        ("2008-02", "2008-02-01", "2008-02-29", "month", "2008年2月"),
        ("2007..2009", "2007-01-01", "2009-12-31", "years", "2007-2009年"),
        ("2010..2010", "2010-01-01", "2010-12-31", "year", "2010年"),
        ("2026-01-26..2026-02-25", "2026-01-26", "2026-02-25", "span", "2026年1月26日至2月25日"),
        (
            "2009-12-30..2010-01-02",
            "2009-12-30",
            "2010-01-02",
            "span",
            "2009年12月30日至2010年1月2日",
        ),
        ("2010-03-05..2010-03-05", "2010-03-05", "2010-03-05", "span", "2010年3月5日"),
        ("2010-02-01..2010-04-30", "2010-02-01", "2010-04-30", "span", "2010年2月1日至4月30日"),
        ("3y@2007-12-31", "2005-01-01", "2007-12-31", "rolling", "三年来"),
        ("2y@2008-02-29", "2006-03-01", "2008-02-29", "rolling", "两年来"),
        ("12Y@2010-11-10", "1998-11-11", "2010-11-10", "rolling", "十二年来"),
        ("20y@2010-12-31", "1991-01-01", "2010-12-31", "rolling", "二十年来"),
        ("6m@2010-06-30", "2010-01-01", "2010-06-30", "rolling", "六个月来"),
        (" 2010q1 ", "2010-01-01", "2010-03-31", "quarter", "2010年第一季度"),
    ],
)
def test_codes(code: str, start: str, end: str, kind: str, words: str) -> None:
    period = Period.parse(code)
    assert (period.start.isoformat(), period.end.isoformat()) == (start, end)
    assert (period.kind, period.words()) == (kind, words)


@pytest.mark.parametrize(
    "code",
    ["", "10", "2010Q5", "2010H3", "2010-13", "2010-2", "2010-02-30..2010-03-01", "0y@2010-01-01",
     "3y@2010-02-30", "2010年", "二〇一〇", "1899", "2200", "2010Q1Q2", "..", "3d@2010-01-01", "1y@1900-01-01"],
)  # fmt: skip
def test_what_is_not_a_period(code: str) -> None:
    with pytest.raises(Refusal) as refusal:
        Period.parse(code)
    assert refusal.value.code == "period.unreadable"
    assert f"“{code}”" in refusal.value.sentence


@pytest.mark.parametrize("code", ["2010..2009", "2010-03-02..2010-03-01"])
def test_periods_run_forward(code: str) -> None:
    with pytest.raises(Refusal) as refusal:
        Period.parse(code)
    assert refusal.value.code == "period.backwards"


@given(codes)
def test_a_code_comes_back(code: str) -> None:
    period = Period.parse(code)
    assert period.text == code
    assert Period.parse(period.text) == period
    assert Period(period.start, period.end) == period
    assert Period.parse(Period(period.start, period.end).text) == period
    assert period.days == (period.end - period.start).days + 1 >= 1
    assert period.words()


@given(codes)
def test_following_and_previous_touch(code: str) -> None:
    period = Period.parse(code)
    following, previous = period.following(), period.previous()
    if following is not None:
        assert following.start == period.end + DAY
        assert following.kind == period.kind
        assert following.previous() == period
    if previous is not None:
        assert previous.end == period.start - DAY
        assert previous.following() == period


@given(codes)
def test_the_year_before_has_the_same_kind(code: str) -> None:
    period = Period.parse(code)
    before = period.year_before()
    if before is not None and period.kind != "span":
        assert before.kind == period.kind
        assert before.start == months_before(period.start, 12) or period.start.day > 28


@given(codes)
def test_parts_tile_what_they_cover(code: str) -> None:
    period = Period.parse(code)
    if period.days > 4000:
        return
    for parts in (period.months(), period.quarters(), period.halves(), period.years()):
        listed = list(parts)
        assert all(period.contains(part.start, part.end) for part in listed)
        assert all(first.end + DAY == second.start for first, second in pairwise(listed))
    if period.kind in ("year", "half", "quarter", "month", "years"):
        assert sum(part.days for part in period.months()) == period.days


@given(codes, days, days)
def test_containing_and_overlapping(code: str, one: date, other: date) -> None:
    period, start, end = Period.parse(code), min(one, other), max(one, other)
    if period.contains(start, end):
        assert period.overlaps(start, end)
    assert period.overlaps(period.start, end) == (end >= period.start)
    assert period.overlaps(start, end) == (not (end < period.start or period.end < start))


def test_equality_is_of_days() -> None:
    assert Period.parse("2010Q1") == Period.parse("2010-01-01..2010-03-31")
    assert hash(Period.parse("2010")) == hash(Period.parse("2010..2010"))
    assert Period.parse("2010Q1") < Period.parse("2010H1") < Period.parse("2010Q2")


@pytest.mark.parametrize(
    ("code", "half"),
    [("2011H1", "2011H2"), ("2010", "2011H1"), ("2010Q2", "2010H2"), ("2010Q1", None),
     ("2010-01-01..2010-05-31", None), ("2199", None)],
)  # fmt: skip
def test_the_next_half(code: str, half: str | None) -> None:
    found = Period.parse(code).next_half()
    assert (found.text if found else None) == half


@pytest.mark.parametrize(
    ("code", "following", "previous", "before"),
    [
        ("2010", "2011", "2009", "2009"),
        ("2010H2", "2011H1", "2010H1", "2009H2"),
        ("2011Q1", "2011Q2", "2010Q4", "2010Q1"),
        ("2009-02", "2009-03", "2009-01", "2008-02"),
        ("2007..2009", "2010..2012", "2004..2006", "2006..2008"),
        ("3y@2007-12-31", None, None, "3y@2006-12-31"),
        ("2199", None, "2198", "2198"),
        ("1900", "1901", None, None),
        ("2010-03-01..2010-03-10", "2010-03-11..2010-03-20", "2010-02-19..2010-02-28",
         "2009-03-01..2009-03-10"),
    ],
)  # fmt: skip
def test_neighbours(
    code: str, following: str | None, previous: str | None, before: str | None
) -> None:
    period = Period.parse(code)
    found = (period.following(), period.previous(), period.year_before())
    assert tuple(one.text if one else None for one in found) == (following, previous, before)


def test_makers() -> None:
    assert Period.of_year(2010).text == "2010"
    assert Period.of_half(2010, 2).text == "2010H2"
    assert Period.of_quarter(2010, 3).text == "2010Q3"
    assert Period.of_month(2010, 2).text == "2010-02"
    assert Period.rolling(3, date(2007, 12, 31)).text == "3y@2007-12-31"
    assert Period.rolling(6, date(2007, 12, 31), unit="m").start == date(2007, 7, 1)
    assert [part.text for part in Period.of_half(2010, 1).quarters()] == ["2010Q1", "2010Q2"]
    assert [part.text for part in Period.parse("2008..2009").halves()][1] == "2008H2"
    assert [part.text for part in Period.parse("2008..2009").years()] == ["2008", "2009"]


@given(days, st.integers(-600, 600))
def test_months_before_keeps_the_day_or_the_end(day: date, months: int) -> None:
    if not 1 < day.year - months // 12 < 9990:
        return
    moved = months_before(day, months)
    assert moved.day == day.day or moved == last_day(moved.year, moved.month)
    assert (day.year - moved.year) * 12 + day.month - moved.month == months
