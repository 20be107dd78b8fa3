"""`linli register`: the register of residents: import, find, show, judge duplicates, answer persons."""

from __future__ import annotations

from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import click

from linli.cli.frame import actor, dumps, emit, linli_command, linli_group, say, wants_json
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


# -- persons ----------------------------------------------------------------------------------------

_AREA = click.option("--area", required=True, help="辖区代号")
_PERSON = click.argument("person", metavar="编号", type=click.UUID)


@linli_command("find", help="按姓名、拼音首字母、住址、身份证号或电话找人")
@click.argument("words", metavar="姓名、首字母、住址或号码")
@_AREA
@click.option("--on", help="哪一天的登记，如 2010-12-31（缺省今天）")
@click.option("--limit", default=50, show_default=True, help="最多列出多少人")
def find(words: str, area: str, on: str | None, limit: int) -> int:
    """Persons whom the words may mean; exit 1 where there is none."""
    from linli.core.registers.queries.find import find as search

    found = search(actor(), area, words, on=day(on), limit=limit)
    for one in found:
        emit(asdict(one), _line(one))
    return 0 if found else 1


@linli_command("show", help="一个人的登记：住处、家庭、关爱类别")
@_PERSON
@_AREA
@click.option("--on", help="哪一天的登记（缺省今天）")
def show(person: UUID, area: str, on: str | None) -> None:
    """One person with household, stays and care classes; sealed fields are not shown."""
    from linli.core.registers.queries import persons

    who, at = actor(), day(on)
    one = persons.resident(who, area, person, on=at)
    parts: dict[str, list[Any]] = {
        "household": persons.members(who, area, person, on=at),
        "stays": persons.stays(who, area, person),
        "care": persons.cares(who, area, person, on=at),
    }
    if wants_json():
        emit(asdict(one) | {name: [asdict(row) for row in rows] for name, rows in parts.items()})
        return
    emit({}, _line(one))
    for member in parts["household"]:
        emit({}, f"  家庭：{member.name} {member.relation}")
    for stay in parts["stays"]:
        emit({}, f"  住处：{stay.address} {stay.since or '…'} 至 {stay.until or '今'}")
    for care in parts["care"]:
        emit({}, f"  类别：{care.title}（{care.source or '由出生日期推算'}）")


@linli_command("reveal", help="显示一个人的敏感信息；用途记入审计")
@_PERSON
@_AREA
@click.option("--field", "fields", multiple=True, required=True,
              help="identity_number 身份证号、phone 电话、certificate 残疾人证号")  # fmt: skip
@click.option("--purpose", required=True, help="为什么要看，如“代办高龄津贴”")
def reveal(person: UUID, area: str, fields: tuple[str, ...], purpose: str) -> None:
    """Show sealed fields in the clear; the audit keeps who, whose, which and why."""
    from linli.core.registers.actions import reveal as open_up
    from linli.core.registers.rules import FIELD_NAMES

    found = open_up(actor=actor(), area=area, person=person, fields=fields, purpose=purpose)
    shown = "  ".join(f"{FIELD_NAMES[name]} {value}" for name, value in found.items())
    emit(found, shown)


@linli_command("duplicates", help="可能重复的登记，附理由，最像的在前")
@_AREA
@click.option("--limit", default=100, show_default=True, help="最多列出多少对")
def duplicates(area: str, limit: int) -> int:
    """The review queue; exit 1 where there is something to judge."""
    from linli.work.register.queries import duplicates as queue

    found = queue(actor(), area, limit=limit)
    for one in found:
        names, why = " / ".join(one.names), "、".join(one.reasons)
        emit(asdict(one), f"{one.weight:7.2f}  {names}  {why}\n         {one.first} {one.second}")
    return 1 if found else 0


@linli_command("merge", help="确认两个登记是同一个人；可以撤销")
@click.argument("kept", metavar="保留的编号", type=click.UUID)
@click.argument("merged", metavar="并入的编号", type=click.UUID)
@_AREA
def merge(kept: UUID, merged: UUID, area: str) -> None:
    """Take two persons for one; prints the id that undoes it."""
    from linli.core.registers.actions import merge as unite

    done = unite(actor=actor(), area=area, kept=kept, merged=merged)
    emit({"merge": done}, f"已合并。撤销请用：linli register unmerge {done} --area {area}")


@linli_command("unmerge", help="撤销一次合并")
@click.argument("merge_id", metavar="合并编号", type=click.UUID)
@_AREA
def unmerge(merge_id: UUID, area: str) -> None:
    """Undo a merge."""
    from linli.core.registers.actions import unmerge as undo

    undo(actor=actor(), area=area, merge=merge_id)
    emit({"undone": merge_id}, "已撤销合并。")


