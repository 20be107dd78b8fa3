"""`linli worker`, `linli job`: long work, and the process that does it."""

from __future__ import annotations

import os
import signal
import threading
from typing import TYPE_CHECKING, Any

import click

from linli.cli.frame import actor, emit, linli_command, linli_group, say

if TYPE_CHECKING:
    from linli.core.jobs.rules import JobView


@linli_command("worker", help="办理后台任务；linli serve 会自己启动一个，一般不必单独运行")
@click.option("--until-empty", is_flag=True, help="任务办完就结束")
@click.option("--with", "parent", type=int, hidden=True, help="这个进程一结束就停")
def worker(until_empty: bool, parent: int | None) -> None:
    """Do jobs until told to stop; a job in hand is put back."""
    from linli.core.jobs.worker import work

    stopping = threading.Event()
    for name in ("SIGINT", "SIGTERM"):
        signal.signal(getattr(signal, name), lambda *_: stopping.set())
    if parent is not None:
        threading.Thread(target=_follow, args=(parent, stopping), daemon=True).start()
    taken = work(actor(), stopping, until_empty=until_empty)
    say(f"后台程序已停止，办理了 {taken} 个任务。")


def _follow(parent: int, stopping: threading.Event) -> None:
    """Stop when the process that started this one is gone: nobody would stop it later."""
    while os.getppid() == parent:
        if stopping.wait(1):
            return
    stopping.set()


@linli_command(
    "add", help="提交一个后台任务，例如 linli job add insight.fill --area A --set periods=2010"
)
@click.argument("kind", metavar="任务")
@click.option("--area", help="辖区代号")
@click.option("--set", "values", multiple=True, metavar="名=值", help="参数；多个值用逗号隔开")
def add(kind: str, area: str | None, values: tuple[str, ...]) -> None:
    """Put a job into the queue; it runs with the permissions of whoever asks."""
    from linli.core.jobs.actions import ask

    made = ask(actor=actor(), kind=kind, area=area, parameters=_parameters(values))
    emit(made, f"已提交：{made.title}（{made.id}）")


def _parameters(values: tuple[str, ...]) -> dict[str, Any]:
    """`periods=2010,2010Q1` → {"periods": ["2010", "2010Q1"]}."""
    pairs = (value.partition("=") for value in values)
    return {name.strip(): [one.strip() for one in text.split(",")] for name, _, text in pairs}


@linli_command("list", help="列出后台任务和进度")
@click.option("--area", help="辖区代号；不写则是整个安装的")
def show(area: str | None) -> None:
    """Print the jobs of an area, newest first."""
    from linli.core.jobs.queries import jobs, working_since

    found = jobs(actor(), area)
    for one in found:
        emit(one, _line(one))
    if not found:
        say("没有后台任务。")
    if working_since() is None:
        say("现在没有后台程序在运行：请运行 linli serve，或 linli worker。")


def _line(one: JobView) -> str:
    from linli.core.jobs.rules import STATE_NAMES

    share = f"{one.done}/{one.total}" if one.total else ""
    parts = [STATE_NAMES[one.state], one.title, share, one.words, str(one.id)]
    return "  ".join(part for part in parts if part)


job = linli_group("job", help="后台任务")
job.add_command(add)
job.add_command(show)
commands: list[click.Command] = [worker, job]
