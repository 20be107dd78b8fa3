"""`linli due` and `linli duty`: what a person reads and what a program reads.

The commands run in this process on the test's database: a process each would show no more.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from linli.cli import frame
from linli.cli.main import discover, linli
from linli.core.areas.rules import AreaView

HERE = ("--area", "garden")


class Told(NamedTuple):
    """What a command answered."""

    out: str
    err: str

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The JSON lines of the answer."""
        return [json.loads(line) for line in self.out.splitlines()]


Tell = Callable[..., Told]


@pytest.fixture
def tell(
    community: AreaView,
    clock: Callable[[str], None],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Tell:
    """Runs a command as the local operator: ``tell("due", *HERE, code=0)``."""
    clock("2025-03-20T10:00:00+08:00")
    monkeypatch.setattr(frame, "open_installation", Path)

    def run(*words: str, code: int = 0) -> Told:
        capsys.readouterr()
        done = frame.run(linli, list(words), discover)
        told = Told(*capsys.readouterr())
        assert done == code, told
        return told

    return run


def test_a_community_is_told_what_is_due(tell: Tell) -> None:
    told = tell("due", *HERE)
    lines = told.out.splitlines()
    (patrols,) = [line for line in lines if "每日平安巡视" in line and line.startswith("未办")]
    assert "2025-02-17 至 2025-03-19 共31次" in patrols
    assert "班子研究工作（定期）" in told.err
    assert "linli duty name" in told.err
    rows = tell("due", *HERE, "--json").rows
    today = [row for row in rows if row["code"] == "base.due.patrol@2025-03-20"]
    assert [row["state"] for row in today] == ["due"]
    assert len(rows) > 5 * len(lines)
    overdue = tell("due", *HERE, "--on", "2025-01-24").out
    assert "应办，已逾期  2025-01-01 至 2025-01-22  季度向居民代表报告" in overdue


def test_an_interval_is_named_and_remembered(tell: Tell) -> None:
    tell("duty", "name", "班子研究工作", "每月一次", *HERE)
    assert "没有说明间隔" in tell("duty", "name", "文明开讲", "定期", *HERE, code=2).err
    assert [row["interval"] for row in tell("duty", "history", *HERE, "--json").rows] == [
        "每月一次"
    ]
    waiting = tell("duty", "list", *HERE, "--waiting", "--json").rows
    assert "base.due.work_study" not in {row["rule"] for row in waiting}
    assert "班子研究工作  每月一次（2025-03-20 起自定）" in tell("duty", "list", *HERE).out


def test_what_is_paused_and_waived_is_listed(tell: Tell) -> None:
    assert "没有暂停或免办" in tell("duty", "decisions", *HERE).err
    (paused,) = tell("duty", "pause", "每月市民课堂", *HERE, "--reason", "装修", "--json").rows
    assert (
        "暂停  base.due.civic_class  2025-03-20 至 待定  装修"
        in tell("duty", "decisions", *HERE).out
    )
    tell("duty", "resume", paused["pause"], *HERE, "--until", "2025-03-25")
    code = "base.due.study@2025-01-01"
    (waived,) = tell("duty", "waive", code, *HERE, "--reason", "合并召开", "--json").rows
    tell("duty", "lift", waived["waiver"], *HERE)
    made = tell("duty", "decisions", *HERE, "--json").rows
    assert [(row["what"], row["ended"]) for row in made] == [("暂停", True), ("免办", True)]
    assert "已撤回  base.due.study@2025-01-01  合并召开" in tell("duty", "decisions", *HERE).out
    assert "值不对" in tell("duty", "lift", "abc", *HERE, code=2).err


def test_reminders_are_sent_once(tell: Tell) -> None:
    assert tell("duty", "remind", *HERE, "--json").rows[0]["sent"] > 5
    assert "发出催办 0 条" in tell("duty", "remind", *HERE).out
    assert "3月20日已提醒" in tell("due", *HERE).out
