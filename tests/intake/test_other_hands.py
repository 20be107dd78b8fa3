"""Habits of other offices that the intake once misread, each in the smallest sheet that shows it."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from linli.kernel.lexer import read_quantity
from linli.work.intake.preview import Preview
from tests.intake.conftest import read_cells

Made = Callable[..., Path]
Look = Callable[..., Preview]
VISITS = [["走访台账"], ["日期", "内容", "户数"], ["2015-03-05", "走访", 3]]


def cells(found: Preview) -> dict[str, tuple[Decimal, str]]:
    return {f"{sheet}!{cell}": got[:2] for (sheet, cell), got in read_cells(found).items()}


def test_a_sheet_of_instructions_asks_nothing_and_records_nothing(
    workbook: Made, look: Look
) -> None:
    notes = [["填报说明"], ["1. 每月5日前填报上月数据，由3名专干负责。"], ["2. 本表共3张。"]]
    found = look(workbook({"使用说明": notes, "走访": VISITS}))
    assert cells(found) == {"走访!C3": (Decimal(3), "户")}
    assert [p for p in found.problems if p.sheet == "使用说明"] == []


def test_numbered_lines_under_a_note_belong_to_it(workbook: Made, look: Look) -> None:
    rows = [*VISITS, ["注：1. 走访含电话走访20户。"], ["2. 另有志愿者走访15户。"]]
    assert cells(look(workbook({"走访": rows}))) == {"走访!C3": (Decimal(3), "户")}


def test_a_note_ends_with_its_numbered_lines(workbook: Made, look: Look) -> None:
    rows = [*VISITS, ["注：含电话走访。"], ["2015-03-06", "走访", 4]]
    assert cells(look(workbook({"走访": rows})))["走访!C5"] == (Decimal(4), "户")


def test_a_column_of_codes_counts_nothing(workbook: Made, look: Look) -> None:
    rows = [["2015年走访月报"], ["项目", "单位", "统计码（勿删）", "1月", "2月", "合计"],
            ["走访低保户", "户", 1001, 3, 4, 7]]  # fmt: skip
    found = look(workbook({"月报": rows}))
    assert set(cells(found)) == {"月报!D3", "月报!E3"}
    assert not [p for p in found.problems if p.cell == "F3"]


def test_the_unit_of_a_row_is_not_that_of_a_column_of_another_sort(
    workbook: Made, look: Look
) -> None:
    rows = [["2015年捐赠物资"], ["物品", "数量", "单位", "折价（元）"], ["大米", 60, "袋", 4200]]
    assert cells(look(workbook({"物资": rows}))) == {
        "物资!B3": (Decimal(60), "袋"), "物资!D3": (Decimal(4200), "元"),
    }  # fmt: skip


def test_a_unit_of_areas_is_meant_for_areas_alone(workbook: Made, look: Look) -> None:
    rows = [["2015年活动阵地一览表（面积单位：㎡）"], ["名称", "面积", "数量"], ["图书室", 120, 2]]
    found = cells(look(workbook({"阵地": rows})))
    assert found["阵地!B3"] == (Decimal(120), "平方米")
    assert found["阵地!C3"][1] != "平方米"


def test_since_when_a_thing_is_in_use_is_neither_count_nor_date_of_work(
    workbook: Made, look: Look
) -> None:
    rows = [["2015年活动阵地一览表"], ["名称", "面积（㎡）", "启用年份"], ["图书室", 120, 2006],
            ["舞蹈室", 80, "2009年"]]  # fmt: skip
    found = look(workbook({"阵地": rows}))
    assert set(cells(found)) == {"阵地!B3", "阵地!B4"}
    assert not any(r.occurred.start and r.occurred.start.year == 2006 for r in found.records)


def test_a_column_of_years_dates_its_rows(workbook: Made, look: Look) -> None:
    rows = [["荣誉"], ["获评年份", "荣誉", "颁发单位"], [2014, "文明社区", "市文明办"],
            [2015, "平安社区", "区综治办"]]  # fmt: skip
    found = look(workbook({"荣誉": rows}))
    assert [r.occurred.start.year for r in found.records if r.occurred.start] == [2014, 2015]


def test_labels_of_a_form_may_begin_with_a_number(workbook: Made, look: Look) -> None:
    rows = [["社区概况（截至2015年底）"], ["总户数", "4,026户", "60周岁以上老人（人）", 2210],
            ["网格", "9个", "楼栋", "138栋"], ["注：人口误差约3%。"]]  # fmt: skip
    assert cells(look(workbook({"概况": rows}))) == {
        "概况!B2": (Decimal(4026), "户"), "概况!D2": (Decimal(2210), "人"),
        "概况!B3": (Decimal(9), "个"), "概况!D3": (Decimal(138), "栋"),
    }  # fmt: skip


def test_a_date_in_a_form_is_no_count(workbook: Made, look: Look) -> None:
    rows = [["社区概况（截至2015年底）"], ["成立时间", "2003.6", "网格", "9个"],
            ["总户数", "4026户", "楼栋", "138栋"]]  # fmt: skip
    found = look(workbook({"概况": rows}))
    assert "概况!B2" not in cells(found)
    assert "2003.6" in dict(found.records[0].fields).values()


@pytest.mark.parametrize(("text", "unit"), [("2019年", None), ("3年", "年"), ("20年", "年")])
def test_a_calendar_year_is_no_number_of_years(text: str, unit: str | None) -> None:
    read = read_quantity(text)
    assert (read.unit if read else None) == unit


MONTH_AND_DAY = [["2015年走访台账"], ["月", "日", "内容", "户数"], [3, 5, "走访老人", 3],
                 ["4", "12-13", "走访军属", 5], ["5月", "上旬", "走访学生", 6]]  # fmt: skip


def days(found: Preview) -> list[tuple[str, str]]:
    return [(str(r.occurred.start), str(r.occurred.end)) for r in found.records]


def test_month_and_day_in_two_columns_are_one_date(workbook: Made, look: Look) -> None:
    found = look(workbook({"走访": MONTH_AND_DAY}))
    assert days(found) == [
        ("2015-03-05", "2015-03-05"), ("2015-04-12", "2015-04-13"), ("2015-05-01", "2015-05-10"),
    ]  # fmt: skip
    assert set(cells(found)) == {"走访!D3", "走访!D4", "走访!D5"}


def test_year_month_and_day_stand_under_one_head(workbook: Made, look: Look) -> None:
    rows = [["走访台账"], ["日期", "", "", "内容", "户数"], ["年", "月", "日", "", ""],
            [2014, 12, 31, "走访老人", 3], [2015, 1, "", "走访军属", 4]]  # fmt: skip
    found = look(workbook({"走访": rows}, merges={"走访": ["A2:C2"]}))
    assert days(found) == [("2014-12-31", "2014-12-31"), ("2015-01-01", "2015-01-31")]


def test_a_merged_month_serves_its_days_and_a_blank_one_is_not_filled_down(
    workbook: Made, look: Look
) -> None:
    rows = [*MONTH_AND_DAY[:3], ["", 8, "走访军属", 5], ["", 9, "走访学生", 6]]
    merged = look(workbook({"走访": rows}, merges={"走访": ["A3:A4"]}))
    assert days(merged)[:2] == [("2015-03-05", "2015-03-05"), ("2015-03-08", "2015-03-08")]
    (told,) = [p for p in merged.problems if "看不出是哪一天" in p.problem]
    assert (told.cell, told.value) == ("A5", "9日")
    assert merged.records[2].fields["日期"] == "9日"


def test_a_thirtieth_of_february_in_two_columns_is_refused(workbook: Made, look: Look) -> None:
    found = look(workbook({"走访": [*MONTH_AND_DAY, [2, 30, "走访", 1]]}))
    assert [p.cell for p in found.problems if p.severity == "error"] == ["A6"]


def test_a_column_called_day_that_holds_other_numbers_is_none(workbook: Made, look: Look) -> None:
    rows = [["2015年走访统计"], ["月", "日", "户数"], [3, 120, 3], [4, 90, 5]]
    (plan,) = look(workbook({"走访": rows})).sheets
    assert not any(column.joined for column in plan.columns)