@linli_command("distinct", help="确认两个登记是不同的人，不再提示")
@click.argument("first", metavar="编号", type=click.UUID)
@click.argument("second", metavar="编号", type=click.UUID)
@_AREA
def distinct(first: UUID, second: UUID, area: str) -> None:
    """Say that two who look alike are two."""
    from linli.core.registers.actions import distinguish

    distinguish(actor=actor(), area=area, first=first, second=second)
    emit({"distinct": [first, second]}, "已记为不同的人。")


# -- what persons ask -------------------------------------------------------------------------------


@linli_command(
    "request", help="登记本人的请求：access 查阅、correct 更正、erase 删除；三十日内答复"
)
@_PERSON
@_AREA
@click.option("--sort", required=True, help="access 查阅、correct 更正、erase 删除")
def request(person: UUID, area: str, sort: str) -> None:
    """Note what a person asked for."""
    from linli.core.registers.actions import open_request

    made = open_request(actor=actor(), area=area, person=person, sort=sort)
    emit({"request": made}, f"已登记请求 {made}")


@linli_command("requests", help="未办结的个人信息请求")
@_AREA
@click.option("--all", "everything", is_flag=True, help="已办结的也列出")
def requests(area: str, everything: bool) -> None:
    """The requests of an area, the one due first."""
    from linli.core.registers.queries.rights import requests as asked

    for one in asked(actor(), area, open_only=not everything):
        state = one.outcome or ("已逾期" if one.late else "待办")
        emit(asdict(one), f"{one.due} {one.sort} {state} {one.id} 本人 {one.person}")


@linli_command("answer", help="办结一个请求：同意，或写明理由拒绝")
@click.argument("request_id", metavar="请求编号", type=click.UUID)
@_AREA
@click.option("--refuse", metavar="理由", default="", help="拒绝的理由")
def answer(request_id: UUID, area: str, refuse: str) -> None:
    """Close a request."""
    from linli.core.registers.actions import close_request

    granted = not refuse
    close_request(actor=actor(), area=area, request=request_id, granted=granted, reason=refuse)
    emit({"request": request_id, "granted": granted}, "已办结。")


@linli_command("export", help="一个人的全部登记，交给本人（含敏感信息）")
@_PERSON
@_AREA
@click.option("--out", type=click.Path(path_type=Path), required=True, help="写入的 JSON 文件")
def export(person: UUID, area: str, out: Path) -> None:
    """Write all that is held about a person into a private file."""
    from linli.core.registers.actions import export as gather

    shown = gather(actor=actor(), area=area, person=person)
    out.touch(mode=0o600)
    out.write_text(dumps(shown) + "\n", encoding="utf-8")
    emit({"file": str(out)}, f"已写入 {out}，请当面交给本人后删除。")


@linli_command("erase", help="删除一个人的登记和密钥，并列出依法保留在哪里")
@_PERSON
@_AREA
@click.option("--reason", required=True, help="为什么删除，如“本人申请”")
@click.option("--request", "request_id", type=click.UUID, help="同时办结的请求编号")
def erase(person: UUID, area: str, reason: str, request_id: UUID | None) -> None:
    """Erase a person and say what stays where."""
    from linli.work.register.actions import forget_person

    done = forget_person(actor=actor(), area=area, person=person, reason=reason, request=request_id)
    rows = sum(done.destroyed.values())
    key = "，密钥已销毁" if done.key_destroyed else ""
    emit(done, f"已删除 {rows} 行{key}。仍保留：")
    for one in () if wants_json() else done.stays:
        emit({}, f"  {one.where}：{one.what}（{one.count}）{one.why}")


@linli_command("expired", help="超过保存期限的登记")
@_AREA
@click.option("--on", help="到哪一天为止（缺省今天）")
def expired(area: str, on: str | None) -> int:
    """What is kept past its time; exit 1 where there is something."""
    from linli.core.registers.queries.rights import expired as due

    found = due(actor(), area, on=day(on))
    for one in found:
        emit(asdict(one), f"{one.keep_until} {one.what} {one.person}")
    return 1 if found else 0


def _line(one: Any) -> str:
    parts = (
        one.name,
        one.sex,
        one.birth or "",
        one.address,
        f"离册 {one.until}" if one.until else "",
    )
    return "  ".join(str(part) for part in (*parts, one.id) if part)


register = linli_group("register", help="居民登记：导入、查找、查重、个人信息请求")
for _command in (
    import_, find, show, reveal, duplicates, merge, unmerge, distinct,
    request, requests, answer, export, erase, expired,
):  # fmt: skip
    register.add_command(_command)
commands: list[click.Command] = [register]
