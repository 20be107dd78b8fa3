"""`linli figures`, `linli trace`, `linli ledger`, `linli reconcile`: what is measured."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from linli.cli.frame import actor, emit, linli_command, say
from linli.kernel.errors import Refusal, sentences

if TYPE_CHECKING:
    from linli.insight.figures import Figure

sentences(
    {
        "cli.no_moment": ("“{text}”不是时刻。", "请写成 2010-07-01T08:00:00+08:00。"),
        "cli.ledger_file": ("台账不能写成 {file}。", "文件名请以 .xlsx 或 .csv 结尾。"),
        "cli.no_folder": ("没有文件夹 {folder}。", "请先建好，或写到别处。"),
    }
)
_SEVERITIES = {"error": "不符", "doubt": "存疑"}

_area = click.option("--area", required=True, help="辖区代号")
_period = click.option("--period", required=True, help="期间，例如 2010、2010H1、2010Q1、2010-03")
_known_at = click.option("--known-at", metavar="T", help="按当时已知的记录计算（ISO 时刻）")


@linli_command("figures", help="计算一个辖区一个期间的数据")
@_area
@_period
@_known_at
@click.option("--id", "ids", multiple=True, help="只算这些指标")
@click.option("--all", "everything", is_flag=True, help="也列出没有数据的指标")
def figures(
    area: str, period: str, known_at: str | None, ids: tuple[str, ...], everything: bool
) -> None:
    """Print figures; those without a value only when asked for."""
    from linli.insight import queries

    found = queries.figures(actor(), area, period, ids or None, _moment(known_at))
    shown = [f for f in found if everything or ids or f.value is not None]
    for one in shown:
        emit(one, words(one))
    if not shown:
        say("这个期间还没有数据。")


@linli_command("trace", help="列出一个数据背后的工作记录")
@click.argument("indicator")
@_area
@_period
@_known_at
def trace(indicator: str, area: str, period: str, known_at: str | None) -> None:
    """Print the records behind a figure, as known then."""
    from linli.cli.records import words as record_words
    from linli.insight import queries

    found = queries.trace(actor(), indicator, area, period, _moment(known_at))
    for view in found:
        emit(view, record_words(view))
    if not found:
        say("这个期间没有这个数据背后的记录。")


@linli_command("ledger", help="打印一本台账（.xlsx 或 .csv）")
@click.argument("name")
@_area
@_period
@click.option("--out", required=True, type=click.Path(path_type=Path), help="写到哪个文件")
def ledger(name: str, area: str, period: str, out: Path) -> None:
    """Write a print-ready ledger; NAME is its id or its Chinese title."""
    from linli.insight import queries

    found = queries.ledger(actor(), name, area, period)
    if out.suffix.lower() not in (".xlsx", ".csv"):
        raise Refusal("cli.ledger_file", file=out)
    if not out.parent.is_dir():
        raise Refusal("cli.no_folder", folder=out.parent)
    found.write(out)
    row = {"ledger": found.ledger, "title": found.title, "file": str(out), "rows": len(found.rows)}
    emit(row, f"{found.heading}：{len(found.rows)} 行，已写入 {out}")


@linli_command("reconcile", help="勾稽：列出互相对不上的数据和记录")
@_area
@_period
def reconcile(area: str, period: str) -> int:
    """Print what does not agree; exit code 1 if something does not."""
    from linli.insight import queries

    found = queries.reconcile(actor(), area, period)
    for one in found:
        emit(one, f"{_SEVERITIES.get(one.severity, one.severity)}：{one.sentence}")
    if not found:
        say("没有对不上的地方。")
    return 1 if any(one.severity == "error" for one in found) else 0


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError as fault:
        raise Refusal("cli.no_moment", text=text) from fault
    if found.tzinfo is None:
        raise Refusal("cli.no_moment", text=text)
    return found


def words(figure: Figure) -> str:
    """A figure in a line for people."""
    from linli.kernel.wording import phrase

    quantity = figure.quantity
    amount = phrase(quantity) if quantity is not None else "—"
    basis = {"computed": "逐条算出", "declared": "申报"}[figure.basis]
    late = f"，其中迟报{figure.late}条" if figure.late else ""
    return (
        f"{figure.title}  {amount}  （{basis}，{figure.records}条记录{late}）  {figure.indicator}"
    )


commands: list[click.Command] = [figures, trace, ledger, reconcile]
