"""`linli register`: the register of residents: import, find, show, reveal."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import click

from linli.cli.frame import actor, emit, linli_command, linli_group, say, wants_json
from linli.cli.intake import day
from linli.kernel.errors import Refusal, sentences

if TYPE_CHECKING:
    from linli.work.register.actions import Registered
    from linli.work.register.columns import Page

sentences(
    {
        "cli.register_answer": (
            "“{text}”不是回答。",
            "请写成 --answer changes=apply 这样，问题的名字在问题后面。",
        ),
    }
)
_SEVERITIES = {"error": "错误", "question": "要问", "warning": "提醒"}


@linli_command("import", help="导入居民花名册（.xlsx、.xls、.csv）；同一份再导入不会重复")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--area", required=True, help="辖区代号")
@click.option("--as-of", help="花名册说的是哪一天的情况，如 2010-12-31")
@click.option("--dry-run", is_flag=True, help="只看会怎样，什么也不写")
@click.option(
    "--answer", "answers", multiple=True, metavar="问题=回答", help="回答一个问题，可多次"
)
def import_(
    file: Path, area: str, as_of: str | None, dry_run: bool, answers: tuple[str, ...]
) -> int:
    """Import one register; exit 2 when an error or an open question kept it from being written."""
    from linli.work.register.actions import Registered, import_register
    from linli.work.register.problems import Problem, Severity

    given = dict(_answer(one) for one in answers)
    since = day(as_of)
    try:
        pages = pages_of(file)
        content = file.read_bytes()
    except Refusal as refused:
        fault = Problem(Severity.ERROR, "", "", file.name, refused.sentence, refused.way_out)
        done = Registered(problems=(fault,), blocked=True)
    else:
        done = import_register(
            actor=actor(),
            area=area,
            pages=pages,
            source=sha256(content).hexdigest(),
            as_of=since,
            dry_run=dry_run,
            answers=given,
        )
    _show(done, file.name, dry_run)
    return 2 if done.blocked else 0


def pages_of(file: Path) -> list[Page]:
    """The sheets of a workbook, read by the same careful reader as every import."""
    from linli.work.intake.read import read
    from linli.work.register.columns import page_of

    return [
        page_of(
            sheet.name,
            sheet.rows(),
            [(one.top, one.left, one.bottom, one.right) for one in sheet.merges],
        )
        for sheet in read(file).sheets
        if not sheet.hidden
    ]


def _answer(text: str) -> tuple[str, str]:
    key, sign, value = text.partition("=")
    if not sign or not key:
        raise Refusal("cli.register_answer", text=text)
    return key.strip(), value.strip()


def _show(done: Registered, file: str, dry_run: bool) -> None:
    if wants_json():
        emit(done)
        return
    for problem in done.problems:
        emit({}, f"{_SEVERITIES[str(problem.severity)]}：{problem.line()}")
    if done.blocked:
        say("有错误或没有回答的问题，什么也没有写入。")
        return
    parts = [f"{'会新增' if dry_run else '新增'} {done.created} 人", f"未变 {done.unchanged} 人"]
    parts += [f"更正 {done.corrected} 人"] if done.corrected else []
    parts += [f"在册而表里没有 {done.absent} 人"] if done.absent else []
    emit({}, f"{file}：" + "，".join(parts) + "。")


register = linli_group("register", help="居民登记：导入、查找")
register.add_command(import_)
commands: list[click.Command] = [register]
