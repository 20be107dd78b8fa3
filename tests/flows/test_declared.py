"""What `pack check` says of a flow, how it is drawn, and that the guide names every key."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic import BaseModel

from linli.cli.main import main
from linli.core.access.rules import ROLES, Permission
from linli.packs.check import check
from linli.packs.diagram import ROLE_TITLES, mermaid
from linli.packs.fault import Fault
from linli.packs.load import BASE, load
from linli.packs.schema_flow import (
    ASSIGNEE,
    HANDLERS,
    STAYING,
    Deadline,
    Flow,
    FlowMove,
    FlowStep,
)
from tests.flows.conftest import HEAD, PACK

RIGHT = PACK.read_text(encoding="utf-8")


def faults_of(folder: Path, text: str) -> list[Fault]:
    (folder / "pack.toml").write_text(HEAD, encoding="utf-8")
    (folder / "own.toml").write_text(text, encoding="utf-8")
    return check(folder)


def test_a_right_flow_has_no_fault(tmp_path: Path) -> None:
    assert faults_of(tmp_path, RIGHT) == []


LOST = '  { id = "lost", title = "丢失", from = ["lost"], to = "handling", who = ["worker"] },\n'
CASES = [
    (
        '  { id = "back", title = "退回"',
        LOST + '  { id = "back", title = "退回"',
        "moves.lost.from", "没有环节 lost", "",
    ),
    ('to = "checking", who', 'to = "cheking", who', "moves.handle.to", "没有环节 cheking", "checking"),
    (
        'who = ["assignee", "worker"]', 'who = ["assignee", "workr"]',
        "moves.handle.who", "没有能办理的角色 workr", "worker",
    ),
    ('needs = ["result"] },\n  { id = "back"', 'needs = ["reslut"] },\n  { id = "back"',
     "moves.handle.needs", "没有字段 reslut", "result"),
    ("deadline = { within = 5, unit = \"workday\" }", "deadline = { within = 5 }",
     "steps.handling.deadline", "期限没有写单位", ""),
    ("deadline = { within = 5, unit = \"workday\" }", "deadline = 5",
     "steps.handling.deadline", "期限没有写单位", ""),
    ("within = 5, unit = \"workday\"", "within = 5, unit = \"workdays\"",
     "steps.handling.deadline.unit", "只能是", "workday"),
    (
        '  { id = "closed", title = "办结"',
        '  { id = "island", title = "孤岛", end = true },\n  { id = "closed", title = "办结"',
        "steps.island", "没有流转走得到这个环节", "",
    ),
    (
        'from = ["received"], to = "handling"', 'from = ["received"], to = "pit"',
        "steps.pit", "这个环节走不出去", "",
    ),
    ('sets = { closed = "是" }', 'sets = { closd = "是" }', "steps.closed.sets", "没有字段 closd", "closed"),
    ('sets = { closed = "是" }', 'sets = { closed = "对" }', "steps.closed.sets.closed", "没有选项 对", ""),
    ('act = "reopen", from = ["closed"]', 'act = "reopen", from = ["calling"]',
     "moves.reopen.from", "只有结束的环节才能重开", ""),
    ('act = "reopen", from = ["closed"]', 'from = ["closed"]',
     "moves.reopen.from", "结束的环节只能重开", ""),
    ('act = "transfer", from = ["handling"]', 'act = "transfer", to = "handling", from = ["handling"]',
     "moves.hand_on.to", "留在原环节的流转不写 to", ""),
    ('act = "split", from = ["handling"], to = "parts"', 'act = "split", from = ["handling"], to = "checking"',
     "moves.split.to", "分办要走到等候分件的环节", ""),
    ('act = "send", from = ["handling"], to = "away"', 'act = "send", from = ["handling"], to = "checking"',
     "moves.send.to", "交办别的辖区要走到等候答复的环节", ""),
    ('act = "join", from = ["parts"]', 'from = ["parts"]',
     "steps.parts.waits", "要有一个 act 为 join 的流转", ""),
    ('act = "refused", from = ["away"]', 'from = ["away"]',
     "steps.away.waits", "要有一个 act 为 refused 的流转", ""),
    ('  { id = "resume", title = "恢复", act = "resume", from = ["handling"], who = ["assignee", "director"] },\n',
     "", "steps.handling", "可以暂停，却没有恢复", ""),
    ('kinds = ["local.matter"]', 'kinds = ["local.mater"]', "kinds", "没有事项 local.mater", "local.matter"),
    ('toward = "above"', 'toward = "abov"', "moves.report.toward", "只能是", "above"),
    ('outcome = "满意"', 'toward = "above"', "moves.content.toward", "只有 act 为 send", ""),
    ('outcome = "满意"', 'into = "local.flow"', "moves.content.into", "只有 act 为 split 或 send", ""),
    ('to = "parts", who', 'to = "parts", into = "local.flwo", who', "moves.split.into", "没有流程", "local.flow"),
    ('id = "assign"', 'id = "handle"', "moves.handle", "同一编号写了两次", ""),
    ('who = ["director", "worker"]', "who = []", "moves.assign.who", "", ""),
    ('title = "办结", end = true', 'title = "办结"', "steps.closed", "走不到任何结束的环节", ""),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "key", "problem", "near"), CASES)
def test_each_fault_is_named(
    tmp_path: Path, old: str, new: str, key: str, problem: str, near: str
) -> None:
    assert RIGHT.count(old) >= 1, old
    text = RIGHT.replace(old, new, 1)
    if '"pit"' in new:
        text = text.replace(
            '  { id = "parts"', '  { id = "pit", title = "坑" },\n  { id = "parts"', 1
        )
    found = [f for f in faults_of(tmp_path, text) if f.key == f"flows.local.flow.{key}"]
    assert found, faults_of(tmp_path, text)
    assert any(problem in fault.problem for fault in found), found
    if near:
        assert any(fault.did_you_mean == near for fault in found), found


def test_all_faults_of_a_flow_come_at_once(tmp_path: Path) -> None:
    text = RIGHT.replace('"checking", who', '"cheking", who', 1)
    text = text.replace('who = ["assignee", "worker"]', 'who = ["workr"]', 1)
    keys = {fault.key for fault in faults_of(tmp_path, text)}
    assert {"flows.local.flow.moves.handle.to", "flows.local.flow.moves.handle.who"} <= keys


def test_the_roles_of_flows_are_those_that_may_handle() -> None:
    may = {name for name, role in ROLES.items() if Permission.HANDLE in role.permissions | role.own}
    assert set(HANDLERS) == may
    assert {name: ROLES[name].title for name in HANDLERS} == {
        name: title for name, title in ROLE_TITLES.items() if name != ASSIGNEE
    }


def test_a_flow_is_drawn_whole() -> None:
    for flow in load([BASE]).flows.values():
        drawn = mermaid(flow)
        assert drawn.startswith("stateDiagram-v2\n")
        assert all(f'state "{step.title}' in drawn for step in flow.steps)
        for move in flow.moves:
            assert drawn.count(move.title) >= (1 if move.act in STAYING else len(move.from_))


def test_the_command_draws_a_flow(capsys: pytest.CaptureFixture[str], root: Path) -> None:
    with pytest.raises(SystemExit) as left:
        main(["pack", "show", "居民诉求办理"])
    out = capsys.readouterr().out
    assert not left.value.code
    assert "居民诉求办理（base.request_flow）" in out
    drawing = out[out.index("stateDiagram-v2") :].strip()
    assert drawing in (root / "docs" / "flows.md").read_text(encoding="utf-8")
    with pytest.raises(SystemExit):
        main(["pack", "show", "base.request_flow", "--json"])
    assert '"within": 1' in capsys.readouterr().out


@pytest.mark.parametrize("model", [Flow, FlowStep, FlowMove, Deadline])
def test_every_key_is_named_in_the_guide(root: Path, model: type[BaseModel]) -> None:
    guide = (root / "docs" / "flows.md").read_text(encoding="utf-8")
    prose = re.sub(r"```.*?```", "", guide, flags=re.DOTALL)
    named = set(re.findall(r"[a-z_]+", " ".join(re.findall(r"`([^`]+)`", prose))))
    keys = {info.alias or name for name, info in model.model_fields.items()}
    assert keys - named == set()
