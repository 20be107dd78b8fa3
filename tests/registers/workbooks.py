"""Two register workbooks as offices keep them, made anew for each test; all names are invented."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl

from tests.registers.conftest import number

Rows = list[list[Any]]

# name, relation, birth, order (odd: a man), phone, classes
FAMILIES: list[tuple[tuple[str, str, str], list[tuple[str, str, str, int, str, str]]]] = [
    (
        ("3号楼", "2单元", "301"),
        [
            ("测试甲", "户主", "1950-03-07", 1, "13800000001", "低保"),
            ("测试乙", "配偶", "1952-05-01", 2, "", "残疾、低保"),
            ("测试丙", "长子", "1980-10-10", 3, "13800000003", ""),
        ],
    ),
    (("3号楼", "2单元", "302"), [("单试丁", "户主", "1919-01-02", 4, "13800000004", "独居老人")]),
    (
        ("5号楼", "1单元", "101"),
        [
            ("尉迟测试", "户主", "1970-07-07", 5, "13800000005", ""),
            ("测试戊", "女", "2005-09-01", 6, "", ""),
        ],
    ),
]


def merged(path: Path, families: Any = None) -> Path:
    """A roster with a title, a header of two rows, a block of merged cells for each household."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "居民花名册"
    sheet.append(["花园社区居民花名册"])
    sheet.append(
        [
            "序号",
            "户主",
            "家庭住址",
            "",
            "",
            "姓名",
            "与户主\n关系",
            "身份证号码",
            "联系电话",
            "人员类别",
            "备注",
        ]
    )
    sheet.append(["", "", "楼栋", "单元", "房号", "", "", "", "", "", ""])
    spans = ["A1:K1", "C2:E2", *(f"{c}2:{c}3" for c in "ABFGHIJK")]
    row, count = 4, 0
    for place, people in families or FAMILIES:
        for name, relation, birth, order, phone, classes in people:
            count += 1
            head = people[0][0] if name == people[0][0] else ""
            where = list(place) if head else ["", "", ""]
            sheet.append(
                [count, head, *where, name, relation, number(birth, order), phone, classes, ""]
            )
        if len(people) > 1:
            spans += [f"{c}{row}:{c}{row + len(people) - 1}" for c in "BCDE"]
        row += len(people)
    sheet.append(["合计", f"{count}人"])
    sheet.append(["填表人：测试", "", "", "", "", "填表日期：2010年12月31日"])
    for span in spans:
        sheet.merge_cells(span)
    book.save(path)
    return path


FLAT_HEADER = [
    "序 号", "姓名", "性别", "公民身份号码", "现住址", "手机号", "户主姓名", "户主关系",
    "是否低保", "空巢老人", "人户状态", "户籍地址", "出生年月日",
]  # fmt: skip


def flat(path: Path, rows: Rows | None = None) -> Path:
    """A flat list with one person a row, addresses in one cell, flags for care classes."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "常住人口"
    sheet.append(FLAT_HEADER)
    for row in flat_rows() if rows is None else rows:
        sheet.append(row)
    book.create_sheet("填表说明").append(["每季度更新一次"])
    book.save(path)
    return path


def flat_rows() -> Rows:
    """Four persons; one has no number, one is registered elsewhere."""
    return [
        [1, "测试己", "男", number("1940-01-01", 11), "幸福路12号7栋1单元201室", "13800000011",
         "测试己", "本人", "否", "√", "人户一致", "", "1940-01-01"],
        [2, "测 试 庚", "女", number("1942-02-02", 12), "7-1-201", "", "测试己", "老伴", "",
         "√", "", "", ""],
        [3, "测试辛", "男", "", "7栋1单元202", "010-88887777", "测试辛", "户主", "是", "",
         "人在户不在", "外县某村", "1990-05-05"],
        [4, "测试壬", "女", number("1991-06-06", 14), "7栋1单元202", "", "测试辛", "妻", "是",
         "", "", "", ""],
    ]  # fmt: skip
