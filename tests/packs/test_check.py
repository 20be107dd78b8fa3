"""Every fault of a pack at once: file, key, problem, nearest right word."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from linli.cli.main import main
from linli.packs.check import check
from linli.packs.fault import Fault
from linli.packs.load import BASE

HEAD = 'id = "local"\nversion = "1"\ntitle = "本地业务包"\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "pack.toml").write_text(HEAD, encoding="utf-8")
    return tmp_path


def faults_of(folder: Path, text: str) -> list[Fault]:
    (folder / "own.toml").write_text(text, encoding="utf-8")
    return check(folder)


KIND = '[[kinds]]\nid = "local.tea"\ntitle = "茶话会"\ndomain = "J"\n'
INDICATOR = '[[indicators]]\nid = "local.teas"\ntitle = "茶话会次数"\ndefinition = "次数之和"\nunit = "次"\n'


def test_the_base_pack_has_no_fault() -> None:
    assert check(BASE) == []


def test_a_right_local_pack_has_no_fault(folder: Path) -> None:
    text = KIND + 'uses = ["base.people"]\n' + INDICATOR
    text += 'numerator = { agg = "count", kinds = ["local.tea"] }\n'
    assert faults_of(folder, text) == []


@pytest.mark.parametrize(
    ("text", "key", "problem", "near"),
    [
        (KIND + 'graim = "event"\n', "kinds.local.tea.graim", "没有这一项", "grain"),
        (KIND + 'grain = "evnt"\n', "kinds.local.tea.grain", "只能是", "event"),
        (
            KIND + 'uses = ["base.peple"]\n',
            "kinds.local.tea.uses",
            "没有计量 base.peple",
            "base.people",
        ),
        ('[[kind]]\nid = "local.a"\n', "kind", "没有这种表", "kinds"),
        ('[[kinds]]\nid = "local.a"\ndomain = "A"\n', "kinds.local.a.title", "缺少这一项", ""),
        (
            KIND.replace("local.tea", "base.tea"),
            "kinds.base.tea.id",
            "编号要以业务包的名字开头",
            "local.base.tea",
        ),
        (KIND.replace("local.tea", "base.visit"), "kinds.base.visit", "不能改写", ""),
        (KIND + KIND, "kinds.local.tea", "同一编号写了两次", ""),
        (KIND.replace("local.tea", "local.茶"), "kinds.local.茶.id", "编号只用小写字母", ""),
        (
            KIND + 'measures = [{ id = "cups", title = "杯数", unit = "平方米米" }]\n',
            "kinds.local.tea.measures.cups.unit",
            "没有单位 平方米米",
            "平方米",
        ),
        (
            KIND + 'measures = [{ id = "money", title = "花费", unit = "万元" }]\n',
            "kinds.local.tea.measures.money.unit",
            "单位要写成 元",
            "元",
        ),
        (
            KIND + 'measures = [{ id = "a", title = "甲", unit = "人", whole = "b" }, '
            '{ id = "b", title = "乙", unit = "户" }]\n',
            "kinds.local.tea.measures.a.whole",
            "部分的单位是人，总数的单位是户",
            "户",
        ),
        (
            KIND + 'measures = [{ id = "a", title = "甲", unit = "人", whole = "b" }, '
            '{ id = "b", title = "乙", unit = "人", whole = "a" }]\n',
            "kinds.local.tea.measures.a.whole",
            "绕成了圈",
            "",
        ),
        (
            KIND + 'fields = [{ id = "who", title = "谁", privacy = "personal" }]\n',
            "kinds.local.tea.purpose",
            "法律依据",
            "",
        ),
        (
            KIND + 'fields = [{ id = "sort", title = "种类", type = "choice" }]\n',
            "kinds.local.tea.fields.sort.options",
            "选择型字段要列出选项",
            "",
        ),
        (KIND + 'titled_by = "tehme"\n', "kinds.local.tea.titled_by", "没有字段 tehme", ""),
        (
            INDICATOR + 'numerator = { agg = "count", kinds = ["base.vist"] }\n',
            "indicators.local.teas.numerator.kinds",
            "没有事项 base.vist",
            "base.visit",
        ),
        (
            INDICATOR + 'numerator = { agg = "sum", kinds = ["base.visit"] }\n',
            "indicators.local.teas.numerator",
            "必须写 measure",
            "",
        ),
        (
            INDICATOR + 'numerator = { agg = "sum", kinds = ["base.visit"], '
            'measure = "base.visit.households" }\n',
            "indicators.local.teas.unit",
            "指标的单位是次，计量的单位是户",
            "户",
        ),
        (
            INDICATOR + 'numerator = { agg = "count", kinds = ["base.honour"], '
            'where = { eq = ["levle", "省"] } }\n',
            "indicators.local.teas.numerator.where",
            "没有字段 levle",
            "level",
        ),
        (
            INDICATOR + 'rollup = "ratio"\nnumerator = { agg = "count", kinds = ["base.visit"] }\n',
            "indicators.local.teas",
            "有分母的指标",
            "",
        ),
        (
            INDICATOR
            + 'numerator = { agg = "distinct", kinds = ["base.visit"], field = "@day" }\n',
            "indicators.local.teas",
            "汇总没有写明日子",
            "",
        ),
        (
            (
                '[[reconciliations]]\nid = "local.r"\ntitle = "核对"\nrule = "part_of_whole"\n'
                'whole = "base.visited_households"\nparts = ["base.visit_money"]\n'
            ),
            "reconciliations.local.r.parts",
            "base.visit_money 的单位是元",
            "",
        ),
        (
            (
                '[[ledgers]]\nid = "local.l"\ntitle = "台账"\nkinds = ["base.visit"]\n'
                'columns = [{ what = "measure", id = "base.visit.household", title = "户数" }]\n'
            ),
            "ledgers.local.l.columns[1].id",
            "没有计量",
            "base.visit.households",
        ),
    ],
)
def test_one_fault_is_named(folder: Path, text: str, key: str, problem: str, near: str) -> None:
    found = [f for f in faults_of(folder, text) if f.key == key]
    assert found, faults_of(folder, text)
    assert problem in found[0].problem
    assert found[0].file == "own.toml"
    if near:
        assert found[0].did_you_mean == near


def test_a_syntax_fault_names_its_line(folder: Path) -> None:
    found = faults_of(folder, 'a = 1\nb = "没有结束\n')
    assert [f.file for f in found] == ["own.toml"]
    assert found[0].key.startswith("第 2 行")


def test_all_faults_come_at_once(folder: Path) -> None:
    (folder / "broken.toml").write_text("x = [", encoding="utf-8")
    (folder / "latin.toml").write_bytes("标题".encode("gbk"))
    text = KIND + 'graim = "event"\nuses = ["base.peple"]\n' + '[[ledger]]\nid = "local.l"\n'
    assert {f.file for f in faults_of(folder, text)} == {"broken.toml", "latin.toml", "own.toml"}
    assert len(faults_of(folder, text)) >= 4


def test_a_folder_without_a_head(tmp_path: Path) -> None:
    assert [f.file for f in check(tmp_path)] == ["pack.toml"]
    assert "没有这个文件夹" in check(tmp_path / "absent")[0].problem


def linli(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as left:
        main(list(arguments))
    out, err = capsys.readouterr()
    return int(left.value.code or 0), out, err


def test_the_command_prints_json_lines_and_fails(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    faults_of(folder, KIND + 'graim = "event"\n')
    code, out, _ = linli(capsys, "pack", "check", str(folder), "--json")
    assert code == 1
    lines = [json.loads(line) for line in out.splitlines()]
    assert [sorted(line) for line in lines] == [["did_you_mean", "file", "key", "problem"]]
    assert lines[0]["did_you_mean"] == "grain"
    assert linli(capsys, "--json", "pack", "check", str(folder))[1] == out


def test_the_command_is_content_with_a_right_pack(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    faults_of(folder, KIND)
    assert linli(capsys, "pack", "check", str(folder)) == (0, "没有错误。\n", "")


def test_show_says_fields_measures_and_indicators(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = linli(capsys, "pack", "show", "base.visit")
    assert code == 0
    for word in ("走访户数（户）", "是走访户数的一部分", "走访户次"):
        assert word in out
    code, _, err = linli(capsys, "pack", "show", "base.vist")
    assert code == 2
    assert "base.visit" in err
