"""`linli flow` from start to answer, on the database of the test, in this process."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from linli.cli.main import main
from linli.core.access.rules import Actor
from linli.core.areas.rules import AreaView
from tests.flows.conftest import new_matter

pytestmark = pytest.mark.django_db
Run = Callable[..., str]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], packs: Path) -> Run:
    """Runs a command here; answers what it said, on either stream."""
    monkeypatch.setattr("linli.cli.frame.open_installation", lambda **_: packs)

    def go(*words: object, code: int = 0) -> str:
        with pytest.raises(SystemExit) as left:
            main(["flow", *map(str, words)])
        out, err = capsys.readouterr()
        assert int(left.value.code or 0) == code, out + err
        return out + err

    return go


def rows(said: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in said.splitlines()]


def test_a_matter_by_commands(
    run: Run, operator: Actor, community: AreaView, user: Callable[..., Actor]
) -> None:
    user("wang", name="王某")
    record = new_matter(operator, community)
    at = ("--area", "garden")
    assert "没有这样的办件" in run("list", *at)
    said = run("start", record, "试验流程", *at, "--at", "2025-03-03 09:00")
    assert "路灯不亮  试验流程：受理" in said
    assert "已超期，期限 2025-03-04 23:59" in said
    run("move", record, "交办", *at, "--at", "2025-03-03 10:00", "--to-user", "wang")
    listed = rows(run("list", *at, "--overdue", "--json"))
    assert [(one["step"], one["assignee"], one["seen"]) for one in listed] == [
        ("handling", "王某", 2)
    ]
    assert rows(run("list", *at, "--mine", "--as", "wang", "--json")) == listed
    refused = run("move", record, "submit", *at, code=2)
    assert "办件在环节“办理”，不能“submit”" in refused
    assert "提交" in refused
    refused = run("move", record, "handle", *at, "--seen", 1, code=2)
    assert "已在" in refused
    refused = run("move", record, "handle", *at, "--field", "result", code=2)
    assert "没有写成 字段=值" in refused
    run("move", record, "handle", *at, "--field", "result=已修好")
    shown = run("show", record)
    assert "交办" in shown
    assert "（补记）" in shown
    assert "现在可以办：退回（back）、审核通过（pass）、免审（skip）" in shown
    shape = rows(run("show", record, "--json"))[0]
    assert [one["move"] for one in shape["moves"]] == ["转入流程", "交办", "提交"]
    assert shape["choices"][0]["reason"] is True


def test_two_areas_by_commands(
    run: Run, operator: Actor, community: AreaView, lake: AreaView
) -> None:
    from linli.core.people.actions import add_body

    add_body(actor=operator, area=lake, name="市政队")
    record = new_matter(operator, community, "井盖缺失")
    garden, there = ("--area", "garden"), ("--area", "lake")
    run("start", record, "local.flow", *garden)
    run("move", record, "assign", *garden)
    run("move", record, "send", *garden, "--to-area", "lake", "--reason", "请办理")
    assert "未投递" in run("inbox", *garden, "--sent")
    assert "没有来件" in run("inbox", *there)
    assert run("deliver") == "投递了 1 件。\n"
    (message,) = rows(run("inbox", *there, "--json"))
    assert (message["sort_title"], message["other"], message["title"]) == (
        "交办",
        "garden",
        "井盖缺失",
    )
    assert "没有叫“路灯队”的机构" in run(
        "accept", message["id"], *there, "--to-body", "路灯队", code=2
    )
    (taken,) = rows(run("accept", message["id"], *there, "--to-body", "市政队", "--json"))
    assert (taken["area"], taken["assignee"]) == ("lake", "市政队")
    assert "已签收" in run("inbox", *there, "--all")
    assert "已经签收" in run("refuse", message["id"], *there, "--reason", "错", code=2)
    for name in ("assign", "skip", "content"):
        run("move", taken["id"], name, *there, "--field", "result=已换")
    run("deliver")
    (answer,) = rows(run("inbox", *garden, "--json"))
    assert "已签收。" in run("accept", answer["id"], *garden)
    assert rows(run("list", *garden, "--json"))[0]["step"] == "calling"


def test_a_split_by_commands(run: Run, operator: Actor, community: AreaView) -> None:
    record = new_matter(operator, community)
    at = ("--area", "garden")
    run("start", record, "local.flow", *at)
    run("move", record, "assign", *at)
    run("move", record, "split", *at, "--part", "换灯", "--part", "修线")
    listed = rows(run("list", *at, "--step", "received", "--flow", "local.flow", "--json"))
    assert sorted(one["title"] for one in listed) == ["修线", "换灯"]
    assert "没有流程" in run("list", *at, "--flow", "local.flwo", code=2)
