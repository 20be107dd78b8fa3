"""Obligation rules of a pack: their faults, and the closed language record by record."""

from __future__ import annotations

from pathlib import Path

import pytest

from linli.kernel.intervals import read_interval
from linli.kernel.lunar import FESTIVALS
from linli.packs.check import check
from linli.packs.condition import holds
from linli.packs.load import BASE, load
from linli.packs.schema_predicate import Predicate

HEAD = 'id = "local"\nversion = "1"\ntitle = "本地业务包"\n'
RULE = """[[obligations]]
id = "local.due.tea"
title = "茶话会"
domain = "J"
kind = "base.meeting"
owner = "主任"
"""


BACKWARDS = """interval = "每周"
escalation = [{ title = "提醒", days = 3, to = "甲" }, { title = "督办", days = 1, to = "乙" }]
"""


def faults_of(tmp_path: Path, text: str) -> list[tuple[str, str, str]]:
    (tmp_path / "pack.toml").write_text(HEAD, encoding="utf-8")
    (tmp_path / "own.toml").write_text(text, encoding="utf-8")
    return [(one.key, one.problem, one.did_you_mean) for one in check(tmp_path)]


def test_the_base_rules_are_sound_and_named_once() -> None:
    rules = load([BASE]).obligations.values()
    assert len(rules) >= 40
    assert len({rule.title for rule in rules}) == len(rules)
    assert {rule.reading.every for rule in rules} >= {
        "day", "workday", "week", "month", "quarter", "half", "year", "festival", "date", "unstated",
    }  # fmt: skip
    assert not {name for rule in rules for name in rule.reading.festivals} - set(FESTIVALS)


def test_a_rule_is_found_by_id_and_by_title() -> None:
    known = load([BASE])
    assert known.obligation("每日平安巡视") is known.obligation("base.due.patrol")


def test_a_right_rule_has_no_fault(tmp_path: Path) -> None:
    assert faults_of(tmp_path, RULE + 'interval = "每周二"\n') == []


@pytest.mark.parametrize(
    ("line", "key", "problem", "near"),
    [
        ('interval = "有空就办"', "interval", "读不懂频次“有空就办”", ""),
        ('interval = "5日内"', "", "要写 after", ""),
        ('interval = "每周"\nafter = { kinds = ["base.visit"] }', "", "不能写 after", ""),
        ('interval = "生日"\nafter = { kinds = ["base.visit"] }', "", "出生日期的字段", ""),
        (
            'interval = "5日内"\nafter = { kinds = ["base.visit"] }\neach = { kinds = ["base.unit"], field = "name" }',
            "", "只能写一个", "",
        ),
        ('interval = "每周"\nlevel = "comunity"', "level", "没有辖区级别", "community"),
        (
            'interval = "每周"\nby = { kinds = ["base.meting"] }',
            "by.kinds", "没有事项 base.meting", "base.meeting",
        ),
        (
            'interval = "每周"\nby = { kinds = ["base.meeting"], where = { eq = ["topik", "茶"] } }',
            "by.where", "没有字段 topik", "topic",
        ),
        (
            'interval = "每周"\nby = { kinds = ["base.meeting"], measure = "base.meeting.meetngs" }',
            "by.measure", "没有计量", "base.meeting.meetings",
        ),
        ('interval = "每周"\neach = { kinds = ["base.unit"], field = "name" }', "by.subject", "一起写", ""),
        (
            'interval = "到期前3天"\nafter = { kinds = ["base.honour"], field = "honour" }',
            "after.field", "不是日期", "",
        ),
        (
            BACKWARDS,
            "", "先后", "",
        ),
    ],
)  # fmt: skip
def test_faults_of_a_rule(tmp_path: Path, line: str, key: str, problem: str, near: str) -> None:
    found = faults_of(tmp_path, RULE + line + "\n")
    prefix = f"obligations.local.due.tea{'.' + key if key else ''}"
    assert any(k == prefix and problem in p and n == near for k, p, n in found), found


def test_words_without_an_interval_are_kept() -> None:
    waiting = [r for r in load([BASE]).obligations.values() if r.reading.every == "unstated"]
    assert {rule.interval for rule in waiting} >= {"定期", "定时", "经常", "经常性", "及时", "换届"}
    assert read_interval("每月一次") is not None


STATED = {"level": "省级", "score": "9.50", "held": "2025-03-05", "@state": "done", "empty": ""}


@pytest.mark.parametrize(
    ("condition", "truth"),
    [
        ({"eq": ["level", "省级"]}, True),
        ({"ne": ["level", "省级"]}, False),
        ({"ne": ["absent", "省级"]}, False),
        ({"not": {"eq": ["absent", "省级"]}}, False),  # nothing stated: neither true nor false
        ({"eq": ["score", 9.5]}, True),
        ({"lt": ["score", 10]}, True),  # as numbers, not as text
        ({"le": ["held", "2025-03-05"]}, True),
        ({"between": ["score", 9, 10]}, True),
        ({"between": ["score", 10, 11]}, False),
        ({"in": ["level", ["国家级", "省级"]]}, True),
        ({"in": ["level", ["国家级"]]}, False),
        ({"is_null": "empty"}, True),
        ({"not": {"is_null": "level"}}, True),
        ({"and": [{"eq": ["@state", "done"]}, {"eq": ["level", "市级"]}]}, False),
        ({"or": [{"eq": ["absent", "甲"]}, {"eq": ["level", "省级"]}]}, True),
        ({"or": [{"eq": ["absent", "甲"]}, {"eq": ["level", "市级"]}]}, False),
    ],
)
def test_a_condition_holds_as_in_sql(condition: dict[str, object], truth: bool) -> None:
    assert holds(Predicate.model_validate(condition), STATED.get) is truth
    assert holds(None, STATED.get)
