"""`linli records`: records with their quantities and sources."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING
from uuid import UUID

import click

from linli.cli.frame import actor, emit, linli_command, say
from linli.kernel.errors import Refusal, sentences
from linli.kernel.periods import Period

if TYPE_CHECKING:
    from linli.core.records.rules import RecordView

sentences({"cli.no_id": ("“{text}”不是记录编号。", "编号在 linli records --json 的 id 里。")})


@linli_command("records", help="列出工作记录及其数量和来源")
@click.option("--area", required=True, help="辖区代号")
@click.option("--kind", help="事项，例如 base.visit")
@click.option("--period", help="期间，例如 2010、2010H1、2010Q1、2010-03")
@click.option(
    "--state",
    type=click.Choice(["done", "planned", "ongoing", "source_wanted", "withdrawn"]),
    help="状态",
)
@click.option("--text", help="标题中含有的字")
@click.option("--history", "history_of", metavar="ID", help="一条记录的所有版本")
def records(
    area: str,
    kind: str | None,
    period: str | None,
    state: str | None,
    text: str | None,
    history_of: str | None,
) -> None:
    """Print records of an area and all under it."""
    from linli.core.records import queries
    from linli.packs.load import registry

    who = actor()
    found: Iterable[RecordView]
    if history_of:
        found = queries.history(who, record_id(history_of))
    else:
        span = Period.parse(period) if period else None
        found = queries.records(who, area, kind=kind, period=span, state=state, text=text)
    none = True
    for one in found:
        emit(one, words(one))
        none = False
    if none and kind:
        # Only now: records of a kind that its pack has given up are listed all the same.
        registry().kind(kind)
    if none:
        say("没有这样的记录。")


def record_id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as fault:
        raise Refusal("cli.no_id", text=text) from fault


def words(view: RecordView) -> str:
    """A record in a line for people."""
    from linli.kernel.wording import phrase

    days = [day.isoformat() for day in (view.occurred.start, view.occurred.end) if day]
    when = view.occurred.words or " — ".join(dict.fromkeys(days))
    counted = "，".join(f"{one.label} {phrase(one.quantity)}" for one in view.quantities)
    place = "".join(part for part in (view.file, f"·{view.sheet}" if view.sheet else "") if part)
    late = "（迟报）" if view.late else ""
    parts = [when or "日期不明", f"{view.title}{late}", counted, place]
    return "  ".join(part for part in parts if part)


commands: list[click.Command] = [records]
