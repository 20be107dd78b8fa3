"""`linli import` and `linli demo`, each in a process of its own."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl

from linli.cli.demo.play import Lived

Linli = Callable[..., Any]


def ledger(path: Path, first: str = "3月5日") -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "走访"
    for row in (["走访台账"], ["日期", "内容", "户数"], [first, "走访困难家庭", "20余"]):
        sheet.append(row)
    book.save(path)
    return path


def test_the_demo_says_numbers_that_add_up() -> None:
    said = "moni：模拟数据（不是任何人的工作）："
    assert Lived("moni", 31, 2, 29).line() == f"{said}写入 31 条，其中撤销 2 条，现有 29 条"
    assert Lived("moni", 0, 0, 29).line() == f"{said}早已写入，现有 29 条"


def test_the_demo_loads_once_and_says_what_was_supplied(linli: Linli) -> None:
    first = linli("demo", "--json").rows
    loaded = {row["area"]: row for row in first if "area" in row}
    assert set(loaded) == {"xiajiaqiao", "hantai", "d3", "tongtaimen", "baishajing", "jinhui"}
    assert loaded["d3"]["supplied_by_hand"] == {"year": "2010"}
    assert loaded["baishajing"]["supplied_by_hand"] == {"as_of": "2007-12-31"}
    assert loaded["xiajiaqiao"]["supplied_by_hand"] == {}
    assert all(row["created"] > 0 for row in loaded.values())
    accounts = next(row["accounts"] for row in first if "accounts" in row)
    assert {one["demo"] for one in accounts} == {True}
    (simulated,) = [row["simulated"] for row in first if "simulated" in row]
    assert simulated["area"] == "moni"
    assert simulated["created"] == simulated["withdrawn"] + simulated["records"]
    assert simulated["records"] > 500
    second = linli("demo", "--json").rows
    assert [row["simulated"]["created"] for row in second if "simulated" in row] == [0]
    assert {row["created"] for row in second if "area" in row} == {0}
    assert next(row["accounts"] for row in second if "accounts" in row) == accounts
    shown = linli("records", "--area", "d3", "--json").rows
    cells = {q["source"]["cell"]: q for row in shown for q in row["quantities"]}
    assert (cells["D4"]["value"], cells["D4"]["unit"], cells["D6"]["part_of"]) == (20, "户", "D4")
    assert linli("audit", "verify", "--json").rows[0]["ok"] is True


def test_import_answers_in_one_json_object(linli: Linli, tmp_path: Path) -> None:
    linli("demo")
    path = ledger(tmp_path / "走访.xlsx")
    asked = linli("import", path, "--area", "d3", "--json", code=2).rows
    assert len(asked) == 1
    assert asked[0]["created"] == 0
    question = next(p for p in asked[0]["problems"] if p["severity"] == "question")
    assert set(question) >= {"severity", "sheet", "cell", "value", "problem", "way_out"}
    answer = f"{question['key']}=2011"
    done = linli("import", path, "--area", "d3", "--answer", answer, "--json").rows[0]
    assert (done["created"], done["unchanged"]) == (1, 0)
    looked = linli("import", path, "--area", "d3", "--year", 2011, "--dry-run", "--json").rows[0]
    assert looked["tables"][0]["kind"] == "base.visit"
    people = linli("import", path, "--area", "d3", "--year", 2011)
    assert "未变 1 条" in people.out


def test_a_mapping_file_is_followed(linli: Linli, tmp_path: Path) -> None:
    linli("demo")
    path = ledger(tmp_path / "走访.xlsx", "2011年3月5日")
    mapping = tmp_path / "对照.json"
    mapping.write_text(json.dumps({"走访": {"kind": "base.survey_round"}}), "utf-8")
    linli("import", path, "--area", "d3", "--map", mapping)
    kinds = {r["kind"] for r in linli("records", "--area", "d3", "--period", "2011", "--json").rows}
    assert kinds == {"base.survey_round"}
    mapping.write_text("['走访']\nkind = 'base.survey_roundd'\n", "utf-8")
    refused = linli("import", path, "--area", "d3", "--map", mapping, code=2)
    assert "survey_round" in refused.err + refused.out


def test_a_bad_file_is_one_error_and_exit_2(linli: Linli, tmp_path: Path) -> None:
    linli("demo")
    path = tmp_path / "坏.xlsx"
    path.write_bytes(b"PK\x03\x04")
    ran = linli("import", path, "--area", "d3", "--json", code=2)
    assert [p["severity"] for p in ran.rows[0]["problems"]] == ["error"]
    assert "Traceback" not in ran.err
