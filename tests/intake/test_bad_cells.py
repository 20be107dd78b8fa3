"""Cells that cannot be recorded as they stand: named by cell and value, and nothing is written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from linli.work.intake.preview import Preview
from linli.work.intake.problems import Severity
from tests.intake.conftest import read_cells

HEADER = ["日期", "类别", "内容", "人数"]


@pytest.mark.parametrize(
    ("formula", "shown"),
    [
        ('=HYPERLINK("http://example.org","点我")', "=HYPERLINK"),
        ("=cmd|' /C calc'!A0", "=cmd"),
        ("=SUM(D2:D2)", "=SUM"),
    ],
    ids=["hyperlink", "command", "sum"],
)
def test_a_formula_without_a_value_is_an_error(
    formula: str, shown: str, workbook: Callable[..., Path], look: Callable[..., Preview]
) -> None:
    path = workbook({"活动": [["2010年活动台账"], HEADER, ["3月5日", "学习", "政策学习", formula]]})
    found = look(path)
    errors = [p for p in found.problems if p.severity is Severity.ERROR]
    assert [(p.cell, p.value.startswith(shown)) for p in errors] == [("D3", True)]


@pytest.mark.parametrize("fault", ["#REF!", "#DIV/0!", "#N/A", "#VALUE!", "#NAME?"])
def test_an_error_value_is_an_error(
    fault: str, tmp_path: Path, look: Callable[..., Preview]
) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["2010年活动台账"])
    sheet.append(HEADER)
    sheet.append(["3月5日", "学习", "政策学习", fault])
    sheet["D3"].data_type = "e"
    path = tmp_path / "台账.xlsx"
    book.save(path)
    errors = [p for p in look(path).problems if p.severity is Severity.ERROR]
    assert [(p.cell, p.value) for p in errors] == [("D3", fault)]


def test_a_total_row_of_formulas_is_only_a_warning(
    workbook: Callable[..., Path], look: Callable[..., Preview]
) -> None:
    path = workbook(
        {
            "活动": [
                ["2010年活动台账"],
                HEADER,
                ["3月5日", "学习", "学习", 20],
                ["合计", "", "", "=SUM(D3:D3)"],
            ]
        }
    )
    found = look(path)
    assert {p.severity for p in found.problems} == {Severity.WARNING}
    assert read_cells(found)[("活动", "D3")][0] == 20


def test_a_day_that_does_not_exist_is_an_error(
    workbook: Callable[..., Path], look: Callable[..., Preview]
) -> None:
    path = workbook({"活动": [["2010年活动台账"], HEADER, ["2月30日", "学习", "政策学习", 20]]})
    errors = [p for p in look(path).problems if p.severity is Severity.ERROR]
    assert [(p.cell, p.value) for p in errors] == [("A3", "2月30日")]


@pytest.mark.parametrize("text", ["ä¸­æ–‡å†…å®¹", "锟斤拷锟斤拷", "政策\ufffd学习"])
def test_garbled_text_is_an_error(
    text: str, workbook: Callable[..., Path], look: Callable[..., Preview]
) -> None:
    path = workbook({"活动": [["2010年活动台账"], HEADER, ["3月5日", "学习", text, 20]]})
    errors = [p for p in look(path).problems if p.severity is Severity.ERROR]
    assert [(p.cell, p.value) for p in errors] == [("C3", text)]


def test_text_that_looks_like_a_formula_stays_text(
    tmp_path: Path, look: Callable[..., Preview]
) -> None:
    path = tmp_path / "2010年活动.csv"
    path.write_text("日期,类别,内容,人数\n2010-03-05,学习,=cmd|' /C calc'!A0,20\n", "utf-8-sig")
    found = look(path)
    assert [r.title for r in found.records] == ["=cmd|' /C calc'!A0"]
    assert [p for p in found.problems if p.cell == "C2" and p.severity is Severity.WARNING]


def test_all_problems_are_reported_at_once_and_nothing_is_written(
    bring: Callable[..., Any], workbook: Callable[..., Path], operator: Any, place: Any
) -> None:
    from linli.core.evidence.models import Evidence
    from linli.core.records.models import Import, Record, Source

    path = workbook(
        {
            "活动": [
                HEADER,
                ["2月30日", "学习", "政策学习", "=1+1"],
                ["3月5日", "学习", "学习", 20],
            ],
            "走访": [["2010年走访"], HEADER, ["4月31日", "走访", "走访", 20]],
        }
    )
    done = bring(path)
    assert done.blocked
    assert done.created == 0
    assert {p.cell for p in done.problems if p.severity is not Severity.WARNING} >= {"D2", "A3"}
    for table in (Record, Import, Source, Evidence):
        assert not table.objects.exists()


def test_a_bad_file_comes_back_as_an_error(bring: Callable[..., Any], tmp_path: Path) -> None:
    path = tmp_path / "台账.xlsx"
    path.write_bytes(b"PK\x03\x04 nothing")
    done = bring(path)
    assert done.blocked
    assert [p.severity for p in done.problems] == [Severity.ERROR]
    assert "台账.xlsx" in done.problems[0].problem


def test_a_person_never_sees_a_traceback(linli: Callable[..., Any], tmp_path: Path) -> None:
    linli("init")
    path = tmp_path / "台账.xlsx"
    path.write_bytes(b"")
    ran = linli("import", path, "--area", "nowhere", code=2)
    assert "Traceback" not in ran.err + ran.out
