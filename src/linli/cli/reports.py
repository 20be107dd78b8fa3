"""`linli report`, `linli verify`, `linli fonts`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from linli.cli.frame import actor, emit, home, linli_command, linli_group

if TYPE_CHECKING:
    from linli.reports.check import Checked

_TYPES = {
    "annual": "年度总结",
    "half-year": "半年总结",
    "quarter": "季度总结",
    "title-summary": "创建总结材料",
    "application": "申报材料",
    "briefing": "汇报材料",
}


@linli_command("report", help="写一份总结、申报或汇报材料，每个数字可以点开看记录。")
@click.argument("type", type=click.Choice(list(_TYPES)))
@click.option("--area", required=True, help="辖区代号")
@click.option("--period", required=True, help="期间，如 2010、2010H1、2010Q1、3y@2007-12-31")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="写到哪一天，也是落款日期")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="放文件的文件夹")
@click.option(
    "--format",
    "formats",
    default="docx,pdf,html",
    show_default=True,
    help="文件格式，可用逗号连写",
)
@click.option("--prose", type=click.Path(path_type=Path), help="人写的文字，按“# 部分名”分段")
@click.option("--signer", default="", help="落款单位（缺省为社区居民委员会）")
def report(
    type: str,  # noqa: A002  (the word of the command line)
    area: str,
    period: str,
    until: datetime | None,
    out: Path,
    formats: str,
    prose: Path | None,
    signer: str,
) -> None:
    """Write a report and print its files."""
    from linli.reports.actions import write

    written = write(
        actor=actor(),
        type=type,
        area=area,
        period=period,
        until=until.date() if until else None,
        out=out,
        formats=tuple(name.strip() for name in formats.split(",") if name.strip()),
        prose=prose,
        signer=signer,
    )
    lines = [f"{_TYPES[type]}《{written.title}》已写成，{len(written.figures)} 处数字都连着记录："]
    lines.extend(f"  {path}" for path in written.files)
    emit(written.as_json(), "\n".join(lines))


@linli_command("verify", help="拿以前写的报告同现在的数据核对。")
@click.argument("file", type=click.Path(path_type=Path))
def verify(file: Path) -> int:
    """Hold a file against the installation; exit 1 when a number does not hold."""
    from linli.reports.verdict import listed, verdict
    from linli.reports.verify import verify as hold

    found = hold(actor(), file)
    lines = [_line(one) for one in listed(found)]
    lines.append(verdict(found))
    emit(found.as_json(), "\n".join(lines))
    return 0 if found.ok else 1


def _line(one: Checked) -> str:
    """A number of the file in a line for people."""
    from linli.reports.verdict import STATES, place, words

    parts = [STATES[one.state], words(one)]
    if one.then is not None:
        now = "已没有" if one.now is None else one.now
        parts.append(f"写时 {one.then}，现在 {now}")
    if stands := place(one):
        parts.append(f"文中：{stands}")
    return "\t".join(parts)


fonts = linli_group("fonts", help="报告用的字体。")


@linli_command("add", installation=False, help="加入办公室自己的字体，如仿宋、小标宋。")
@click.argument("file", type=click.Path(path_type=Path))
def add(file: Path) -> None:
    """Check a font file and copy it into the installation."""
    from linli.reports import fonts as shelf

    font = shelf.add(file, home() / "fonts")
    names = "、".join(font.families)
    emit({"file": str(font.path), "families": list(font.families)}, f"已加入字体：{names}")


@linli_command("list", installation=False, help="列出报告可用的字体。")
def listing() -> None:
    """List the office's own fonts and those that came with the program."""
    from linli.reports import fonts as shelf

    for font in shelf.listed(home() / "fonts"):
        line = {"file": str(font.path), "families": list(font.families), "origin": font.origin}
        emit(line, f"{font.origin}\t{'、'.join(font.families)}\t{font.path.name}")


fonts.add_command(add)
fonts.add_command(listing)
commands: list[click.Command] = [report, verify, fonts]
