"""`linli pack check` and `linli pack show`: declarations; neither needs an installation."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from linli.cli.frame import emit, home, linli_command, wants_json

if TYPE_CHECKING:
    from linli.packs.registry import Registry
    from linli.packs.schema import Kind


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
    "show", installation=False, help="列出全部事项，或一个事项 KIND 的字段、计量和认得的词"
)
@click.argument("kind", required=False)
def show_command(kind: str | None) -> None:
    """Show the base pack with the local packs of the installation, if there is one."""
    from linli.packs.load import registry

    known = registry(home())
    for found in [_find(known, kind)] if kind else list(known.kinds.values()):
        text = "\n".join(_lines(known, found)) if kind else f"{found.id}\t{found.title}"
        emit(found.model_dump(mode="json"), text)


def _find(known: Registry, name: str) -> Kind:
    titled = [kind for kind in known.kinds.values() if kind.title == name]
    return titled[0] if titled else known.kind(name)


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
