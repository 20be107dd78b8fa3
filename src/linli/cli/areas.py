"""`linli area`: the tree of areas, seen and grown from the command line."""

from __future__ import annotations

from datetime import datetime

import click

from linli.cli.frame import actor, emit, linli_command, linli_group, say

_DAY = click.DateTime(["%Y-%m-%d"])


@linli_command("add", help="建立一个辖区")
@click.argument("slug", metavar="代号")
@click.option("--name", required=True, help="名称，如 某某社区")
@click.option("--level", default="community", show_default=True, help="级别")
@click.option("--parent", help="上级辖区的代号")
@click.option("--since", type=_DAY, help="何时成立（年-月-日）")
def add(slug: str, name: str, level: str, parent: str | None, since: datetime | None) -> None:
    """Make one area."""
    from linli.core.areas.actions import create_area

    area = create_area(
        actor=actor(),
        slug=slug,
        name=name,
        level=level,
        parent=parent,
        since=since.date() if since else None,
    )
    row = {"slug": area.slug, "name": area.name, "level": area.level, "path": list(area.names)}
    emit(row, f"已建立{area.full_name}（{area.slug}）。")


@linli_command("list", help="列出看得见的辖区")
def list_areas() -> None:
    """Print the areas that the actor may see, highest first."""
    from linli.core.access.queries import areas_of
    from linli.core.access.rules import Permission
    from linli.core.areas.queries import everything

    who = actor()
    seen = areas_of(who, Permission.READ)
    found = [one for one in everything(who) if one.key in seen]
    for area in sorted(found, key=lambda one: one.names):
        row = {"slug": area.slug, "name": area.name, "level": area.level, "path": list(area.names)}
        emit(row, f"{'　' * (len(area.path) - 1)}{area.name}（{area.slug}）")
    if not found:
        say("还没有辖区。请用 linli area add 建立，如：linli area add minzhu --name 民主社区")


area = linli_group("area", help="辖区：建立、列出")
area.add_command(add)
area.add_command(list_areas)
commands: list[click.Command] = [area]
