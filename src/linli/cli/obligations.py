"""`linli due` and `linli duty`: what is due here, and what people decide about it."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import click

from linli.cli.frame import actor, emit, linli_command, linli_group, say, wants_json
from linli.kernel.clock import today

if TYPE_CHECKING:
    from linli.core.obligations.obligation import Row

_DAY = click.DateTime(["%Y-%m-%d"])
_area = click.option("--area", required=True, help="辖区代号")
_on = click.option("--on", type=_DAY, help="哪一天（缺省今天）")
_reason = click.option("--reason", required=True, help="理由")


def _date(given: datetime | None) -> date | None:
    return given.date() if given is not None else None


@linli_command("due", help="列出应办：今天该办、暂停、漏办和快到的事")
@_area
@_on
@click.option("--ahead", default=7, show_default=True, help="往后看几天")
@click.option("--back", default=31, show_default=True, help="漏办的往前看几天")
def due(area: str, on: datetime | None, ahead: int, back: int) -> None:
    """Print what concerns an area and all under it; then which words wait for an interval."""
    from linli.core.obligations import queries
    from linli.core.obligations.obligation import rows

    who, day = actor(), _date(on)
    found = queries.due(who, area, day, ahead=ahead, back=back)
    if wants_json():
        for one in found:
            emit(one)
        return
    for row in rows(found):
        emit(row.first, words(row, day or today()))
    if not found:
        say("这几天没有应办的事。")
    waiting = queries.waiting(who, area, day)
    if waiting:
        titles = "、".join(f"{one.title}（{one.interval}）" for one in waiting)
        say(f"还有 {len(waiting)} 项没有说明间隔，定了才会到期：{titles}")
        say("请用 linli duty name 定下，如：linli duty name 班子研究工作 每月一次 --area " + area)


def words(row: Row, day: date) -> str:
    """A row of obligations in a line for people."""
    from linli.core.obligations.rules import STATE_NAMES

    one = row.first
    window = row.due.isoformat()
    if row.opens != row.due:
        window = f"{row.opens.isoformat()} 至 {window}"
    if row.count > 1:
        window += f" 共{row.count}次"
    subject = f"（{one.subject}）" if one.subject else ""
    sent = "".join(f"，{at.month}月{at.day}日已{step}" for step, at in one.sent)
    over = "，已逾期" if str(one.state) == "due" and one.due < day else ""
    parts = (
        f"{STATE_NAMES[one.state]}{over}{sent}",
        window,
        f"{one.title}{subject}",
        one.owner,
        one.area_name,
    )
    return "  ".join((*parts, one.code))


@linli_command("list", help="频次表：每件事多久办一次、谁办；没有说明间隔的排在前面")
@_area
@_on
@click.option("--waiting", is_flag=True, help="只列没有说明间隔的")
def rules(area: str, on: datetime | None, waiting: bool) -> None:
    """Print the cadence calendar of an area."""
    from linli.core.obligations import queries

    for one in queries.calendar(actor(), area, _date(on)):
        if waiting and not one.waiting:
            continue
        note = "待定间隔" if one.waiting else f"{one.since} 起自定" if one.since else "业务包规定"
        row = {
            "rule": one.rule, "title": one.title, "owner": one.owner, "kind": one.kind,
            "interval": one.interval, "declared": one.declared,
            "since": one.since, "waiting": one.waiting,
        }  # fmt: skip
        emit(row, f"{one.title}  {one.interval}（{note}）  {one.owner}  {one.rule}")


@linli_command("name", help="定下一件事在这里多久办一次，如：每月一次、5个工作日内；不开展写 不办")
@click.argument("rule", metavar="应办")
@click.argument("interval", metavar="频次")
@_area
@click.option("--since", type=_DAY, help="从哪天起（缺省今天）")
@click.option("--reason", default="", help="理由")
def name(rule: str, interval: str, area: str, since: datetime | None, reason: str) -> None:
    """Name the interval of a rule, by its id or title."""
    from linli.core.obligations.actions import name_interval

    day = _date(since)
    name_interval(actor=actor(), area=area, rule=rule, interval=interval, since=day, reason=reason)
    emit({"rule": rule, "interval": interval, "area": area}, f"已定：{rule} {interval}。")


@linli_command("history", help="频次的沿革：何时起多久一次、谁定的")
@_area
@click.option("--rule", metavar="应办", help="只看一件事")
def history(area: str, rule: str | None) -> None:
    """Print the intervals that were named in an area and above it."""
    from linli.core.obligations import queries

    for one in queries.intervals(actor(), area, rule):
        row = {
            "rule": one.rule, "area": one.area, "interval": one.interval, "since": one.since,
            "at": one.at, "reason": one.reason,
        }  # fmt: skip
        emit(row, f"{one.since} 起  {one.interval}  {one.rule}  {one.area}  {one.reason}".rstrip())


@linli_command("pause", help="暂停一件事或一项应办（编号），期间不催，停掉的日子补在期限后")
@click.argument("what", metavar="应办")
@_area
@_reason
@click.option("--since", type=_DAY, help="从哪天起（缺省今天）")
@click.option("--until", type=_DAY, help="哪天恢复（缺省待定）")
def pause(
    what: str, area: str, reason: str, since: datetime | None, until: datetime | None
) -> None:
    """Stop the clock of a rule or of one obligation."""
    from linli.core.obligations import actions

    made = actions.pause(
        actor=actor(), area=area, rule=what, reason=reason, since=_date(since), until=_date(until)
    )
    emit({"pause": str(made)}, f"已暂停（{made}）。")


@linli_command("resume", help="恢复暂停的应办")
@click.argument("pause_id", metavar="编号", type=click.UUID)
@_area
@click.option("--until", type=_DAY, help="从哪天恢复（缺省今天）")
def resume(pause_id: Any, area: str, until: datetime | None) -> None:
    """Let a stopped clock run again."""
    from linli.core.obligations import actions

    actions.resume(actor=actor(), area=area, pause_id=pause_id, until=_date(until))
    emit({"pause": str(pause_id)}, "已恢复。")


@linli_command("waive", help="免办一项应办，写明理由")
@click.argument("code", metavar="编号")
@_area
@_reason
def waive(code: str, area: str, reason: str) -> None:
    """Waive one obligation by its code."""
    from linli.core.obligations import actions

    made = actions.waive(actor=actor(), area=area, code=code, reason=reason)
    emit({"waiver": str(made)}, f"已免办（{made}）。")


@linli_command("lift", help="撤回免办")
@click.argument("waiver", metavar="编号", type=click.UUID)
@_area
def lift(waiver: Any, area: str) -> None:
    """Take a waiver back."""
    from linli.core.obligations import actions

    actions.lift(actor=actor(), area=area, waiver=waiver)
    emit({"waiver": str(waiver)}, "已撤回免办。")


@linli_command("decisions", help="列出暂停和免办")
@_area
def decisions(area: str) -> None:
    """Print the pauses and waivers of an area."""
    from linli.core.obligations import queries

    found = queries.decisions(actor(), area)
    for one in found:
        row = {
            "id": str(one.id), "what": one.what, "code": one.code, "since": one.since,
            "until": one.until, "reason": one.reason, "ended": one.ended,
        }  # fmt: skip
        days = f"{one.since} 至 {one.until or '待定'}  " if one.since is not None else ""
        ended = "已撤回" if one.what == "免办" and one.ended else one.what
        emit(row, f"{ended}  {one.code}  {days}{one.reason}  {one.id}")
    if not found:
        say("没有暂停或免办。")


@linli_command("remind", help="催办：发出到期的提醒和督办，每一步只发一次")
@_area
@_on
def remind(area: str, on: datetime | None) -> None:
    """Send the steps of reminding that are due."""
    from linli.core.obligations import actions

    count = actions.remind(actor=actor(), area=area, on=_date(on))
    emit({"area": area, "sent": count}, f"发出催办 {count} 条。")


duty = linli_group("duty", help="应办：频次、暂停、免办、催办")
for _one in (rules, name, history, pause, resume, waive, lift, decisions, remind):
    duty.add_command(_one)
commands: list[click.Command] = [due, duty]
