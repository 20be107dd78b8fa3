"""Shapes of sheets that other offices use: months as columns, forms, tables beside each other, …"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import xlwt

from linli.work.intake.preview import Preview
from linli.work.intake.problems import Severity
from tests.intake.conftest import read_cells

Made = Callable[..., Path]
Look = Callable[..., Preview]


def values(found: Preview) -> dict[str, tuple[Decimal, str, str]]:
    return {cell: got[:3] for (_, cell), got in read_cells(found).items()}


def test_months_as_columns_become_summaries_of_the_months(workbook: Made, look: Look) -> None:
    path = workbook(
        {"月报": [["2018年走访月报（单位：户）"], ["项目", "1月", "2月", "合计"], ["走访低保户", 3, 4, 7],
                ["走访老人", 5, "6余", 12], ["合计", 8, 10, 18]]}
    )  # fmt: skip
    found = look(path)
    assert values(found) == {
        "B3": (Decimal(3), "户", "exact"), "C3": (Decimal(4), "户", "exact"),
        "B4": (Decimal(5), "户", "exact"), "C4": (Decimal(6), "户", "over"),
    }  # fmt: skip
    spans = {(str(r.occurred.start), str(r.occurred.end), r.grain) for r in found.records}
    assert spans == {
        ("2018-01-01", "2018-01-31", "summary"), ("2018-02-01", "2018-02-28", "summary"),
    }  # fmt: skip


def test_a_total_column_is_held_against_its_row(workbook: Made, look: Look) -> None:
    path = workbook(
        {"月报": [["2018年走访户数"], ["项目", "1月", "2月", "合计"], ["走访", 3, 4, 8]]}
    )
    found = look(path)
    told = [p for p in found.problems if p.cell == "D3"]
    assert len(told) == 1
    assert "8" in told[0].problem
    assert "7" in told[0].problem


def test_two_header_rows_join_group_and_column(workbook: Made, look: Look) -> None:
    rows = [
        ["2012年走访统计表"], ["网格", "1月", "", "2月", ""], ["", "户数", "人次", "户数", "人次"],
        ["第一网格", 10, 20, 11, 22],
    ]  # fmt: skip
    path = workbook({"统计": rows}, merges={"统计": ["A1:E1", "A2:A3", "B2:C2", "D2:E2"]})
    found = look(path)
    assert values(found)["E4"] == (Decimal(22), "人次", "exact")
    by_month = {r.occurred.start: len(r.quantities) for r in found.records}
    assert by_month == {date(2012, 1, 1): 2, date(2012, 2, 1): 2}


def test_two_header_rows_without_merges(workbook: Made, look: Look) -> None:
    rows = [
        ["2012年统计"],
        ["日期", "内容", "数量", ""],
        ["", "", "户数", "金额（元）"],
        ["3月5日", "走访", 20, 900],
    ]
    found = look(workbook({"统计": rows}))
    assert values(found) == {
        "C4": (Decimal(20), "户", "exact"), "D4": (Decimal(900), "元", "exact"),
    }  # fmt: skip


def test_years_as_columns_and_units_in_the_items(workbook: Made, look: Look) -> None:
    rows = [
        ["完成情况"],
        ["项目", "2010年", "2011年"],
        ["筹措资金（万元）", 3.5, "4余"],
        ["满意率（%）", 95, 0.97],
    ]
    found = look(workbook({"统计": rows}))
    assert values(found) == {
        "B3": (Decimal(35000), "元", "exact"), "C3": (Decimal(40000), "元", "over"),
        "B4": (Decimal(95), "%", "exact"), "C4": (Decimal(97), "%", "exact"),
    }  # fmt: skip


def test_a_form_without_a_header_is_one_record(workbook: Made, look: Look) -> None:
    rows = [
        ["幸福社区基本情况"], ["社区名称", "幸福社区", "联系电话", "88881234"],
        ["总户数", "2300户", "总人口", 6800], ["其中：低保户", 45, "党员数", 210],
    ]  # fmt: skip
    found = look(workbook({"概况": rows}), as_of=date(2012, 12, 31))
    assert len(found.records) == 1
    cells = {cell: got for (_, cell), got in read_cells(found).items()}
    assert cells["B3"] == (Decimal(2300), "户", "exact", None)
    assert cells["B4"] == (Decimal(45), "户", "exact", "B3")
    assert "D2" not in cells


def test_tables_beside_each_other_are_two(workbook: Made, look: Look) -> None:
    rows = [
        ["志愿服务", "", "", "", "文体活动"], ["日期", "内容", "人数", "", "日期", "内容", "人数"],
        ["3月5日", "学雷锋", 30, "", "5月1日", "广场舞", 100], ["合计", "", 30],
    ]  # fmt: skip
    path = workbook({"并排": rows}, merges={"并排": ["A1:C1", "E1:G1"]})
    found = look(path, year=2012)
    assert [(r.title, str(r.occurred.start)) for r in found.records] == [
        ("学雷锋", "2012-03-05"), ("广场舞", "2012-05-01"),
    ]  # fmt: skip
    assert set(values(found)) == {"C3", "G3"}


def test_a_header_that_repeats_to_the_right(workbook: Made, look: Look) -> None:
    rows = [
        ["2012年便民服务"], ["项目", "数量", "单位", "项目", "数量", "单位"],
        ["发放传单", 2000, "份", "接待咨询", "300余", "人次"],
    ]  # fmt: skip
    found = look(workbook({"重复": rows}))
    assert values(found) == {
        "B3": (Decimal(2000), "份", "exact"), "E3": (Decimal(300), "人次", "over"),
    }  # fmt: skip


def test_several_tables_under_each_other(workbook: Made, look: Look) -> None:
    rows = [
        ["2012年走访台账"], ["日期", "内容", "户数"], ["3月5日", "走访困难家庭", 20], ["合计", "", 20],
        [], ["2012年募捐台账"], ["日期", "内容", "金额（元）"], ["4月1日", "爱心捐款", "9000多"],
        ["填表人：", "", "审核人："],
    ]  # fmt: skip
    found = look(workbook({"台账": rows}))
    assert values(found) == {
        "C3": (Decimal(20), "户", "exact"), "C8": (Decimal(9000), "元", "over"),
    }  # fmt: skip
    assert [r.kind for r in found.records] == ["base.visit", "base.donation"]


def test_subtotals_and_a_total(workbook: Made, look: Look) -> None:
    rows = [
        ["2012年救助台账"], ["类别", "事项", "户数"], ["低保", "春节慰问", 20], ["", "夏季慰问", 5], ["小计", "", 25],
        ["临时", "临时救助", 10], ["小计", "", 11], ["合计", "", 36],
    ]  # fmt: skip
    found = look(workbook({"台账": rows}))
    assert set(values(found)) == {"C3", "C4", "C6"}
    assert {p.cell for p in found.problems if "合计写的是" in p.problem} == {"C7", "C8"}


def test_a_part_in_a_remark_belongs_to_the_row_s_number(workbook: Made, look: Look) -> None:
    rows = [
        ["2012年救助台账"],
        ["日期", "内容", "户数", "备注"],
        ["3月5日", "慰问困难家庭", 20, "其中残疾家庭8户"],
    ]
    found = look(workbook({"台账": rows}))
    cells = {cell: got for (_, cell), got in read_cells(found).items()}
    assert cells["D3"] == (Decimal(8), "户", "exact", "C3")


def test_a_number_merged_over_rows_counts_once(workbook: Made, look: Look) -> None:
    rows = [["2012年活动"], ["日期", "内容", "人数"], ["3月5日", "量血压", 40], ["", "理发", ""]]
    path = workbook({"活动": rows}, merges={"活动": ["A3:A4", "C3:C4"]})
    found = look(path)
    assert values(found) == {"C3": (Decimal(40), "人", "exact")}
    assert [str(r.occurred.start) for r in found.records] == ["2012-03-05", "2012-03-05"]


def test_a_csv_in_gbk_and_one_in_utf8_read_the_same(tmp_path: Path, look: Look) -> None:
    text = "日期,内容,户数\n2012-03-05,走访困难家庭,20\n2012年4月,走访,6余\n"
    seen = []
    for encoding in ("gbk", "utf-8", "utf-8-sig", "utf-16"):
        path = tmp_path / f"走访{encoding}.csv"
        path.write_bytes(text.encode(encoding))
        seen.append(
            [(r.title, r.occurred.start, r.quantities[0].quantity) for r in look(path).records]
        )
    assert seen[0] == seen[1] == seen[2] == seen[3]
    assert len(seen[0]) == 2


def test_a_tabbed_text_saved_as_xls(tmp_path: Path, look: Look) -> None:
    path = tmp_path / "走访.xls"
    path.write_bytes("日期\t内容\t户数\n2012-03-05\t走访困难家庭\t20\n".encode("gbk"))
    assert values(look(path)) == {"C2": (Decimal(20), "户", "exact")}


def test_an_old_xls_with_merges(tmp_path: Path, look: Look) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("走访")
    sheet.write_merge(0, 0, 0, 2, "2012年走访台账")
    for column, text in enumerate(("日期", "内容", "户数")):
        sheet.write(1, column, text)
    sheet.write_merge(2, 3, 0, 0, "3月5日")
    sheet.write(2, 1, "走访困难家庭")
    sheet.write(2, 2, 20)
    sheet.write(3, 1, "走访残疾家庭")
    sheet.write(3, 2, "10余")
    path = tmp_path / "走访.xls"
    book.save(str(path))
    found = look(path)
    assert values(found) == {
        "C3": (Decimal(20), "户", "exact"), "C4": (Decimal(10), "户", "over"),
    }  # fmt: skip
    assert {str(r.occurred.start) for r in found.records} == {"2012-03-05"}


def test_a_percent_format_is_a_percentage(tmp_path: Path, look: Look) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (["2012年指标完成情况"], ["指标", "完成情况"], ["群众满意率", 0.976], ["调处率", 1]):
        sheet.append(row)
    sheet["B3"].number_format = sheet["B4"].number_format = "0.0%"
    path = tmp_path / "指标.xlsx"
    book.save(path)
    assert values(look(path)) == {
        "B3": (Decimal("97.6"), "%", "exact"), "B4": (Decimal(100), "%", "exact"),
    }  # fmt: skip


def test_hidden_rows_and_sheets_are_read_and_said(tmp_path: Path, look: Look) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (
        ["2012年走访台账"],
        ["日期", "内容", "户数"],
        ["3月5日", "走访", 20],
        ["3月6日", "走访", 5],
    ):
        sheet.append(row)
    sheet.row_dimensions[4].hidden = True
    other = book.create_sheet("旧表")
    for row in (["2012年募捐"], ["日期", "内容", "金额（元）"], ["3月8日", "捐款", 900]):
        other.append(row)
    other.sheet_state = "hidden"
    path = tmp_path / "台账.xlsx"
    book.save(path)
    found = look(path)
    assert len(found.records) == 3
    told = {(p.sheet, p.severity) for p in found.problems if "隐藏" in p.problem}
    assert told == {("Sheet", Severity.WARNING), ("旧表", Severity.WARNING)}


def test_a_title_s_quantity_is_a_record_and_a_note_s_is_not(workbook: Made, look: Look) -> None:
    rows = [
        ["2012年绿化工程（总投入35万余元）"], ["项目", "数量", "单位"], ["花坛", 15, "个"],
        ["注：另有20户参加认养。"], ["填表人：王某   审核人：赵某"],
    ]  # fmt: skip
    found = look(workbook({"工程": rows}))
    assert values(found) == {
        "A1": (Decimal(350000), "元", "over"), "B3": (Decimal(15), "个", "exact"),
    }  # fmt: skip


def test_a_file_name_never_decides_the_year(workbook: Made, look: Look) -> None:
    rows = [["走访台账"], ["日期", "内容", "户数"], ["3月5日", "走访", 20]]
    found = look(workbook({"走访": rows}, name="2015年走访台账.xlsx"))
    asked = [p for p in found.problems if p.severity is Severity.QUESTION]
    assert [p.cell for p in asked] == ["A3"]
    assert "2015" in asked[0].way_out


def test_a_page_break_s_repeated_header_is_no_row(workbook: Made, look: Look) -> None:
    header = ["日期", "内容", "户数"]
    rows = [["2012年走访台账"], header, ["3月5日", "走访", 20], header, ["3月6日", "走访", 5]]
    assert len(look(workbook({"走访": rows})).records) == 2


def test_whom_a_row_is_about_does_not_make_its_count_a_part(workbook: Made, look: Look) -> None:
    rows = [
        ["走访慰问活动台账"], ["日期", "活动内容", "对象", "户数"],
        ["2012年1月12日", "春节前走访慰问低保户", "低保户", 30], ["", "其中：残疾家庭", "", 8],
        ["2012年1月20日", "看望孤寡老人", "老人", 12],
    ]  # fmt: skip
    found = look(workbook({"走访": rows}))
    measures = {q.cell: q.measure for r in found.records for q in r.quantities}
    assert measures == {
        "D3": "base.visit.households", "D4": "base.visit.disabled", "D5": "base.visit.households",
    }  # fmt: skip


def test_a_title_over_names_and_numbers_begins_a_table(workbook: Made, look: Look) -> None:
    rows = [
        ["2012年走访台账"], ["日期", "内容", "户数"], ["2012年3月5日", "走访", 12], ["", "", ""],
        ["物品发放情况"], ["物品", "发放数量", "单位"], ["洗衣液", 46, "瓶"], ["大米", 20, "袋"],
    ]  # fmt: skip
    assert values(look(workbook({"走访": rows}))) == {
        "C3": (Decimal(12), "户", "exact"),
        "B7": (Decimal(46), "瓶", "exact"), "B8": (Decimal(20), "袋", "exact"),
    }  # fmt: skip
