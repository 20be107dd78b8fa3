"""`linli register`: the register of residents: import, find, show, judge duplicates, answer persons."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import click

from linli.cli.frame import actor, emit, linli_command, linli_group, say, wants_json
from linli.cli.intake import day
from linli.cli.register_rights import AREA, PERSON, RIGHTS
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
        "cli.no_building": ("{area} 没有楼栋“{building}”。", "请核对楼栋和日期。"),
    }
)
_SEVERITIES = {"error": "错误", "question": "要问", "warning": "提醒"}


@linli_command("import", help="导入居民花名册（.xlsx、.xls、.csv）；同一份再导入不会重复")
@click.argument("file", type=click.Path(path_type=Path))
@AREA
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


@linli_command("find", help="按姓名、拼音首字母、住址、身份证号或电话找人")
@click.argument("words", metavar="姓名、首字母、住址或号码")
@AREA
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
@PERSON
@AREA
@click.option("--on", help="哪一天的登记（缺省今天）")
def show(person: UUID, area: str, on: str | None) -> None:
    """One person with household, stays and care classes; sealed fields are shown masked."""
    from linli.core.registers.queries import persons
    from linli.core.registers.queries.sealed import masked_fields
    from linli.core.registers.rules import FIELD_NAMES, RELATIONS

    who, at = actor(), day(on)
    one = persons.resident(who, area, person, on=at)
    parts: dict[str, list[Any]] = {
        "household": persons.members(who, area, person, on=at),
        "stays": persons.stays(who, area, person),
        "care": persons.cares(who, area, person, on=at),
    }
    sealed = masked_fields(who, area, person)
    if wants_json():
        lists = {name: [asdict(row) for row in rows] for name, rows in parts.items()}
        emit(asdict(one) | lists | {"sealed": sealed})
        return
    emit({}, _line(one))
    for name, value in sealed.items():
        emit({}, f"  {FIELD_NAMES[name]}：{value}")
    for member in parts["household"]:
        title = RELATIONS[member.relation][0] if member.relation else "关系未注明"
        emit({}, f"  家庭：{member.name} {title}")
    for stay in parts["stays"]:
        emit({}, f"  住处：{stay.address} {stay.since or '…'} 至 {stay.until or '今'}")
    for care in parts["care"]:
        emit({}, f"  类别：{care.title}（{care.source or '由出生日期推算'}）")


@linli_command("reveal", help="显示一个人的敏感信息；用途记入审计")
@PERSON
@AREA
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


@linli_command("leave", help="办理离册：迁出、去世或误登；以前的登记保留")
@PERSON
@AREA
@click.option("--on", required=True, help="从哪一天起不在册，如 2010-12-31")
@click.option("--why", default="moved", show_default=True, help="moved 迁出、died 去世、error 误登")
def leave(person: UUID, area: str, on: str, why: str) -> None:
    """End the enrolment of a person, with memberships and care classes."""
    from linli.core.registers.actions import leave as end

    until = _day(on)
    end(actor=actor(), area=area, person=person, until=until, why=why)
    emit({"person": person, "until": until, "why": why}, f"已办理离册：{until}")


@linli_command("care", help="登记关爱类别，或用 --until 办理退出")
@PERSON
@AREA
@click.option(
    "--class", "care_class", required=True, help="类别编号，如 base.living_alone 独居老人"
)
@click.option("--since", help="从哪一天起")
@click.option("--until", help="从哪一天起不再属于这一类")
@click.option("--source", default="", help="由谁认定（缺省为业务包写明的部门）")
def care(
    person: UUID, area: str, care_class: str, since: str | None, until: str | None, source: str
) -> None:
    """Say that a person belongs to a care class, or no longer does."""
    from linli.core.registers.actions import end_care, set_care

    where: dict[str, Any] = {"actor": actor(), "area": area, "person": person}
    last = day(until)
    if last is not None:
        end_care(**where, care_class=care_class, until=last)
    else:
        set_care(**where, care_class=care_class, since=day(since), source=source)
    emit({"person": person, "class": care_class, "until": last}, "已登记。")


@linli_command("divide", help="辖区拆分、合并：把楼栋连同住户划到另一个辖区，以前的登记不变")
@AREA
@click.option("--to", required=True, help="划到哪个辖区")
@click.option("--building", "marks", multiple=True, help="楼栋，如 3栋，可多次；不写则是全部楼栋")
@click.option("--since", required=True, help="从哪一天起，如 2011-01-01")
def divide(area: str, to: str, marks: tuple[str, ...], since: str) -> None:
    """Move buildings with all who live in them from one area to another from a day on."""
    from linli.core.registers.actions import divide as move
    from linli.core.registers.addresses import building_mark
    from linli.core.registers.queries.places import buildings

    who, first = actor(), _day(since)
    here = buildings(who, area, on=first)
    wanted = {building_mark(mark): mark for mark in marks}
    missing = wanted.keys() - {one.mark for one in here}
    if missing:
        raise Refusal("cli.no_building", building=wanted[min(missing)], area=area)
    chosen = [one.id for one in here if not wanted or one.mark in wanted]
    moved = move(actor=who, area=area, to=to, buildings=chosen, since=first)
    emit({"buildings": len(chosen), "persons": moved}, f"已划转 {len(chosen)} 栋、{moved} 人。")


@linli_command("duplicates", help="可能重复的登记，附理由，最像的在前")
@AREA
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
@AREA
def merge(kept: UUID, merged: UUID, area: str) -> None:
    """Take two persons for one; prints the id that undoes it."""
    from linli.core.registers.actions import merge as unite

    done = unite(actor=actor(), area=area, kept=kept, merged=merged)
    emit({"merge": done}, f"已合并。撤销请用：linli register unmerge {done} --area {area}")


@linli_command("unmerge", help="撤销一次合并")
@click.argument("merge_id", metavar="合并编号", type=click.UUID)
@AREA
def unmerge(merge_id: UUID, area: str) -> None:
    """Undo a merge."""
    from linli.core.registers.actions import unmerge as undo

    undo(actor=actor(), area=area, merge=merge_id)
    emit({"undone": merge_id}, "已撤销合并。")


@linli_command("distinct", help="确认两个登记是不同的人，不再提示")
@click.argument("first", metavar="编号", type=click.UUID)
@click.argument("second", metavar="编号", type=click.UUID)
@AREA
def distinct(first: UUID, second: UUID, area: str) -> None:
    """Say that two who look alike are two."""
    from linli.core.registers.actions import distinguish

    distinguish(actor=actor(), area=area, first=first, second=second)
    emit({"distinct": [first, second]}, "已记为不同的人。")


def _day(text: str) -> date:
    found = day(text)
    if found is None:
        raise Refusal("cli.as_of", text=text)
    return found


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
    import_, find, show, reveal, leave, care, divide, duplicates, merge, unmerge, distinct, *RIGHTS
):  # fmt: skip
    register.add_command(_command)
commands: list[click.Command] = [register]
