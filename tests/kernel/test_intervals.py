"""Intervals read from an office's words, and the windows they open."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.kernel.intervals import (
    FIRST_WORKDAY,
    LAST_DAY,
    LAST_WORKDAY,
    TRADITIONAL,
    Interval,
    read_interval,
)
from linli.kernel.lunar import birthday, festival
from linli.kernel.windows import stated, windows
from linli.kernel.workdays import is_workday, workdays_between

FIRST, LAST = date(2025, 1, 1), date(2025, 12, 31)
DAY = timedelta(days=1)

READ: dict[str, dict[str, Any]] = {
    "每日": {"every": "day"},
    "天天": {"every": "day"},
    "每个工作日": {"every": "workday"},
    "每周": {"every": "week"},
    "每周２次": {"every": "week", "times": 2},
    "每周一、三、五": {"every": "week", "days": (1, 3, 5)},
    "每周一至五": {"every": "week", "days": (1, 2, 3, 4, 5)},
    "每周五下午": {"every": "week", "days": (5,)},
    "每月 一次": {"every": "month"},
    "每月不少于两次": {"every": "month", "times": 2},
    "每月5日": {"every": "month", "days": (5,)},
    "每月1日、15日": {"every": "month", "days": (1, 15)},
    "每月25日前": {"every": "month", "days": (25,), "by": True},
    "每月首个工作日": {"every": "month", "days": (FIRST_WORKDAY,)},
    "每月最后一个工作日": {"every": "month", "days": (LAST_WORKDAY,)},
    "每月底": {"every": "month", "days": (LAST_DAY,)},
    "按季度": {"every": "quarter"},
    "每季": {"every": "quarter"},
    "每季度更换一次": {"every": "quarter"},
    "每季度后10个工作日内": {"every": "quarter", "within": 10, "workdays": True},
    "每月结束后5日内": {"every": "month", "within": 5},
    "每半年": {"every": "half"},
    "半年一次": {"every": "half"},
    "每年": {"every": "year"},
    "每年两次": {"every": "year", "times": 2},
    "每年3月": {"every": "year", "months": (3,)},
    "每年6月至8月2次": {"every": "year", "months": (6, 7, 8), "times": 2},
    "每年3月5日": {"every": "year", "days": (305,)},
    "每年七月一日前后3天": {"every": "year", "days": (701,), "before": 3, "after": 3},
    "每年11月30日前": {"every": "year", "days": (1130,), "by": True},
    "每两年一次": {"every": "year", "step": 2},
    "五年一次": {"every": "year", "step": 5},
    "每3个月": {"every": "month", "step": 3},
    "每两周一次": {"every": "week", "step": 2},
    "元宵节": {"every": "festival", "festivals": ("元宵节",)},
    "中秋前7天": {"every": "festival", "festivals": ("中秋节",), "before": 7},
    "端午节、重阳节前后3天": {
        "every": "festival", "festivals": ("端午节", "重阳节"), "before": 3, "after": 3,
    },
    "春节前10天至后15天": {
        "every": "festival", "festivals": ("春节",), "before": 10, "after": 15,
    },
    "每逢传统佳节": {"every": "festival", "festivals": TRADITIONAL},
    "逢年过节": {"every": "festival", "festivals": TRADITIONAL},
    "受理后5个工作日内": {"every": "deadline", "within": 5, "workdays": True},
    "15日内": {"every": "deadline", "within": 15},
    "24小时内": {"every": "deadline", "within": 1},
    "30分钟内": {"every": "deadline", "within": 0},
    "当日": {"every": "deadline", "within": 0},
    "到期前3个月": {"every": "date", "before": 90},
    "生日当天": {"every": "birthday"},
    "农历生日前3天": {"every": "birthday", "before": 3, "lunar": True},
    "定期": {"every": "unstated"},
    "不定期": {"every": "unstated"},
    "经常性": {"every": "unstated"},
    "定时": {"every": "unstated"},
    "及时": {"every": "unstated"},
    "换届": {"every": "unstated"},
    "多年": {"every": "unstated"},
    "不办": {"every": "never"},
}  # fmt: skip


@pytest.mark.parametrize("words", READ)
def test_what_words_mean(words: str) -> None:
    assert read_interval(words) == Interval(**READ[words], words=words)


@pytest.mark.parametrize(
    "words",
    ["", "有空就办", "每月13月", "每年13月", "每年2月40日", "每月32日", "每月0日", "每周五至一", "每月1日、5日前",
     "每周二三事", "每年8月至6月", "0次", "每日99次", "每周0次", "99999日内", "五月", "年度", "每0年一次"],
)  # fmt: skip
def test_what_cannot_be_read(words: str) -> None:
    assert read_interval(words) is None


def made(words: str, first: date = FIRST, last: date = LAST) -> list[tuple[str, str]]:
    interval = read_interval(words)
    assert interval is not None
    return [(str(one.opens), str(one.due)) for one in windows(interval, first, last)]


@pytest.mark.parametrize(
    ("words", "count", "opens", "due"),
    [
        ("每日", 365, "2025-01-01", "2025-01-01"),
        ("每个工作日", 248, "2025-01-02", "2025-01-02"),
        ("每周", 52, "2024-12-30", "2025-01-05"),
        ("每周2次", 104, "2024-12-30", "2025-01-05"),
        ("每周五", 52, "2025-01-03", "2025-01-03"),
        ("每月", 12, "2025-01-01", "2025-01-31"),
        ("每月首个工作日", 12, "2025-01-02", "2025-01-02"),
        ("每月最后一个工作日", 12, "2025-01-27", "2025-01-27"),
        ("每月31日", 12, "2025-01-31", "2025-01-31"),
        ("每月25日前", 12, "2025-01-01", "2025-01-25"),
        ("每季度", 4, "2025-01-01", "2025-03-31"),
        ("每季度后10个工作日内", 4, "2025-01-01", "2025-01-15"),
        ("每半年", 2, "2025-01-01", "2025-06-30"),
        ("每年3月", 1, "2025-03-01", "2025-03-31"),
        ("每年11月30日前", 1, "2025-01-01", "2025-11-30"),
        ("每年1月3日前后7天", 1, "2024-12-27", "2025-01-10"),
        ("中秋节前7天", 1, "2025-09-29", "2025-10-06"),
        ("传统佳节前7天", 6, "2025-01-22", "2025-01-29"),
        ("每两年一次", 1, "2024-01-01", "2025-12-31"),
        ("及时", 0, "", ""),
        ("5个工作日内", 0, "", ""),
    ],
)
def test_windows_of_a_year(words: str, count: int, opens: str, due: str) -> None:
    found = made(words)
    assert len(found) == count
    assert found[:1] == ([(opens, due)] if count else [])


def test_make_up_days_are_worked_and_holidays_are_not() -> None:
    days = {due for _, due in made("每个工作日")}
    assert "2025-01-26" in days  # a Sunday worked for 春节
    assert "2025-01-28" not in days


def test_several_periods_together_begin_where_they_are_said_to() -> None:
    interval = read_interval("每两年一次")
    assert interval is not None
    found = windows(interval, date(2025, 1, 1), date(2028, 12, 31), begins=date(2025, 6, 1))
    assert [(one.opens.year, one.due.year) for one in found] == [(2025, 2026), (2027, 2028)]


@pytest.mark.parametrize(
    ("words", "opens", "due"),
    [
        ("5个工作日内", "2025-01-24", "2025-02-07"),  # a make-up Sunday, then 春节
        ("5日内", "2025-01-24", "2025-01-29"),
        ("当日内", "2025-01-24", "2025-01-24"),
        ("到期前30天", "2024-12-25", "2025-01-24"),
        ("到期前5个工作日", "2025-01-17", "2025-01-24"),
    ],
)
def test_windows_from_a_stated_day(words: str, opens: str, due: str) -> None:
    interval = read_interval(words)
    assert interval is not None
    (found,) = stated(interval, date(2025, 1, 24), FIRST, LAST)
    assert (str(found.opens), str(found.due)) == (opens, due)


def test_a_birthday_comes_each_year_after_the_birth() -> None:
    interval = read_interval("生日前3天")
    assert interval is not None
    found = stated(interval, date(2023, 2, 1), date(2022, 1, 1), LAST)
    assert [str(one.due) for one in found] == ["2024-02-01", "2025-02-01"]
    assert found[0].due - found[0].opens == 3 * DAY


def test_leap_days_and_lunar_birthdays() -> None:
    assert birthday(date(1936, 2, 29), 2025) == date(2025, 2, 28)
    assert birthday(date(1936, 2, 29), 2024) == date(2024, 2, 29)
    born = date(1935, 9, 12)  # 八月十五
    assert birthday(born, 2025, lunar=True) == festival("中秋节", 2025)
    for year in range(2015, 2027):  # born on a thirtieth day, or in a leap month: always a day
        assert birthday(date(1940, 3, 8), year, lunar=True).year in (year, year + 1)
        assert birthday(date(1928, 4, 1), year, lunar=True).year in (year, year + 1)


PLAIN = ("每日", "每周", "每月", "每季度", "每半年", "每年", "每两周", "每3个月", "每两年")


@settings(max_examples=60, deadline=None)
@given(
    words=st.sampled_from(PLAIN),
    first=st.dates(date(2004, 1, 1), date(2030, 1, 1)),
    length=st.integers(0, 800),
    begins=st.dates(date(1990, 1, 1), date(2030, 1, 1)),
)
def test_whole_periods_follow_each_other_without_a_gap(
    words: str, first: date, length: int, begins: date
) -> None:
    interval = read_interval(words)
    assert interval is not None
    last = first + DAY * length
    found = windows(interval, first, last, begins=begins)
    assert all(first <= one.due <= last for one in found)
    assert all(two.opens == one.due + DAY for one, two in pairwise(found))
    before = windows(interval, first - DAY * 1200, last + DAY * 1200, begins=begins)
    assert [one for one in before if first <= one.due <= last] == list(found)


@settings(max_examples=60, deadline=None)
@given(
    words=st.sampled_from([words for words, read in READ.items() if read["every"] != "unstated"]),
    first=st.dates(date(2010, 1, 1), date(2026, 1, 1)),
    length=st.integers(0, 400),
)
def test_a_span_holds_exactly_the_windows_due_in_it(words: str, first: date, length: int) -> None:
    """Asking for more days never changes what is due in the days asked for before."""
    interval = read_interval(words)
    assert interval is not None
    last = first + DAY * length
    wide = windows(interval, first - DAY * 500, last + DAY * 500)
    assert [one for one in wide if first <= one.due <= last] == list(windows(interval, first, last))
    assert len({one.name for one in wide}) == len(wide)
    assert all(one.opens <= one.due for one in wide)


@settings(max_examples=50, deadline=None)
@given(day=st.dates(date(2010, 1, 1), date(2026, 1, 1)), count=st.integers(1, 30))
def test_a_deadline_leaves_so_many_working_days(day: date, count: int) -> None:
    interval = read_interval(f"{count}个工作日内")
    assert interval is not None
    (window,) = stated(interval, day, FIRST, LAST)
    assert workdays_between(day, window.due) == count
    assert is_workday(window.due).worked
