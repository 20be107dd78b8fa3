"""What all commands share, on the real program and on small commands."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import click
import pytest
from click.testing import CliRunner, Result

from linli.cli import frame
from linli.cli.chinese import Group, misused
from linli.cli.main import discover
from linli.cli.main import linli as root_command
from linli.kernel.errors import Refusal, Refusals

Run = Callable[..., Any]


@pytest.fixture
def group() -> click.Group:
    """A group like the real one, with small commands."""

    @click.group(cls=Group)
    @frame.global_options
    @click.pass_context
    def small(context: click.Context, home: str | None, as_json: bool, as_user: str | None) -> None:
        context.obj = frame.Frame()
        context.obj.take(home, as_json, as_user)

    @frame.linli_command("show", installation=False)
    def show() -> None:
        now = frame.current()
        frame.emit({"home": now.home, "json": now.json, "user": now.user}, f"{now.user}")

    @frame.linli_command("code", installation=False)
    @click.argument("number", type=int)
    def code(number: int) -> int:
        return number

    @frame.linli_command("refuse", installation=False)
    def refuse() -> None:
        raise Refusals([Refusal("cli.no_home", home="甲"), Refusal("cli.no_home", home="乙")])

    @frame.linli_command("break", installation=False)
    def broken() -> None:
        raise ZeroDivisionError("secret of the program")

    @frame.linli_command("need", installation=False)
    @click.option("--what", required=True, help="什么")
    def need(what: str) -> None:
        raise KeyboardInterrupt

    inner = frame.linli_group("inner")
    inner.add_command(show)
    for command in (show, code, refuse, broken, need, inner):
        small.add_command(command)
    return small


@pytest.fixture
def run(group: click.Group, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("LINLI_HOME", str(tmp_path / "home"))

    def call(*words: str) -> Result:
        @click.command(context_settings={"ignore_unknown_options": True})
        @click.argument("rest", nargs=-1, type=click.UNPROCESSED)
        def whole(rest: tuple[str, ...]) -> None:
            sys.exit(frame.run(group, list(rest), lambda: None))

        return CliRunner().invoke(whole, ["--", *words])

    return call


@pytest.mark.parametrize(
    "words",
    [
        "--json --as li show",
        "show --json --as li",
        "--json show --as li",
        "inner show --json --as li",
        "inner --json --as li show",
        "--as li inner --json show",
        "--as wang show --json --as li",  # the one further right wins
    ],
)
def test_global_options_stand_anywhere(run: Run, words: str) -> None:
    shown = json.loads(run(*words.split()).stdout)
    assert (shown["json"], shown["user"]) == (True, "li")


def test_plain_output_is_for_people(run: Run) -> None:
    assert run("--as", "li", "show").stdout == "li\n"


@pytest.mark.parametrize("number", [0, 1, 7])
def test_the_answer_of_a_command_is_the_exit_code(run: Run, number: int) -> None:
    assert run("code", str(number)).exit_code == number


def test_refusals_are_sentences_on_stderr(run: Run) -> None:
    done = run("refuse")
    assert done.exit_code == 2
    assert done.stdout == ""
    assert done.stderr.splitlines() == [
        "甲 里还没有邻里的数据。请先运行 linli init 或 linli demo。",
        "乙 里还没有邻里的数据。请先运行 linli init 或 linli demo。",
    ]


@pytest.mark.parametrize("words", [("refuse", "--json"), ("--json", "refuse")])
def test_refusals_are_objects_with_json(run: Run, words: tuple[str, ...]) -> None:
    done = run(*words)
    rows = [json.loads(line)["error"] for line in done.stdout.splitlines()]
    assert [row["code"] for row in rows] == ["cli.no_home"] * 2
    assert rows[0]["facts"] == {"home": "甲"}
    assert set(rows[0]) == {"code", "sentence", "way_out", "facts"}
    assert done.exit_code == 2


def test_a_fault_of_ours_is_an_apology_and_a_log(run: Run, tmp_path: Path) -> None:
    done = run("break")
    assert done.exit_code == 3
    assert done.stderr.startswith("抱歉，程序出错了")
    assert "Traceback" not in done.output
    assert "secret of the program" not in done.output
    (log,) = (tmp_path / "home" / "logs").iterdir()
    assert str(log) in done.stderr
    assert "ZeroDivisionError: secret of the program" in log.read_text("utf-8")


def test_a_fault_with_json_is_an_object_too(run: Run) -> None:
    assert json.loads(run("break", "--json").stdout)["error"]["code"] == "program.fault"


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        ("show --colour", "cli.no_option", "small show 没有选项 --colour。"),
        ("shwo", "cli.no_command", "没有命令 shwo。"),
        ("code", "cli.missing", "small code 缺少 NUMBER。"),
        ("code x", "cli.value", "NUMBER 的值不对：应当是数字。"),
        ("code 1 2", "cli.usage", "命令写得不对："),
    ],
)
def test_wrong_usage_is_refused_in_chinese(run: Run, words: str, code: str, sentence: str) -> None:
    done = run(*words.split())
    assert done.exit_code == 2
    assert sentence in done.stderr.replace("linli ", "small ")
    assert json.loads(run(*words.split(), "--json").stdout)["error"]["code"] == code


@pytest.mark.parametrize(
    ("name", "words", "said"),
    [
        ("serve", ["--port", "99999"], "--port 的值不对：应当是 1 到 65535 之间的数字。"),
        ("serve", ["--workers", "多"], "--workers 的值不对：应当是 1 到 64 之间的数字。"),
        ("import", ["x.csv", "--area", "a", "--year", "12"], "应当是 1949 到 2100 之间的数字。"),
        ("simulate", ["--seed", "x"], "--seed 的值不对：应当是数字。"),
        ("report", ["quater", "--area", "a"], "，是不是 quarter。"),
        ("report", ["story", "--area", "a"], "、application、briefing。"),
    ],
)
def test_a_wrong_value_is_told_what_is_allowed(name: str, words: list[str], said: str) -> None:
    discover()
    command = root_command.commands[name]
    with pytest.raises(click.BadParameter) as wrong:
        command.make_context(name, list(words))
    assert said in str(misused(wrong.value))


def test_an_interruption_is_said(run: Run) -> None:
    done = run("need", "--what", "x")
    assert done.exit_code == 130
    assert "已中断" in done.stderr


def test_help_is_chinese(run: Run) -> None:
    shown = run("--help").stdout
    assert shown.startswith("用法：")
    assert "选项:" in shown
    assert "命令:" in shown
    shown += run("need", "--help").stdout
    assert "（必填）" in shown
    for english in ("Usage", "Options", "Commands", "Show th", "required"):
        assert english not in shown
        assert english not in run("code", "--help").stdout


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal(20), "20"),
        (Decimal("20.000000"), "20"),
        (Decimal("0.10"), "0.1"),
        (Decimal("-0.000001"), "-0.000001"),
        (Decimal("1E+3"), "1000"),
        (Decimal("12345678901234567890.123456"), "12345678901234567890.123456"),
        (True, "true"),
        (None, "null"),
        ("邻里\n", '"邻里\\n"'),
        (date(2010, 3, 5), '"2010-03-05"'),
        (datetime(2010, 3, 5, 16, tzinfo=UTC), '"2010-03-06T00:00:00+08:00"'),
        (UUID(int=1), '"00000000-0000-0000-0000-000000000001"'),
        ({"a": [Decimal("1.5"), {"b": ()}]}, '{"a": [1.5, {"b": []}]}'),
    ],
)
def test_json_numbers_are_exact(value: object, text: str) -> None:
    assert frame.dumps(value) == text
    json.loads(frame.dumps(value))


@pytest.mark.slow
def test_without_an_installation_a_command_says_what_to_do(linli: Run, home: Path) -> None:
    done = linli("records", "--area", "x", code=2, cold=True)
    assert done.err == f"{home} 里还没有邻里的数据。请先运行 linli init 或 linli demo。\n"
    assert not home.exists()


@pytest.mark.slow
def test_a_reader_that_leaves_is_no_fault(linli: Run, home: Path) -> None:
    linli("init")
    shell = f"{sys.executable} -m linli.cli.main --help | true; echo ${{PIPESTATUS[0]}}"
    env = dict(os.environ) | {"LINLI_HOME": str(home)}
    done = subprocess.run(
        ["bash", "-c", shell], capture_output=True, text=True, env=env, check=False
    )
    assert done.stdout == "0\n"
    assert done.stderr == ""


def test_help_waits_for_no_library() -> None:
    slow = "{'django', 'pydantic', 'duckdb', 'pyarrow', 'docx', 'lunar_python', 'sqlglot'}"
    look = f"from linli.cli.main import discover; discover(); print({slow} & sys.modules.keys())"
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; {look}"], capture_output=True, text=True, check=True
    )
    assert done.stdout == "set()\n"


def test_every_command_takes_the_global_options() -> None:
    discover()

    def leaves(group: click.Group) -> list[click.Command]:
        found: list[click.Command] = []
        for one in group.commands.values():
            found += leaves(one) if isinstance(one, click.Group) else [one]
        return found

    commands = leaves(root_command)
    assert {"init", "records", "verify"} <= {one.name for one in commands}
    for command in commands:
        options = {name for option in command.params for name in option.opts}
        assert {"--home", "--json", "--as"} <= options, command.name
        assert command.help, f"{command.name} does not say what it does"
