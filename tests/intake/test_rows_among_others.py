"""Subtotals, parts, serial numbers and items: what a row is among the others of its table."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from linli.work.intake.preview import Preview
from tests.intake.conftest import read_cells

Made = Callable[..., Path]
Look = Callable[..., Preview]


@pytest.mark.parametrize("label", ["一季度小计", "东片合计", "上半年合计", "1组小计：", "小计"])
def test_a_named_subtotal_is_no_record(workbook: Made, look: Look, label: str) -> None:
    rows = [
        ["2018年走访统计"], ["月份", "走访户数"], ["1月", 12], ["2月", 30], [label, 42],
        ["4月", 9], ["合计", 51],
    ]  # fmt: skip
    found = look(workbook({"走访": rows}))
    assert {cell for _, cell in read_cells(found)} == {"B3", "B4", "B6"}
    assert not [p for p in found.problems if p.cell in ("B5", "B7")]


def test_a_wrong_named_subtotal_is_told(workbook: Made, look: Look) -> None:
    rows = [["2018年走访统计"], ["月份", "走访户数"], ["1月", 12], ["2月", 30], ["一季度小计", 43]]
    told = [p for p in look(workbook({"走访": rows})).problems if p.cell == "B5"]
    assert len(told) == 1
    assert "43" in told[0].problem
    assert "42" in told[0].problem


def test_an_item_may_end_like_a_total(workbook: Made, look: Look) -> None:
    rows = [["社区概况"], ["项目", "数值", "单位"], ["常住人口总计", 8281, "人"]]
    got = read_cells(look(workbook({"概况": rows})))
    assert [values[:2] for values in got.values()] == [(Decimal(8281), "人")]


def test_a_part_counts_what_its_whole_counts(workbook: Made, look: Look) -> None:
    rows = [
        ["2018年宣传统计"], ["方式", "场次", "参与人次", "其中：学生", "其中：老人（人）"],
        ["集中宣讲", 6, 420, 88, 60],
    ]  # fmt: skip
    got = read_cells(look(workbook({"宣传": rows})))
    assert {cell: values[1] for (_, cell), values in got.items()} == {
        "B3": "场次", "C3": "人次", "D3": "人次", "E3": "人",
    }  # fmt: skip


def test_equal_rows_are_told_whatever_their_serial_number(workbook: Made, look: Look) -> None:
    rows = [
        ["荣誉一览"], ["序号", "年度", "荣誉名称", "级别"], [1, 2017, "平安先进社区", "市"],
        [2, 2018, "三八红旗集体", "市"], [3, 2017, "平安先进社区", "市"],
    ]  # fmt: skip
    found = look(workbook({"荣誉": rows}))
    assert len(found.records) == 3
    assert [p.cell for p in found.problems if "重复" in p.problem] == ["A5"]


def test_the_head_noun_of_an_item_says_what_it_is(workbook: Made, look: Look) -> None:
    rows = [
        ["就业服务台账"], ["日期", "事项", "对象", "人数"],
        ["2018年3月5日", "接管失业人员", "失业人员", 31], ["2018年3月6日", "街道下岗技能培训", "居民", 5],
        ["2018年3月7日", "推荐就业", "居民", 2],
    ]  # fmt: skip
    found = look(workbook({"就业台账": rows}))
    assert [r.kind for r in found.records] == [
        "base.unemployed", "base.skills_training", "base.placement",
    ]  # fmt: skip
