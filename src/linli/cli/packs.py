"""``linli pack check`` and ``linli pack show``: declarations, without an installation."""

from __future__ import annotations

import json
from pathlib import Path

import click

from linli.kernel.errors import Refusal
from linli.packs.check import check
from linli.packs.load import BASE, load, local_packs
from linli.packs.registry import Registry
from linli.packs.schema import Kind


@click.group("pack")
def pack() -> None:
    """业务包：检查、查看。"""


@pack.command("check")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="每个错误输出一行 JSON。")
@click.option("--home", type=click.Path(path_type=Path), hidden=True)
@click.pass_context
def check_command(context: click.Context, folder: Path, as_json: bool, home: Path | None) -> None:
    """一次列出业务包 FOLDER 里的全部错误。"""
    del home  # accepted everywhere; a check needs no installation
    faults = check(folder)
    for fault in faults:
        if as_json or _wants_json(context):
            click.echo(json.dumps(fault.as_json(), ensure_ascii=False))
        else:
            click.echo(fault.line())
    if faults:
        context.exit(1)
    if not (as_json or _wants_json(context)):
        click.echo("没有错误。")


@pack.command("show")
@click.argument("kind", required=False)
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
@click.option("--home", type=click.Path(path_type=Path), help="安装文件夹，看它的本地业务包。")
@click.pass_context
def show_command(
    context: click.Context, kind: str | None, as_json: bool, home: Path | None
) -> None:
    """列出全部事项，或 KIND 一个事项的字段、计量和认得的词。"""
    folder = home or _home(context)
    registry = load([BASE, *(local_packs(folder / "packs") if folder else [])])
    try:
        kinds = [_find(registry, kind)] if kind else list(registry.kinds.values())
    except Refusal as refusal:
        click.echo(str(refusal), err=True)
        context.exit(2)
    for found in kinds:
        if as_json or _wants_json(context):
            click.echo(found.model_dump_json())
        elif kind:
            click.echo("\n".join(_lines(registry, found)))
        else:
            click.echo(f"{found.id}\t{found.title}")


def _find(registry: Registry, name: str) -> Kind:
    titled = [kind for kind in registry.kinds.values() if kind.title == name]
    return titled[0] if titled else registry.kind(name)


def _lines(registry: Registry, kind: Kind) -> list[str]:
    lines = [f"{kind.title}（{kind.id}）", f"认得的词：{'、'.join(kind.words) or '无'}", "字段："]
    lines += [f"  {field.id}  {field.title}" for field in kind.fields] or ["  无"]
    lines.append("计量：")
    for measure in kind.measures:
        whole = f"，是{registry.measure(measure.whole).title}的一部分" if measure.whole else ""
        lines.append(f"  {measure.id}  {measure.title}（{measure.unit}）{whole}")
    used = [i.title for i in registry.indicators.values() if kind.id in i.numerator.kinds]
    lines.append(f"用到它的指标：{'、'.join(used) or '无'}")
    return lines


def _wants_json(context: click.Context) -> bool:
    return bool(_global(context, "json"))


def _home(context: click.Context) -> Path | None:
    home = _global(context, "home")
    return Path(str(home)) if home else None


def _global(context: click.Context, name: str) -> object:
    """A global option given before the subcommand, kept by the frame in ``ctx.obj``."""
    kept = context.find_root().obj
    return kept.get(name) if isinstance(kept, dict) else getattr(kept, name, None)


commands: list[click.Command] = [pack]
