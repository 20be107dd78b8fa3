"""The commands as an office uses them: a real installation, one process, the documented answers."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from linli.cli.main import main
from linli.core.access.rules import Actor
from linli.core.areas.rules import AreaView
from tests.registers import workbooks

pytestmark = pytest.mark.django_db
Run = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def run(
    operator: Actor, garden: AreaView, settings: Any, capsys: pytest.CaptureFixture[str]
) -> Run:
    from linli.config.home import lay_out

    lay_out(Path(settings.LINLI_HOME))

    def call(*words: object, code: int = 0) -> list[dict[str, Any]]:
        capsys.readouterr()
        with pytest.raises(SystemExit) as left:
            main(["--home", str(settings.LINLI_HOME), "--json", "register", *map(str, words)])
        said = capsys.readouterr()
        assert left.value.code == code, said.out + said.err
        return [json.loads(line) for line in said.out.splitlines()]

    return call


def test_from_workbook_to_erasure(run: Run, tmp_path: Path) -> None:
    roster = workbooks.merged(tmp_path / "a.xlsx")
    (done,) = run("import", roster, "--area", "garden", "--as-of", "2010-12-31")
    assert done == {"created": 6, "unchanged": 0, "corrected": 0, "absent": 0, "problems": []}
    assert run("import", roster, "--area", "garden")[0]["unchanged"] == 6
    (found,) = run("find", "ycc", "--area", "garden")
    assert (found["name"], found["address"]) == ("尉迟测试", "5栋1单元101")
    (shown,) = run("show", found["id"], "--area", "garden", "--on", "2011-01-01")
    assert [one["relation"] for one in shown["household"]] == ["head", "daughter"]
    assert shown["sealed"]["phone"] == "138****0005"
    assert "13800000005" not in json.dumps(shown)
    why = ("--area", "garden", "--field", "phone", "--purpose", "电话回访")
    assert run("reveal", found["id"], *why) == [{"phone": "13800000005"}]
    out = tmp_path / "own.json"
    run("export", found["id"], "--area", "garden", "--out", out)
    assert "13800000005" in out.read_text("utf-8")
    assert out.stat().st_mode & 0o77 == 0
    (asked,) = run("request", found["id"], "--area", "garden", "--sort", "erase")
    closing = ("--reason", "本人申请", "--request", asked["request"])
    (gone,) = run("erase", found["id"], "--area", "garden", *closing)
    assert gone["key_destroyed"]
    assert [one["outcome"] for one in run("requests", "--area", "garden", "--all")] == ["granted"]
    assert run("find", "ycc", "--area", "garden", code=1) == []


def test_leaving_care_and_a_divided_area(run: Run, tmp_path: Path, lake: AreaView) -> None:
    run("import", workbooks.merged(tmp_path / "a.xlsx"), "--area", "garden")
    (found,) = run("find", "测试丙", "--area", "garden")
    one = (found["id"], "--area", "garden")
    run("care", *one, "--class", "base.veteran", "--since", "2010-01-01")
    (shown,) = run("show", *one)
    assert [(c["title"], c["source"]) for c in shown["care"]] == [("退役军人", "退役军人事务部门")]
    run("care", *one, "--class", "base.veteran", "--until", "2011-01-01")
    run("leave", *one, "--on", "2012-01-01", "--why", "moved")
    assert run("find", "测试丙", "--area", "garden", code=1) == []
    where = ("--area", "garden", "--to", "lake", "--since", "2013-01-01")
    (refused,) = run("divide", *where, "--building", "9栋", code=2)
    assert refused["error"]["code"] == "cli.no_building"
    (moved,) = run("divide", *where, "--building", "3号楼")
    assert moved == {"buildings": 1, "persons": 3}
    assert len(run("find", "3栋", "--area", "lake")) == 3
    assert len(run("find", "3栋", "--area", "garden", "--on", "2012-12-31")) == 3
    assert run("find", "3栋", "--area", "garden", code=1) == []


def test_the_queue_and_a_judgement(run: Run, tmp_path: Path) -> None:
    run("import", workbooks.flat(tmp_path / "b.xlsx"), "--area", "garden")
    rows = workbooks.flat_rows()[2:3]
    rows[0][4] = "7栋1单元203"
    run("import", workbooks.flat(tmp_path / "c.xlsx", rows), "--area", "garden")
    (pair,) = run("duplicates", "--area", "garden", code=1)
    assert pair["reasons"] == [
        "姓名和出生日期相同",
        "电话相同，姓名相同或只差一个字",
        "电话和出生日期相同",
    ]
    (done,) = run("merge", pair["first"], pair["second"], "--area", "garden")
    assert run("duplicates", "--area", "garden") == []
    run("unmerge", done["merge"], "--area", "garden")
    run("distinct", pair["first"], pair["second"], "--area", "garden")
    assert run("duplicates", "--area", "garden") == []
    assert run("expired", "--area", "garden") == []


def test_what_cannot_be_read_is_one_problem(run: Run, tmp_path: Path) -> None:
    wrong = tmp_path / "x.xlsx"
    wrong.write_bytes(b"PK\x03\x04 truncated")
    (done,) = run("import", wrong, "--area", "garden", code=2)
    (problem,) = done["problems"]
    assert (problem["severity"], problem["value"]) == ("error", "x.xlsx")
    (refused,) = run("import", wrong, "--area", "garden", "--answer", "x", code=2)
    assert refused["error"]["code"] == "cli.register_answer"


def test_a_request_is_refused_with_a_reason(run: Run, tmp_path: Path) -> None:
    run("import", workbooks.flat(tmp_path / "b.xlsx"), "--area", "garden")
    (found,) = run("find", "测试己", "--area", "garden")
    (asked,) = run("request", found["id"], "--area", "garden", "--sort", "access")
    run("answer", asked["request"], "--area", "garden", "--refuse", "无法核实身份")
    assert run("requests", "--area", "garden") == []
