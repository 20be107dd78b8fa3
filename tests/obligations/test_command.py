"""`linli due` and `linli duty`: what a person reads and what a program reads."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Linli = Callable[..., Any]


def test_a_community_is_told_what_is_due(linli: Linli, clock: Callable[[str], None]) -> None:
    clock("2025-03-20T10:00:00+08:00")
    linli("init")
    linli("area", "add", "garden", "--name", "花园社区")
    told = linli("due", "--area", "garden")
    lines = told.out.splitlines()
    (patrols,) = [line for line in lines if "每日平安巡视" in line and line.startswith("未办")]
    assert "2025-02-17 至 2025-03-19 共31次" in patrols
    assert "班子研究工作（定期）" in told.err
    assert "linli duty name" in told.err
    rows = linli("due", "--area", "garden", "--json").rows
    today = [row for row in rows if row["code"] == "base.due.patrol@2025-03-20"]
    assert [row["state"] for row in today] == ["due"]
    assert len(rows) > 5 * len(lines)


def test_an_interval_is_named_paused_waived_and_reminded(
    linli: Linli, clock: Callable[[str], None]
) -> None:
    clock("2025-03-20T10:00:00+08:00")
    linli("init")
    linli("area", "add", "garden", "--name", "花园社区")
    here = ("--area", "garden")
    linli("duty", "name", "班子研究工作", "每月一次", *here)
    assert "没有说明间隔" in linli("duty", "name", "文明开讲", "定期", *here, code=2).err
    assert [r["interval"] for r in linli("duty", "history", *here, "--json").rows] == ["每月一次"]
    waiting = linli("duty", "list", *here, "--waiting", "--json").rows
    assert "base.due.work_study" not in {row["rule"] for row in waiting}
    (paused,) = linli("duty", "pause", "每月市民课堂", *here, "--reason", "装修", "--json").rows
    linli("duty", "resume", paused["pause"], *here, "--until", "2025-03-25")
    code = "base.due.study@2025-01-01"
    (waived,) = linli("duty", "waive", code, *here, "--reason", "合并召开", "--json").rows
    linli("duty", "lift", waived["waiver"], *here)
    made = linli("duty", "decisions", *here, "--json").rows
    assert [(row["what"], row["ended"]) for row in made] == [("暂停", True), ("免办", True)]
    assert linli("duty", "remind", *here, "--json").rows[0]["sent"] > 5
    assert linli("duty", "remind", *here, "--json").rows[0]["sent"] == 0
