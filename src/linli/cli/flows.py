"""`linli flow`: matters that have to be handled, their moves, and the mail between areas."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import click

from linli.cli.frame import actor, emit, linli_command, linli_group, say, wants_json
from linli.cli.records import record_id
from linli.kernel.clock import BEIJING, beijing
from linli.kernel.errors import Refusal, sentences

if TYPE_CHECKING:
    from linli.core.access.rules import Actor
    from linli.core.flows.rules import Assignee
    from linli.core.flows.views import CaseView, MessageView

sentences(
    {
        "cli.no_body": ("{area}没有叫“{name}”的机构。", "请核对名称，或先建立这个机构。"),
        "cli.no_pair": ("“{text}”没有写成 字段=值。", "例如 --field result=已修好。"),
    }
)
_AREA = click.option("--area", required=True, help="辖区代号")
_TIME = click.DateTime(["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%d"])
_ASKED = (
    click.option("--at", "when", type=_TIME, help="何时发生（年-月-日 时:分，缺省现在）"),
    click.option("--to-user", help="交给哪个用户（登录名）"),
    click.option("--to-body", help="交给辖区里的哪个机构（名称）"),
    click.option("--field", "pairs", multiple=True, help="随手填写一项：字段=值，可多次"),
    click.option("--reason", default="", help="理由或说明"),
)


def _asked(function: Any) -> Any:
    """Add what a move may say."""
    for option in reversed(_ASKED):
        function = option(function)
    return function


@linli_command("list", help="列出办件，等得最久的在前")
@_AREA
@click.option("--flow", "flow_id", help="流程，例如 base.request_flow")
@click.option("--step", help="环节的编号")
@click.option("--closed", is_flag=True, help="已办结的")
@click.option("--overdue", is_flag=True, help="只看超期的")
@click.option("--mine", is_flag=True, help="只看交给我的（与 --as 合用）")
def list_command(
    area: str, flow_id: str | None, step: str | None, closed: bool, overdue: bool, mine: bool
) -> None:
    """Print the matters of an area and all under it."""
    from linli.core.flows.queries import cases

    found = cases(
        actor(), area, flow=flow_id, step=step, closed=closed, overdue=overdue or None, mine=mine
    )
    for one in found:
        emit(one, _line(one))
    if not found:
        say("没有这样的办件。")


@linli_command("show", help="一个办件走过的每一步，和现在可以办的")
@click.argument("case_id", metavar="办件或记录")
def show_command(case_id: str) -> None:
    """Print where a matter stands, its moves, and what the actor may do."""
    from linli.core.flows import queries

    who, number = actor(), record_id(case_id)
    case, made = queries.case(who, number), queries.moves(who, number)
    open_to = queries.choices(who, number)
    if wants_json():
        shape = case.as_json()
        shape["moves"] = [one.as_json() for one in made]
        shape["choices"] = [one.as_json() for one in open_to]
        emit(shape)
        return
    emit({}, _line(case))
    for move in made:
        late = "（补记）" if move.late else ""
        parts = [
            f"{move.seq:>3}", _moment(move.occurred) + late, move.title, f"→ {move.step}",
            move.who, f"交给{move.assignee}" if move.assignee else "", move.outcome, move.reason,
        ]  # fmt: skip
        emit({}, "  ".join(part for part in parts if part))
    emit({}, f"现在可以办：{'、'.join(f'{one.title}（{one.name}）' for one in open_to) or '无'}")


@linli_command("start", help="把一条记录转入流程")
@click.argument("record", metavar="记录")
@click.argument("flow_id", metavar="流程")
@_AREA
@_asked
def start_command(record: str, flow_id: str, area: str, **asked: Any) -> None:
    """Begin a matter."""
    from linli.core.flows.actions import start
    from linli.core.flows.rules import START

    who = actor()
    new = _new(who, area, START, 0, **asked)
    case = start(actor=who, area=area, record_id=record_id(record), flow=flow_id, new=new)
    emit(case, _line(case))


@linli_command("move", help="办一步：交办、提交、退回、转办、分办、暂停、重开……")
@click.argument("case_id", metavar="办件或记录")
@click.argument("name", metavar="流转")
@_AREA
@click.option("--seen", type=int, help="看到的最后一步的序号（缺省取现在的）")
@click.option("--to-area", help="交办到哪个辖区（代号）")
@click.option("--part", "parts", multiple=True, help="分办出的一件（标题），至少两次")
@_asked
def move_command(
    case_id: str,
    name: str,
    area: str,
    seen: int | None,
    to_area: str | None,
    parts: tuple[str, ...],
    **asked: Any,
) -> None:
    """Make one move; without --seen the matter is taken as it stands now."""
    from linli.core.flows.actions import move
    from linli.core.flows.queries import case as find
    from linli.core.flows.rules import NewPart

    who, number = actor(), record_id(case_id)
    last = find(who, number).seen if seen is None else seen
    pieces = tuple(NewPart(title) for title in parts)
    new = _new(who, area, name, last, to=to_area, parts=pieces, **asked)
    case = move(actor=who, area=area, case_id=number, new=new)
    emit(case, _line(case))


@linli_command("inbox", help="别的辖区交来的、答复的、退回的来件")
@_AREA
@click.option("--all", "everything", is_flag=True, help="也列出已签收和已退回的")
@click.option("--sent", is_flag=True, help="改为列出本辖区发出的")
def inbox_command(area: str, everything: bool, sent: bool) -> None:
    """Print messages between areas."""
    from linli.core.flows import queries

    who = actor()
    found = queries.outbox(who, area) if sent else queries.inbox(who, area, waiting=not everything)
    for one in found:
        emit(one, _letter(one))
    if not found:
        say("没有来件。" if not sent else "没有发件。")


@linli_command("accept", help="签收一个来件")
@click.argument("message", metavar="来件")
@_AREA
@_asked
def accept_command(message: str, area: str, **asked: Any) -> None:
    """Take a message in."""
    from linli.core.flows.actions import accept
    from linli.core.flows.rules import NOTE

    who = actor()
    new = _new(who, area, NOTE, 0, **asked)
    case = accept(actor=who, area=area, message=record_id(message), new=new)
    emit(case, f"已签收。{_line(case)}")


@linli_command("refuse", help="退回一个来件")
@click.argument("message", metavar="来件")
@_AREA
@click.option("--reason", required=True, help="理由")
def refuse_command(message: str, area: str, reason: str) -> None:
    """Send an assignment back."""
    from linli.core.flows.actions import refuse

    refuse(actor=actor(), area=area, message=record_id(message), reason=reason)
    emit({"message": message, "state": "refused"}, "已退回。")


@linli_command("deliver", help="马上投递各辖区的发件（后台程序每分钟也会投递）")
def deliver_command() -> None:
    """Carry messages over."""
    from linli.core.flows.actions import deliver

    count = deliver(actor=actor())
    emit({"delivered": count}, f"投递了 {count} 件。")


def _new(
    who: Actor,
    area: str,
    name: str,
    seen: int,
    *,
    when: datetime | None,
    to_user: str | None,
    to_body: str | None,
    pairs: tuple[str, ...],
    **more: Any,
) -> Any:
    from linli.core.flows.rules import NewMove

    return NewMove(
        name,
        seen,
        occurred=when.replace(tzinfo=BEIJING) if when else None,
        assignee=_assignee(who, area, to_user, to_body),
        fields=dict(_pair(text) for text in pairs),
        **more,
    )


def _assignee(who: Actor, area: str, login: str | None, name: str | None) -> Assignee:
    from linli.core.access.queries import actor_named
    from linli.core.flows.rules import Assignee
    from linli.core.people.queries import bodies

    body = None
    if name is not None:
        body = next((one.id for one in bodies(who, area) if one.name == name), None)
        if body is None:
            raise Refusal("cli.no_body", area=area, name=name)
    return Assignee(person=UUID(actor_named(login).id) if login else None, body=body)


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        raise Refusal("cli.no_pair", text=text)
    return name.strip(), value.strip()


def _line(case: CaseView) -> str:
    """A matter in a line for people."""
    now_at = case.standing
    if now_at.closed:
        state = "已办结" if now_at.in_time else "已办结（有超期）"
    elif now_at.paused:
        state = f"自 {_moment(now_at.paused)} 暂停"
    elif now_at.due:
        state = f"{'已超期，' if now_at.overdue else ''}期限 {_moment(now_at.due)}"
    else:
        state = ""
    parts = [
        str(case.id), case.title, f"{case.flow_title}：{case.step_title}",
        f"第{now_at.round}轮" if now_at.round > 1 else "",
        case.assignee, now_at.outcome, state,
    ]  # fmt: skip
    return "  ".join(part for part in parts if part)


def _letter(one: MessageView) -> str:
    from linli.core.flows.rules import SORT_NAMES

    states = {"waiting": "未投递", "delivered": "已送达", "accepted": "已签收", "refused": "已退回"}
    parts = [
        str(one.id), SORT_NAMES[one.sort], one.other, one.title, states[one.state],
        _moment(one.at), one.content.get("reason", ""),
    ]  # fmt: skip
    return "  ".join(part for part in parts if part)


def _moment(moment: datetime) -> str:
    return beijing(moment).strftime("%Y-%m-%d %H:%M")


flow = linli_group("flow", help="流程：转入、办理、查看办件，收发辖区之间的来件")
for _command in (
    list_command, show_command, start_command, move_command, inbox_command, accept_command,
    refuse_command, deliver_command,
):  # fmt: skip
    flow.add_command(_command)
commands: list[click.Command] = [flow]
