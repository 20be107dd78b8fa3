"""Ledgers: what a printed workbook shows, and that no cell of it can calculate."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from linli.core.access.rules import Actor
from linli.insight import queries
from linli.kernel.errors import Refusal
from linli.kernel.quantities import Qualifier, Quantity
from linli.kernel.wording import phrase
from tests.insight.conftest import Record

pytestmark = pytest.mark.django_db
VISITS = "base.visits_ledger"


@pytest.fixture
def visits(record: Record) -> None:
    whole = "base.visit.households"
    record("base.visit", "走访一", "2010-03-05", {whole: (20, "户")})
    record(
        "base.visit", '=HYPERLINK("http://x","点我")', "2010-02-01", {whole: (200, "户", "over")}
    )
    record("base.visit", "+1+cmd|' /C calc'!A0", "2010-03-09")
    record("base.visit", "去年的", "2009-03-09")


def test_rows_are_of_the_period_in_the_order_of_their_days(actor: Actor, visits: None) -> None:
    found = queries.ledger(actor, VISITS, "street", "2010Q1")
    titles = [column.title for column in found.columns]
    assert len(found.rows) == len(found.records) == 3
    assert [row[0] for row in found.rows] == ["1", "2", "3"]
    assert "走访一" in found.rows[1]
    assert "200余户" in found.rows[0]
    assert all(len(row) == len(titles) for row in found.rows)


def test_the_workbook_prints_well_and_never_calculates(
    actor: Actor, visits: None, tmp_path: Path
) -> None:
    path = tmp_path / "l.xlsx"
    queries.ledger(actor, VISITS, "north", "2010").write(path)
    sheet = openpyxl.load_workbook(path).worksheets[0]
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    assert any(str(cell.value).startswith("=HYPERLINK") for cell in cells)
    assert not any(cell.hyperlink for cell in cells)
    assert sheet.print_title_rows == "$1:$2"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage  # one page wide (the default), any long
    assert sheet.page_setup.fitToHeight == 0
    assert "&P" in sheet.oddFooter.center.text
    foot = "".join(str(cell.value) for cell in list(sheet.iter_rows())[-1] if cell.value)
    for word in ("填报单位：北社区", "填表人：", "审核人：", "日期："):
        assert word in foot


def test_csv_is_inert(actor: Actor, visits: None, tmp_path: Path) -> None:
    path = tmp_path / "l.csv"
    queries.ledger(actor, VISITS, "north", "2010").write(path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert any(cell.startswith("'=HYPERLINK") for cell in cells)
    assert not any(cell.startswith(("=", "+", "@")) for cell in cells)


def test_an_empty_ledger_says_so(actor: Actor, tmp_path: Path) -> None:
    found = queries.ledger(actor, VISITS, "south", "2010")
    assert (found.rows, found.totals) == ((), ())
    found.write(tmp_path / "l.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "l.xlsx").worksheets[0]
    assert sheet["A3"].value == "本期没有记录"


def test_totals_leave_parts_out(actor: Actor, record: Record) -> None:
    record("base.guidance", "指导", "2010-03-05", {"base.guidance.visits": (2, "次")})
    record("base.guidance", "指导", "2010-03-06", {"base.guidance.visits": (3, "次", "over")})
    found = queries.ledger(actor, "base.guidance_ledger", "north", "2010")
    place = [column.title for column in found.columns].index("指导次数（次）")
    assert found.totals[0] == "合计"
    assert found.totals[place] == phrase(
        Quantity(Decimal(5), "次", Qualifier.OVER, None, (Decimal(5), Decimal(15)))
    )


def test_an_unknown_ledger_names_the_nearest(actor: Actor) -> None:
    with pytest.raises(Refusal, match=VISITS):
        queries.ledger(actor, "base.visits_ledgr", "north", "2010")
