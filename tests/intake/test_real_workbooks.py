"""The six real workbooks: 52 quantities by cell, and the seven traps."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from linli.kernel.periods import Period
from linli.packs.load import registry
from linli.work.intake.preview import Preview, preview
from tests.intake.conftest import read_cells

GIVEN: dict[str, dict[str, Any]] = {
    "D3": {"year": 2010},
    "D4": {"period": Period.parse("2011H1")},
    "D5": {"as_of": date(2007, 12, 31)},
    "D6": {"as_of": date(2013, 12, 31)},
}


@pytest.fixture(scope="module")
def previews(shared: Path) -> dict[str, Preview]:
    return {
        path.name: preview(path, registry=registry(), **GIVEN.get(path.name[:2], {}))
        for path in sorted((shared / "real").glob("*.xlsx"))
    }


@pytest.fixture(scope="module")
def expected(shared: Path) -> list[dict[str, Any]]:
    text = (shared / "real" / "expected.jsonl").read_text("utf-8")
    return [json.loads(line) for line in text.splitlines()]


def named(previews: dict[str, Preview], number: str) -> Preview:
    return next(found for name, found in previews.items() if name.startswith(number))


def test_every_expected_quantity_is_read(
    previews: dict[str, Preview], expected: list[dict[str, Any]]
) -> None:
    asked = [line for line in expected if "trap" not in line]
    wrong = []
    for line in asked:
        got = read_cells(previews[line["workbook"]]).get((line["sheet"], line["cell"]))
        want = (
            Decimal(str(line["value"])), line["unit"], line["qualifier"], line.get("part_of"),
        )  # fmt: skip
        if got != want:
            wrong.append((line["sheet"], line["cell"], want, got))
    assert len(asked) == 52
    assert wrong == []


def test_a_total_row_is_checked_and_not_counted(previews: dict[str, Preview]) -> None:
    found = named(previews, "D3")
    cells = {cell for _, cell in read_cells(found)}
    assert not cells & {"D12", "F12"}
    reported = [p for p in found.problems if p.cell == "D12"]
    assert len(reported) == 1
    assert "33" in reported[0].problem
    assert "20" in reported[0].problem
    assert not [p for p in found.problems if p.cell == "F12"]


@pytest.mark.parametrize(
    ("row", "day"),
    [(3, "2010-02-28"), (9, "2010-09-22"), (10, "2010-10-16")],
    ids=["lantern", "mid-autumn", "double-ninth"],
)
def test_a_lunar_festival_falls_on_its_day(
    previews: dict[str, Preview], row: int, day: str
) -> None:
    found = [r for r in named(previews, "D1").records if r.sheet == "活动台账" and r.row == row]
    assert [str(r.occurred.start) for r in found] == [day]


def test_a_row_with_two_festivals_is_two_records(previews: dict[str, Preview]) -> None:
    found = [r for r in named(previews, "D1").records if r.sheet == "活动台账" and r.row == 4]
    assert [str(r.occurred.start) for r in found] == ["2010-02-28", "2010-09-22"]
    assert len({r.identity for r in found}) == 2


def test_a_missing_year_is_asked_for_once_at_its_first_cell(shared: Path) -> None:
    path = next((shared / "real").glob("D3*"))
    found = preview(path, registry=registry())
    asked = [p for p in found.problems if p.severity == "question"]
    assert [(p.cell, p.value) for p in asked] == [("A4", "3月5日")]
    assert "--year" in asked[0].way_out
    answered = preview(path, registry=registry(), answers={asked[0].key: "2010"})
    assert read_cells(answered) == read_cells(preview(path, registry=registry(), year=2010))
    assert not [p for p in answered.problems if p.severity == "question"]


def test_a_merged_date_stands_for_its_rows(previews: dict[str, Preview]) -> None:
    rows = [
        r for r in named(previews, "D1").records if r.sheet == "活动台账" and 5 <= (r.row or 0) <= 8
    ]
    assert {(str(r.occurred.start), str(r.occurred.end)) for r in rows} == {
        ("2010-03-01", "2010-03-31")
    }
    assert len(rows) == 4


def test_an_unmerged_blank_date_does_not_fill_down(previews: dict[str, Preview]) -> None:
    found = [r for r in named(previews, "D6").records if r.sheet == "楼宇企业服务" and r.row == 5]
    assert found[0].occurred.start is None


def test_an_honour_listed_twice_is_kept_twice_and_reported(previews: dict[str, Preview]) -> None:
    found = named(previews, "D6")
    twice = [r for r in found.records if r.sheet == "荣誉" and r.title == "两型创建工作先进单位"]
    assert [r.row for r in twice] == [5, 9]
    assert len({r.identity for r in twice}) == 2
    assert [p.cell for p in found.problems if "重复" in p.problem] == ["A9"]


def test_a_plan_is_planned_work_of_the_only_year_named(previews: dict[str, Preview]) -> None:
    found = [r for r in named(previews, "D4").records if r.sheet == "下半年计划"]
    assert {(r.state, str(r.occurred.start), str(r.occurred.end)) for r in found} == {
        ("planned", "2011-07-01", "2011-12-31")
    }
    assert {r.kind for r in found} == {"base.plan_item"}


def test_a_body_s_count_without_its_source_wants_it(previews: dict[str, Preview]) -> None:
    found = [r for r in named(previews, "D2").records if r.title == "刑事犯罪"]
    assert [r.state for r in found] == ["source_wanted"]


def test_notes_signatures_and_remarks_are_no_records(previews: dict[str, Preview]) -> None:
    titles = {r.title for found in previews.values() for r in found.records}
    assert not [t for t in titles if t.startswith(("注：", "说明", "填表人", "（第五支", "合计"))]


def test_kinds_of_the_mixed_sheet_follow_its_rows(previews: dict[str, Preview]) -> None:
    found = [r for r in named(previews, "D3").records if r.sheet == "一季度工作记录"]
    kinds = {r.row: r.kind for r in found}
    assert kinds[4] == "base.visit"
    assert kinds[7] == "base.donation"
    assert {kinds[8], kinds[9], kinds[10]} == {"base.study"}


def test_a_cadence_is_no_count(previews: dict[str, Preview]) -> None:
    found = [
        r for r in named(previews, "D3").records if r.sheet == "一季度工作记录" and r.row == 11
    ]
    assert [(r.grain, r.quantities) for r in found] == [("summary", ())]
    assert "每月一次" in found[0].fields.values()
