"""What stands in an old .xls beside its values: error cells, percentages, hidden rows."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
import xlwt
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linli.work.intake.preview import Preview
from linli.work.intake.problems import Severity
from linli.work.intake.xls_marks import xls_marks
from tests.intake.conftest import read_cells

Look = Callable[..., Preview]
PERCENT = xlwt.easyxf(num_format_str="0.0%")
WRITTEN = xlwt.easyxf(num_format_str='0.0"％"')


@pytest.fixture
def old(tmp_path: Path) -> tuple[Path, xlwt.Workbook, xlwt.Worksheet]:
    """A ledger in .xls, not yet saved."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("服务台账")
    rows = [["2015年服务台账"], ["日期", "内容", "户数", "满意率"], ["2015-03-05", "走访", 3, ""],
            ["2015-03-06", "义诊", 4, ""]]  # fmt: skip
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            sheet.write(number, column, value)
    return tmp_path / "台账.xls", book, sheet


Old = tuple[Path, xlwt.Workbook, xlwt.Worksheet]


def save(old: Old) -> Path:
    path, book, _ = old
    book.save(str(path))
    return path


@pytest.mark.parametrize("fault", ["#REF!", "#DIV/0!", "#NULL!", "#NAME?"])
def test_an_error_cell_stops_the_import(fault: str, old: Old, look: Look) -> None:
    old[2].row(4).set_cell_text(1, "理发")
    old[2].row(4).set_cell_error(2, fault)
    found = look(save(old))
    (told,) = [p for p in found.problems if p.severity is Severity.ERROR]
    assert (told.sheet, told.cell, told.value, told.problem) == (
        "服务台账",
        "C5",
        fault,
        "公式出错",
    )


def test_a_percentage_is_read_as_one(old: Old, look: Look) -> None:
    old[2].row(4).set_cell_text(1, "理发")
    old[2].write(4, 3, 0.97, PERCENT)
    assert read_cells(look(save(old)))["服务台账", "D5"][:2] == (Decimal(97), "%")


def test_percentages_beside_each_other_are_all_seen(old: Old) -> None:
    for column in range(4, 9):
        old[2].write(3, column, column, PERCENT if column != 6 else WRITTEN)
    assert xls_marks(save(old))["服务台账"].percents == {3: {4, 5, 7, 8}}


def test_a_hidden_row_is_told(old: Old, look: Look) -> None:
    old[2].row(3).hidden = True
    found = look(save(old))
    (told,) = [p for p in found.problems if "隐藏" in p.problem]
    assert told.cell == "A4"


def test_marks_go_to_their_own_sheet_of_several(old: Old) -> None:
    other = old[1].add_sheet("二")
    other.row(0).set_cell_error(0, "#NUM!")
    found = xls_marks(save(old))
    assert found["服务台账"].faults == {}
    assert found["二"].faults == {0: {0: "#NUM!"}}


def test_a_large_file_is_followed_through_its_chains(old: Old) -> None:
    sheet = old[1].add_sheet("长")
    for row in range(20_000):
        sheet.write(row, 0, row)
    sheet.row(19_999).set_cell_error(1, "#NUM!")
    assert xls_marks(save(old))["长"].faults == {19_999: {1: "#NUM!"}}


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_a_damaged_file_says_nothing_and_breaks_nothing(data: st.DataObject, old: Old) -> None:
    if not old[0].exists():
        save(old)
    whole = bytearray(old[0].read_bytes())
    for _ in range(data.draw(st.integers(1, 8))):
        whole[data.draw(st.integers(8, len(whole) - 1))] = data.draw(st.integers(0, 255))
    broken = old[0].with_name("坏.xls")
    broken.write_bytes(whole[: data.draw(st.integers(600, len(whole)))])
    for marks in xls_marks(broken).values():
        assert all(row < 65_536 for row in (*marks.faults, *marks.percents, *marks.hidden_rows))


SPREADSHEET = """<?xml version="1.0" encoding="UTF-8"?>
<office:document-content
 xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>
<table:table table:name="走访">{rows}</table:table></office:spreadsheet></office:body>
</office:document-content>"""
MANIFEST = '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
CELL = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'


def test_of_an_ods_it_is_said_what_cannot_be_seen(tmp_path: Path, look: Look) -> None:
    rows = [["日期", "内容", "户数"], ["2015-03-05", "走访", "3户"]]
    table = "".join(
        f"<table:table-row>{''.join(map(CELL.format, row))}</table:table-row>" for row in rows
    )
    path = tmp_path / "台账.ods"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", MANIFEST)
        archive.writestr("content.xml", SPREADSHEET.format(rows=table))
    found = look(path)
    assert read_cells(found)["走访", "C2"][:2] == (Decimal(3), "户")
    (told,) = [p for p in found.problems if "看不出来" in p.problem]
    assert told.severity is Severity.WARNING
