"""`linli backup`, `restore`, `upgrade`, `doctor`, `move`: an installation carried through a broken disk."""

from __future__ import annotations

import importlib
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from linli.cli.frame import check_version, emit, home, linli_command, progress, say, wants_json
from linli.kernel.clock import beijing, now
from linli.kernel.errors import Refusal, sentences

if TYPE_CHECKING:
    from collections.abc import Callable

sentences(
    {
        "cli.no_passphrase": (
            "没有给出口令。",
            "请写在环境变量 LINLI_PASSPHRASE 里，或用 --passphrase-file 指明一个文件。",
        ),
        "cli.passphrase_file": ("读不出口令文件 {file}：{why}。", "请核对文件名和权限。"),
        "cli.passphrases_differ": ("两次输入的口令不一样。", "请再来一次。"),
        "cli.not_postgresql": (
            "目标不是 PostgreSQL 的地址。",
            "请写成 postgresql://用户:密码@主机:5432/数据库。",
        ),
        "cli.no_backup": ("没有备份文件 {file}。", "请核对文件名。"),
    }
)
VARIABLE = "LINLI_PASSPHRASE"
_passphrase_file = click.option(
    "--passphrase-file",
    type=click.Path(path_type=Path),
    help="口令写在这个文件的第一行（缺省 $LINLI_PASSPHRASE，再缺省当面询问）",
)


def passphrase(file: Path | None, *, twice: bool) -> str:
    """The passphrase from the file, the environment, or the person at the terminal."""
    if file is not None:
        try:
            return file.read_text("utf-8").splitlines()[0]
        except (OSError, IndexError, UnicodeDecodeError) as fault:
            raise Refusal("cli.passphrase_file", file=file, why=_why(fault)) from fault
    given = os.environ.get(VARIABLE)
    if given is not None:
        return given
    if wants_json() or not sys.stdin.isatty():
        raise Refusal("cli.no_passphrase")
    said: str = click.prompt("备份口令", hide_input=True, err=True)
    if twice and click.prompt("再输一次", hide_input=True, err=True) != said:
        raise Refusal("cli.passphrases_differ")
    return said


def _why(fault: Exception) -> str:
    return "文件是空的" if isinstance(fault, IndexError) else f"{fault}"


def megabytes(label: str) -> Callable[[int], None]:
    """Progress in MB."""
    show = progress(label)
    return lambda done: show(done // 1_000_000)


@linli_command("backup", help="备份整个安装（数据库、佐证、密钥、业务包、字体）到一个加密的文件")
@click.argument("out", metavar="文件或文件夹", type=click.Path(path_type=Path))
@_passphrase_file
def backup(out: Path, passphrase_file: Path | None) -> int:
    """Write a backup; exit code 1 if evidence in it was already damaged."""
    from linli.life.backup import back_up

    if out.is_dir():
        out = out / f"linli-{beijing(now()):%Y%m%d-%H%M%S}.backup"
    said = passphrase(passphrase_file, twice=True)
    made = back_up(home(), out, said, tell=megabytes("已备份 MB"))
    text = f"已备份到 {made.file}：{made.files} 个文件，{made.size / 1e6:.1f} MB。"
    emit(made, text + "没有口令谁也打不开它，请把口令另外保管好。")
    for name in made.damaged:
        say(f"注意：佐证 {name} 的内容与登记时不同，备份里也是这样。请从更早的备份取回。")
    return 1 if made.damaged else 0


@linli_command("restore", installation=False, help="从备份恢复到一个空文件夹，核对无误后才生效")
@click.argument("file", metavar="文件", type=click.Path(path_type=Path))
@_passphrase_file
@click.option("--check", "only_check", is_flag=True, help="只核对备份能否打开、是否完整，不恢复")
def restore(file: Path, passphrase_file: Path | None, only_check: bool) -> None:
    """Restore into the (empty) home, or only read the backup to its end."""
    if not file.is_file():
        raise Refusal("cli.no_backup", file=file)
    said = passphrase(passphrase_file, twice=False)
    if only_check:
        from linli.life.contents import check

        done = check(file, said, tell=megabytes("已核对 MB"))
        emit(done, f"备份完好：{done.made} 所做，{done.files} 个文件。")
        return
    _restore(file, said)


def _restore(file: Path, said: str) -> None:
    from linli.life.draft import draft_of

    place = home()
    configured = importlib.import_module("linli.config")
    configured.setup(draft_of(place))
    from linli.life.restore import restore as bring_back

    lay_out = importlib.import_module("linli.config.home").lay_out
    try:
        done = bring_back(file, said, place, complete=lay_out, tell=megabytes("已恢复 MB"))
    finally:
        os.environ["LINLI_HOME"] = str(place)  # where a log of what went wrong would go
    text = f"已恢复到 {place}：备份做于 {done.made}，{done.files} 个文件，审计链 {done.entries} 条全部核对无误。"
    if done.migrated:
        text += f"数据库已从旧版本升级（{len(done.migrated)} 步）。"
    if not done.evidence:
        text += "这是升级前的备份，不含佐证文件：请把原来的 evidence 文件夹放进来。"
    emit(done, text)


@linli_command("upgrade", help="把安装升级到这个程序的版本：先备份，再升级，再核对，不成则退回")
@_passphrase_file
def upgrade(passphrase_file: Path | None) -> None:
    """Upgrade; the backup's passphrase is the installation's own secret unless one is given."""
    from linli.life.upgrade import upgrade as bring_up

    place = home()
    given = passphrase_file is not None or VARIABLE in os.environ
    own = (place / "secret").read_text("ascii").strip()
    done = bring_up(place, passphrase(passphrase_file, twice=False) if given else own)
    if not done.steps:
        emit(done, f"已经是最新的，不用升级。审计链 {done.entries} 条。")
        return
    text = f"升级完成（{len(done.steps)} 步），审计链 {done.entries} 条全部核对无误。"
    kept = "" if given else f"，口令是 {place / 'secret'} 的内容"
    emit(done, f"{text}升级前的备份在 {done.backup}{kept}。")


@linli_command("doctor", help="逐项检查安装是否正常，说明该做什么；不改动任何东西")
@click.option("--quick", is_flag=True, help="不逐个文件、逐条核对（数据多时快得多）")
def doctor(quick: bool) -> int:
    """Print a line for each check; exit code 1 if something is wrong."""
    from linli.life.doctor import Health, examine

    worst = 0
    for found in examine(home(), quick=quick):
        todo = f"　→ {found.todo}" if found.todo else ""
        emit(found, f"{found.health}　{found.check}：{found.words}{todo}")
        worst = max(worst, int(found.health is Health.BAD))
    return worst


@linli_command("move", help="把 SQLite 的安装搬到一个空的 PostgreSQL 数据库，核对相同才生效")
@click.option(
    "--to", "url", required=True, metavar="URL", help="postgresql://用户:密码@主机/数据库"
)
def move(url: str) -> None:
    """Move, and remember the address in the home."""
    from linli.life.move import move as carry

    place = home()
    check_version()
    describe = importlib.import_module("linli.config.database").database
    try:
        target = describe(place, url)
    except ValueError as fault:
        raise Refusal("cli.not_postgresql") from fault
    done = carry(place, target, url, tell=progress("已搬行数"))
    text = f"已搬到 PostgreSQL：{done.tables} 张表 {done.rows} 行，审计链 {done.entries} 条，全部核对相同。"
    emit(done, f"{text}原来的文件留作 {place / 'linli.sqlite3.moved'}。")


commands: list[click.Command] = [backup, restore, upgrade, doctor, move]
