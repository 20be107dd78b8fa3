"""`linli import`: a workbook as offices keep it → records, or a list of what is wrong."""

from __future__ import annotations

import json
import tomllib
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from linli.cli.frame import actor, emit, linli_command, progress, say, wants_json
from linli.kernel.errors import Refusal, sentences
from linli.kernel.periods import Period

if TYPE_CHECKING:
    from linli.work.intake.actions import Imported
    from linli.work.intake.plan import TablePlan

sentences(
    {
        "cli.as_of": ("“{text}”不是日期。", "请写成 2010-12-31。"),
        "cli.answer": ("“{text}”不是回答。", "请写成 --answer 问题=回答，问题的名字在问题后面。"),
        "cli.map": (
            "对照文件 {file} 读不了：{why}。",
            "请用 JSON，或 TOML（中文名加引号），每张表一节。",
        ),
    }
)

_NAMES = {"error": "错误", "question": "要问", "warning": "提醒"}


@linli_command("import", help="导入工作簿（.xlsx、.xls、.csv）：变成工作记录，或列出全部问题")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--area", required=True, help="辖区代号")
@click.option("--year", type=click.IntRange(1949, 2100), help="表里没有写年份时，是哪一年")
@click.option("--as-of", help="今年、去年、三年来从哪一天算起，如 2010-12-31")
@click.option("--period", help="没有写日期的行属于哪个期间，如 2011H1")
@click.option("--dry-run", is_flag=True, help="只看会怎样，什么也不写")
@click.option("--map", "map_file", type=click.Path(path_type=Path), help="表与事项、栏的对照")
@click.option(
    "--answer", "answers", multiple=True, metavar="问题=回答", help="回答一个问题，可多次"
)
def import_(
    file: Path,
    area: str,
    year: int | None,
    as_of: str | None,
    period: str | None,
    dry_run: bool,
    map_file: Path | None,
    answers: tuple[str, ...],
) -> int:
    """Import one file; exit 2 when an error or an open question kept it from being written."""
    from linli.work.intake.actions import import_workbook

    done = import_workbook(
        actor=actor(),
        area=area,
        path=file,
        year=year,
        as_of=day(as_of),
        period=Period.parse(period) if period else None,
        dry_run=dry_run,
        mapping=_mapping(map_file),
        answers=dict(_answer(one) for one in answers),
        progress=progress("已读"),
    )
    show(done, file.name, dry_run)
    return 2 if done.blocked else 0


def day(text: str | None) -> date | None:
    """An ISO day, or None for none. Raises Refusal cli.as_of."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as fault:
        raise Refusal("cli.as_of", text=text) from fault


def _answer(text: str) -> tuple[str, str]:
    key, sign, value = text.rpartition("=")
    if not sign or not key:
        raise Refusal("cli.answer", text=text)
    return key.strip(), value.strip()


def _mapping(path: Path | None) -> dict[str, Any]:
    if path is None:
        return {}
    try:
        text = path.read_text("utf-8-sig")
        found = json.loads(text) if text.lstrip().startswith("{") else tomllib.loads(text)
    except (OSError, ValueError) as fault:
        raise Refusal("cli.map", file=path.name, why=fault) from fault
    if not all(isinstance(part, dict) for part in found.values()):
        raise Refusal("cli.map", file=path.name, why="每张表要有自己的一节")
    return dict(found)


def show(done: Imported, file: str, dry_run: bool) -> None:
    """Print what was done: one JSON object, or the outcome and the problems in words."""
    if wants_json():
        tables = {"tables": [plan.as_json() for plan in done.tables]} if dry_run else {}
        emit(done.as_json() | tables)
        for problem in done.problems:
            if problem.severity == "error" and not problem.sheet:
                click.echo(problem.line(), err=True)
        return
    if dry_run:
        for plan in done.tables:
            emit({}, _plan_line(plan))
    for problem in done.problems:
        emit({}, f"{_NAMES[str(problem.severity)]}：{problem.line()}")
    if done.blocked:
        say("有错误或没有回答的问题，什么也没有写入。")
        return
    verb = "会新增" if dry_run else "新增"
    parts = [f"{verb} {done.created} 条", f"未变 {done.unchanged} 条"]
    parts += [f"更正 {done.corrected} 条"] if done.corrected else []
    parts += [f"跳过 {done.skipped} 条"] if done.skipped else []
    emit({}, f"{file}：" + "，".join(parts) + "。")


def _plan_line(plan: TablePlan) -> str:
    shown = plan.as_json()
    columns = "，".join(
        f"{c['column']} {c['header'] or '（无名）'}→{c['role']}" for c in shown["columns"]
    )
    sure = f"{shown['confidence']:.0%}"
    return (
        f"表 {plan.sheet}：{shown['kind_title']}（把握 {sure}），"
        f"{shown['rows']} 行 → {shown['records']} 条；{columns}"
    )


commands: list[click.Command] = [import_]
