"""`linli register request` and the like: what persons ask about their own data."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from uuid import UUID

import click

from linli.cli.frame import actor, dumps, emit, linli_command, wants_json
from linli.cli.intake import day

AREA = click.option("--area", required=True, help="辖区代号")
PERSON = click.argument("person", metavar="编号", type=click.UUID)


@linli_command(
    "request", help="登记本人的请求：access 查阅、correct 更正、erase 删除；三十日内答复"
)
@PERSON
@AREA
@click.option("--sort", required=True, help="access 查阅、correct 更正、erase 删除")
def request(person: UUID, area: str, sort: str) -> None:
    """Note what a person asked for."""
    from linli.core.registers.actions import open_request

    made = open_request(actor=actor(), area=area, person=person, sort=sort)
    emit({"request": made}, f"已登记请求 {made}")


@linli_command("requests", help="未办结的个人信息请求")
@AREA
@click.option("--all", "everything", is_flag=True, help="已办结的也列出")
def requests(area: str, everything: bool) -> None:
    """The requests of an area, the one due first."""
    from linli.core.registers.queries.rights import requests as asked

    for one in asked(actor(), area, open_only=not everything):
        state = one.outcome or ("已逾期" if one.late else "待办")
        emit(asdict(one), f"{one.due} {one.sort} {state} {one.id} 本人 {one.person}")


@linli_command("answer", help="办结一个请求：同意，或写明理由拒绝")
@click.argument("request_id", metavar="请求编号", type=click.UUID)
@AREA
@click.option("--refuse", metavar="理由", default="", help="拒绝的理由")
def answer(request_id: UUID, area: str, refuse: str) -> None:
    """Close a request."""
    from linli.core.registers.actions import close_request

    granted = not refuse
    close_request(actor=actor(), area=area, request=request_id, granted=granted, reason=refuse)
    emit({"request": request_id, "granted": granted}, "已办结。")


@linli_command("export", help="一个人的全部登记，交给本人（含敏感信息）")
@PERSON
@AREA
@click.option("--out", type=click.Path(path_type=Path), required=True, help="写入的 JSON 文件")
def export(person: UUID, area: str, out: Path) -> None:
    """Write all that is held about a person into a private file."""
    from linli.core.registers.actions import export as gather

    shown = gather(actor=actor(), area=area, person=person)
    out.touch(mode=0o600)
    out.write_text(dumps(shown) + "\n", encoding="utf-8")
    emit({"file": str(out)}, f"已写入 {out}，请当面交给本人后删除。")


@linli_command("erase", help="删除一个人的登记和密钥，并列出依法保留在哪里")
@PERSON
@AREA
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
@AREA
@click.option("--on", help="到哪一天为止（缺省今天）")
def expired(area: str, on: str | None) -> int:
    """What is kept past its time; exit 1 where there is something."""
    from linli.core.registers.queries.rights import expired as due

    found = due(actor(), area, on=day(on))
    for one in found:
        emit(asdict(one), f"{one.keep_until} {one.what} {one.person}")
    return 1 if found else 0


RIGHTS: tuple[click.Command, ...] = (request, requests, answer, export, erase, expired)
