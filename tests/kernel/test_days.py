"""Dates as ledgers write them."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.kernel.days import Precision, read_date, signature, words
from tests.kernel.strategies import days

AS_OF = date(2010, 11, 10)


def _spans(text: object, **known: object) -> str:
    reading = read_date(text, **known)  # type: ignore[arg-type]
    assert reading is not None, text
    return " ".join(
        f"{one.start or '?'}" + ("" if one.start == one.end else f"..{one.end or '?'}")
        for one in reading.occurred
    )


@pytest.mark.parametrize(
    ("text", "span", "precision"),
    [
        ("3月5日", "2010-03-05", "day"),
        ("3月5号", "2010-03-05", "day"),
        ("三月五日", "2010-03-05", "day"),
        ("3.12下午", "2010-03-12", "day"),
        ("3/21", "2010-03-21", "day"),
        ("3-21", "2010-03-21", "day"),
        ("3月5", "2010-03-05", "day"),
        ("3月5日(周五)", "2010-03-05", "day"),
        ("3月5日星期五上午9:30", "2010-03-05", "day"),
        ("3月5日14:00-16:00", "2010-03-05", "day"),
        ("12月廿一日", "2010-12-21", "day"),
        ("3月下旬", "2010-03-21..2010-03-31", "dekad"),
        ("2月中旬", "2010-02-11..2010-02-20", "dekad"),
        ("3月上旬", "2010-03-01..2010-03-10", "dekad"),
        ("3月初", "2010-03-01..2010-03-10", "dekad"),
        ("2月底", "2010-02-21..2010-02-28", "dekad"),
        ("三月", "2010-03-01..2010-03-31", "month"),
        ("3月份", "2010-03-01..2010-03-31", "month"),
        ("第一季度", "2010-01-01..2010-03-31", "quarter"),
        ("三季度", "2010-07-01..2010-09-30", "quarter"),
        ("Q4", "2010-10-01..2010-12-31", "quarter"),
        ("上半年", "2010-01-01..2010-06-30", "half"),
        ("下半年", "2010-07-01..2010-12-31", "half"),
        ("全年", "2010-01-01..2010-12-31", "year"),
        ("年初", "2010-01-01..2010-03-31", "quarter"),
        ("年中", "2010-04-01..2010-06-30", "quarter"),
        ("年底", "2010-10-01..2010-12-31", "quarter"),
        ("3月5日-7日", "2010-03-05..2010-03-07", "span"),
        ("3月5日至3月12日", "2010-03-05..2010-03-12", "span"),
        ("3.5-3.8", "2010-03-05..2010-03-08", "span"),
        ("3-5月", "2010-03-01..2010-05-31", "span"),
        ("3月~5月", "2010-03-01..2010-05-31", "span"),
        ("3月下旬至4月上旬", "2010-03-21..2010-04-10", "span"),
        ("一至三季度", "2010-01-01..2010-09-30", "span"),
        ("前三季度", "2010-01-01..2010-09-30", "span"),
        ("元宵节", "2010-02-28", "festival"),
        ("九九重阳节", "2010-10-16", "festival"),
        ("中秋节当天", "2010-09-22", "festival"),
        ("春节前", "2010-02-06..2010-02-13", "festival"),
        ("春节后", "2010-02-15..2010-02-21", "festival"),
        ("春节期间", "2010-02-13..2010-02-20", "festival"),
        ("国庆假期", "2010-10-01..2010-10-07", "festival"),
        ("元旦期间", "2010-01-01..2010-01-03", "festival"),
        ("端午节前后", "2010-06-09..2010-06-23", "festival"),
        ("中秋节前夕", "2010-09-15..2010-09-21", "festival"),
        ("暑假期间", "2010-07-01..2010-08-31", "festival"),
        ("春季", "2010-03-01..2010-05-31", "festival"),
        ("3月底前", "?..2010-03-31", "until"),
    ],
)
def test_without_a_year_the_sheet_gives_it(text: str, span: str, precision: str) -> None:
    assert _spans(text, year=2010) == span
    reading = read_date(text, year=2010)
    assert reading is not None
    assert reading.occurred[0].precision == Precision(precision)
    assert (reading.supplied, reading.needs) == ({"year"}, frozenset())
    asked = read_date(text)
    assert asked is not None
    assert (asked.needs, asked.supplied) == ({"year"}, frozenset())
    assert asked.occurred[0].start is asked.occurred[0].end is None
    assert asked.occurred[0].precision == Precision(precision)


@pytest.mark.parametrize(
    ("text", "span", "precision"),
    [
        ("2010-11-10", "2010-11-10", "day"),
        ("2010/3/5", "2010-03-05", "day"),
        ("2010.3.5", "2010-03-05", "day"),
        ("2010-03-05 00:00:00", "2010-03-05", "day"),
        ("2010年 3月 5日", "2010-03-05", "day"),
        ("20100305", "2010-03-05", "day"),
        ("２０１０年３月５日", "2010-03-05", "day"),
        ("二0一0年五月十二日", "2010-05-12", "day"),
        ("二〇一〇年五月十二日", "2010-05-12", "day"),
        ("二O一O年十二月三十一日", "2010-12-31", "day"),
        ("08年3月5日", "2008-03-05", "day"),
        ("九八年三月", "1998-03-01..1998-03-31", "month"),
        ("2009.3", "2009-03-01..2009-03-31", "month"),
        ("2009.10", "2009-10-01..2009-10-31", "month"),
        ("2009-03", "2009-03-01..2009-03-31", "month"),
        ("2010年3月", "2010-03-01..2010-03-31", "month"),
        ("2010年3月下旬", "2010-03-21..2010-03-31", "dekad"),
        ("2009年", "2009-01-01..2009-12-31", "year"),
        ("2009", "2009-01-01..2009-12-31", "year"),
        ("2009年度", "2009-01-01..2009-12-31", "year"),
        ("08年", "2008-01-01..2008-12-31", "year"),
        ("98年", "1998-01-01..1998-12-31", "year"),
        ("2006年初", "2006-01-01..2006-03-31", "quarter"),
        ("2011上半年", "2011-01-01..2011-06-30", "half"),
        ("2011年第2季度", "2011-04-01..2011-06-30", "quarter"),
        ("2006-2008", "2006-01-01..2008-12-31", "years"),
        ("2007年至2009年", "2007-01-01..2009-12-31", "years"),
        ("2007—2009年度", "2007-01-01..2009-12-31", "years"),
        ("2010.3.5-2010.3.7", "2010-03-05..2010-03-07", "span"),
        ("2010年12月-2011年2月", "2010-12-01..2011-02-28", "span"),
        ("2010年3月5日-8日", "2010-03-05..2010-03-08", "span"),
        ("2010年3-5月", "2010-03-01..2010-05-31", "span"),
        ("2010年前三季度", "2010-01-01..2010-09-30", "span"),
        ("2026年春节", "2026-02-17", "festival"),
        ("截至2010年3月", "?..2010-03-31", "until"),
        ("2010年3月5日前", "?..2010-03-05", "until"),
        ("近年来", "?..?", "unknown"),
        ("近期", "?..?", "unknown"),
        ("日期不详", "?..?", "unknown"),
    ],
)
def test_dates_that_need_nothing(text: str, span: str, precision: str) -> None:
    if span == "?..?":
        span = "?"
    assert _spans(text) == span
    reading = read_date(text, year=1999, as_of=date(1999, 1, 1))
    assert reading == read_date(text)
    assert reading is not None
    assert (reading.needs, reading.supplied) == (frozenset(), frozenset())
    assert reading.occurred[0].precision == Precision(precision)
    assert reading.occurred[0].words == text


@pytest.mark.parametrize(
    ("text", "span", "precision"),
    [
        ("今年", "2010-01-01..2010-12-31", "year"),
        ("去年9月", "2009-09-01..2009-09-30", "month"),
        ("前年", "2008-01-01..2008-12-31", "year"),
        ("明年三月五日", "2011-03-05", "day"),
        ("今年第一季度", "2010-01-01..2010-03-31", "quarter"),
        ("去年底", "2009-10-01..2009-12-31", "quarter"),
        ("今年元宵节", "2010-02-28", "festival"),
        ("本月", "2010-11-01..2010-11-30", "month"),
        ("上月下旬", "2010-10-21..2010-10-31", "dekad"),
        ("上个月", "2010-10-01..2010-10-31", "month"),
        ("下月5日", "2010-12-05", "day"),
        ("本季度", "2010-10-01..2010-12-31", "quarter"),
        ("上季度", "2010-07-01..2010-09-30", "quarter"),
        ("昨天下午", "2010-11-09", "day"),
        ("前天", "2010-11-08", "day"),
        ("今日", "2010-11-10", "day"),
        ("本周", "2010-11-08..2010-11-14", "span"),
        ("上周", "2010-11-01..2010-11-07", "span"),
        ("三年来", "2007-11-11..2010-11-10", "years"),
        ("近三年", "2007-11-11..2010-11-10", "years"),
        ("十二年来", "1998-11-11..2010-11-10", "years"),
        ("近3个月", "2010-08-11..2010-11-10", "span"),
        ("今年以来", "2010-01-01..2010-11-10", "span"),
    ],
)
def test_dates_that_count_from_the_day_of_writing(text: str, span: str, precision: str) -> None:
    assert _spans(text, as_of=AS_OF) == span
    reading = read_date(text, as_of=AS_OF)
    assert reading is not None
    assert (reading.needs, reading.supplied) == (frozenset(), {"as_of"})
    assert reading.occurred[0].precision == Precision(precision)
    asked = read_date(text)
    assert asked is not None
    assert asked.needs == {"as_of"}
    assert asked.occurred[0].precision == Precision(precision)


@pytest.mark.parametrize("text", ["从08年开始", "自2008年起", "2008年以来", "2008年至今"])
def test_since_a_point(text: str) -> None:
    assert _spans(text, as_of=AS_OF) == "2008-01-01..2010-11-10"
    reading = read_date(text)
    assert reading is not None
    assert reading.needs == {"as_of"}
    assert (reading.occurred[0].start, reading.occurred[0].end) == (date(2008, 1, 1), None)


def test_three_years_to_the_end_of_a_year() -> None:
    assert _spans("三年来", as_of=date(2007, 12, 31)) == "2005-01-01..2007-12-31"


def test_this_year_is_the_sheets_year_when_no_day_of_writing_is_known() -> None:
    reading = read_date("去年9月", year=2007)
    assert _spans("去年9月", year=2007) == "2006-09-01..2006-09-30"
    assert reading is not None
    assert reading.supplied == {"year"}


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("3月5、8日", "2010-03-05 2010-03-08"),
        ("3月8日、3月12日", "2010-03-08 2010-03-12"),
        ("3月5日、8日和4月1日", "2010-03-05 2010-03-08 2010-04-01"),
        ("元宵节、中秋节", "2010-02-28 2010-09-22"),
        ("元旦和春节期间", "2010-01-01 2010-02-13..2010-02-20"),
        ("3月5日-7日，12日", "2010-03-05..2010-03-07 2010-03-12"),
        ("2010年3月、5月", "2010-03-01..2010-03-31 2010-05-01..2010-05-31"),
        ("去年3月、5月", "2009-03-01..2009-03-31 2009-05-01..2009-05-31"),
    ],
)
def test_several_days(text: str, spans: str) -> None:
    assert _spans(text, year=2010, as_of=AS_OF) == spans


def test_the_words_of_each_day_stay_with_it() -> None:
    reading = read_date("元宵节、中秋节", year=2010)
    assert reading is not None
    assert [one.words for one in reading.occurred] == ["元宵节", "中秋节"]


@pytest.mark.parametrize(
    ("text", "words_of_fault"),
    [
        ("2月30日", "2月30日"), ("13月5日", "13月5日"), ("2010-13-05", "2010-13-05"),
        ("2010年2月29日", "2010年2月29日"), ("13月", "13月"), ("13月上旬", "13月上旬"),
        ("2/30", "2/30"),
        ("4月31日、5月2日", "4月31日"), ("3月5日、32日", "3月32日"), ("2012-2010", "2012-2010"),
        ("3月8日至3月5日", "3月8日至3月5日"), ("5月-3月", "5月-3月"), ("1066年3月", "1066年3月"),
        ("下月31日", "下月31日"), ("13-15月", "13-15月"),
    ],
)  # fmt: skip
def test_days_that_do_not_exist(text: str, words_of_fault: str) -> None:
    reading = read_date(text, year=2010, as_of=date(2010, 10, 5))
    assert reading is not None
    assert reading.fault is not None
    assert f"“{words_of_fault}”" in reading.fault
    assert reading.occurred == ()


def test_29_february_is_a_day_until_the_year_is_known() -> None:
    unknown, leap, plain = (read_date("2月29日", year=year) for year in (None, 2008, 2010))
    assert unknown is not None
    assert unknown.fault is None
    assert leap is not None
    assert leap.occurred[0].start == date(2008, 2, 29)
    assert plain is not None
    assert plain.fault == "日历上没有“2月29日”"


@pytest.mark.parametrize(
    "text",
    ["", "走访慰问", "20户", "3.45", "13.5", "8000", "12345678", "20101399", "2009.30", "第三",
     "5日", "一批",
     "三", "?281", "2.5万", "起", "前", "元宵", "3月5日走访",
     "2010年3月5日上午在社区活动室召开居民代表大会", "0年来",
     "1800.5", "，", "4-2季度", "一般", "6"],
)  # fmt: skip
def test_what_is_no_date(text: str) -> None:
    found = read_date(text, year=2010, as_of=AS_OF)
    assert found is None or (text == "元宵" and found.occurred)


@pytest.mark.parametrize(
    ("number", "span", "ambiguous"),
    [
        (40242, "2010-03-05", False), (40242.5, "2010-03-05", False), (3.12, "2010-03-12", False),
        (3.1, "2010-03-01", True), (3.4, "2010-03-04", False),
        (2009.3, "2009-03-01..2009-03-31", False),
        (2009.1, "2009-01-01..2009-01-31", True), (2009.12, "2009-12-01..2009-12-31", False),
        (2010, "2010-01-01..2010-12-31", False), (2010.0, "2010-01-01..2010-12-31", False),
    ],
)  # fmt: skip
def test_numbers_in_a_date_column(number: float, span: str, ambiguous: bool) -> None:
    assert _spans(number, year=2010) == span
    reading = read_date(number, year=2010)
    assert reading is not None
    assert reading.ambiguous is ambiguous


@pytest.mark.parametrize("number", [0, -1, 3, 1000, 1899, 2200, 0.97, 13.5, 99_999, True, 1e9])
def test_numbers_that_are_no_date(number: float) -> None:
    assert read_date(number, year=2010) is None


def test_dates_of_a_workbook() -> None:
    assert _spans(date(2010, 3, 5)) == "2010-03-05"
    assert _spans(datetime(2010, 3, 5, 14, 30)) == "2010-03-05"  # noqa: DTZ001


@given(days)
def test_written_days_are_read(day: date) -> None:
    for text in (words(day, year=True), signature(day), day.isoformat(), f"{day:%Y/%m/%d}"):
        assert _spans(text) == day.isoformat()
    if (day.month, day.day) != (2, 29):
        assert _spans(words(day), year=day.year) == day.isoformat()


@given(
    st.text(
        alphabet="0123456789年月日号上中下旬季度半至-~.、/前后起来近今去本一二三十零〇 春节元旦",
        max_size=12,
    )
)
def test_any_text_is_read_or_left(text: str) -> None:
    for known in ({}, {"year": 2010}, {"as_of": AS_OF}, {"year": 2010, "as_of": AS_OF}):
        reading = read_date(text, **known)  # type: ignore[arg-type]
        if reading is None:
            continue
        assert reading.needs.isdisjoint(reading.supplied)
        assert reading.supplied <= set(known)
        for one in reading.occurred:
            assert one.start is None or one.end is None or one.start <= one.end
            known_all = len(known) == 2 and one.precision not in ("unknown", "until")
            assert not known_all or (one.start is not None and one.end is not None)


def test_wording() -> None:
    assert words(date(2010, 3, 5)) == "3月5日"
    assert words(date(2010, 3, 5), year=True) == "2010年3月5日"
    assert signature(date(2010, 5, 12)) == "二〇一〇年五月十二日"
    assert signature(date(2011, 10, 20)) == "二〇一一年十月二十日"
    assert signature(date(2012, 11, 30)) == "二〇一二年十一月三十日"
