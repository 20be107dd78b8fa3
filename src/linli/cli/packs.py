"""`linli pack check` and `linli pack show`: declarations; neither needs an installation."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from linli.cli.frame import emit, home, linli_command, wants_json

if TYPE_CHECKING:
    from linli.packs.registry import Registry
    from linli.packs.schema import Kind
    from linli.packs.schema_flow import Flow


@linli_command("check", installation=False, help="一次列出业务包 FOLDER 里的全部错误")
@click.argument("folder", type=click.Path(path_type=Path))
def check_command(folder: Path) -> int:
    """Exit 0 when the pack has no fault, 1 when it has any."""
    from linli.packs.check import check

    faults = check(folder)
    for fault in faults:
        emit(fault.as_json(), fault.line())
    if not faults and not wants_json():
        click.echo("没有错误。")
    return 1 if faults else 0


@linli_command(
    "show",
    installation=False,
    help="列出全部事项和流程，或一个事项的字段、计量和认得的词，或一个流程的图",
)
@click.argument("name", required=False, metavar="[事项或流程]")
def show_command(name: str | None) -> None:
    """Show the base pack with the local packs of the installation, if there is one."""
    from linli.packs.load import registry

    known = registry(home())
    if name is None:
        for one in _every(known):
            emit(one.model_dump(mode="json", by_alias=True), f"{one.id}\t{one.title}")
        return
    found = _find(known, name)
    flow = known.flows.get(found.id)
    text = "\n".join(_drawn(flow) if flow else _lines(known, known.kind(found.id)))
    emit(found.model_dump(mode="json", by_alias=True), text)


def _every(known: Registry) -> list[Kind | Flow]:
    return [*known.kinds.values(), *known.flows.values()]


def _find(known: Registry, name: str) -> Kind | Flow:
    found = (one for one in _every(known) if name in (one.id, one.title))
    return next(found, None) or known.kind(name)


def _drawn(flow: Flow) -> list[str]:
    """A flow as a diagram that Mermaid draws, and that can be read as it stands."""
    from linli.packs.diagram import mermaid

    return [f"%% {flow.title}（{flow.id}）", mermaid(flow).rstrip()]


def _lines(known: Registry, kind: Kind) -> list[str]:
    lines = [f"{kind.title}（{kind.id}）", f"认得的词：{'、'.join(kind.words) or '无'}", "字段："]
    lines += [f"  {field.id}  {field.title}" for field in kind.fields] or ["  无"]
    lines.append("计量：")
    for measure in kind.measures:
        whole = f"，是{known.measure(measure.whole).title}的一部分" if measure.whole else ""
        lines.append(f"  {measure.id}  {measure.title}（{measure.unit}）{whole}")
    used = [i.title for i in known.indicators.values() if kind.id in i.numerator.kinds]
    lines.append(f"用到它的指标：{'、'.join(used) or '无'}")
    return lines


@click.group("pack", help="业务包：检查、查看")
def pack() -> None:
    """Commands about packs."""


pack.add_command(check_command)
pack.add_command(show_command)
commands: list[click.Command] = [pack]
