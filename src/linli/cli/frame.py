"""What all commands share: global options, the installation, answers, refusals.

Exit codes: 0 done · 1 a check found something · 2 refused (also wrong usage) · 3 a fault of ours.
With `--json` every line of standard output is one JSON object; a refusal is
`{"error": {"code", "sentence", "way_out", "facts"}}`.
"""

from __future__ import annotations

import functools
import importlib
import json
import os
import sys
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from linli.cli.chinese import Command, Group, misused
from linli.kernel.clock import beijing
from linli.kernel.clock import now as clock_now
from linli.kernel.disk import free_mb
from linli.kernel.errors import Refusal, Refusals, sentences

if TYPE_CHECKING:
    from linli.core.access.rules import Actor

F = TypeVar("F", bound=Callable[..., Any])

sentences(
    {
        "cli.no_home": ("{home} 里还没有邻里的数据。", "请先运行 linli init 或 linli demo。"),
        "cli.not_migrated": (
            "{home} 的数据库还没有建好，或是旧版本的。",
            "新的安装请运行 linli init；旧的请运行 linli upgrade，它会先备份。",
        ),
        "cli.older": (
            "{home} 的数据库是旧版本的，还差 {count} 步升级。",
            "请运行 linli upgrade，它会先备份。",
        ),
        "cli.moved": (
            "这个安装已经搬到 PostgreSQL，旧文件不再接受登记。",
            "请停掉正在运行的 linli，再重新启动。",
        ),
        "cli.busy": ("数据库正忙，等了二十秒没有轮到。", "请稍后再试。"),
    }
)
SORRY = "抱歉，程序出错了，这一步没有完成。详情已写入 {log}，请把这个文件交给管理员。"


@dataclass(slots=True)
class Frame:
    """The global options, wherever they stood."""

    home: str | None = None
    json: bool = False
    user: str | None = None

    def take(self, home: str | None, as_json: bool, as_user: str | None) -> None:
        """Take options that stand further right; what they leave open stays."""
        self.home = home or self.home
        self.json = as_json or self.json
        self.user = as_user or self.user


def global_options(function: F) -> F:
    """Add --home, --json and --as."""
    for option in (
        click.option(
            "--as", "as_user", metavar="USER", help="以哪个用户的身份办理（缺省为本机操作员）"
        ),
        click.option("--json", "as_json", is_flag=True, help="每行输出一个 JSON 对象"),
        click.option("--home", metavar="DIR", help="安装目录（缺省 $LINLI_HOME，再缺省 ~/.linli）"),
    ):
        function = option(function)
    return function


def linli_command(
    name: str | None = None, *, installation: bool = True, **attributes: Any
) -> Callable[[Callable[..., Any]], click.Command]:
    """Like click.command, with the global options and the installation opened.

    `installation=False`: for commands that need none (`pack check`) or make one (`init`). The
    function may call `actor()`, `emit()`, `say()`, `home()` and return an exit code.
    """

    def wrap(function: Callable[..., Any]) -> click.Command:
        @functools.wraps(function)
        def run_it(
            *args: Any, home: str | None, as_json: bool, as_user: str | None, **kwargs: Any
        ) -> Any:
            frame = current()
            frame.take(home, as_json, as_user)
            if installation:
                open_installation()
            elif frame.home:
                os.environ["LINLI_HOME"] = str(Path(frame.home).expanduser().resolve())
            return function(*args, **kwargs)

        make: Callable[[Callable[..., Any]], click.Command] = click.command(
            name, cls=Command, **attributes
        )
        return make(global_options(run_it))

    return wrap


def linli_group(name: str, **attributes: Any) -> click.Group:
    """A group of commands (`pack`, `audit`) that takes the global options too."""

    def take(home: str | None, as_json: bool, as_user: str | None) -> None:
        current().take(home, as_json, as_user)

    make: Callable[[Callable[..., Any]], click.Group] = click.group(name, cls=Group, **attributes)
    return make(global_options(take))


def current() -> Frame:
    """The frame of the running command."""
    root = click.get_current_context().find_root()
    if not isinstance(root.obj, Frame):
        root.obj = Frame()
    return root.obj


def home() -> Path:
    """The folder of the installation, absolute; it need not exist."""
    given = current().home or os.environ.get("LINLI_HOME")
    return (Path(given) if given else Path.home() / ".linli").expanduser().resolve()


def open_installation(*, must_exist: bool = True) -> Path:
    """Set Django up for the installation. Raises Refusal cli.no_home."""
    place = home()
    if must_exist and not (place / "secret").exists():
        raise Refusal("cli.no_home", home=place)
    # Named by text, as Django names its settings: the floor above is configured, not imported.
    importlib.import_module("linli.config").setup(place)
    return place


def check_version() -> None:
    """Refuse a database of another version: cli.not_migrated, cli.older, life.older_program."""
    from linli.life import tables
    from linli.life.upgrade import refuse_newer

    refuse_newer(home())
    pending = tables.pending()
    if pending and tables.applied():
        raise Refusal("cli.older", home=home(), count=len(pending))
    if pending:
        raise Refusal("cli.not_migrated", home=home())


def actor() -> Actor:
    """Who acts: the user of --as, else the local operator."""
    from linli.core.access.queries import actor_named, local_operator

    user = current().user
    return actor_named(user) if user else local_operator()


def wants_json() -> bool:
    """Whether --json was given."""
    return current().json


def emit(row: Any, text: str | None = None) -> None:
    """Print one answer: a JSON line with --json, else `text` (or the values of the row).

    `row` is a mapping, or has `as_json()`.
    """
    if wants_json():
        shape = row.as_json() if hasattr(row, "as_json") else row
        sys.stdout.write(dumps(shape) + "\n")
        return
    if text is None:
        shape = row.as_json() if hasattr(row, "as_json") else row
        text = "  ".join(f"{key}: {value}" for key, value in shape.items())
    sys.stdout.write(text + "\n")


def say(text: str) -> None:
    """Tell a person something on the side; silent with --json."""
    if not wants_json():
        sys.stderr.write(text + "\n")


def progress(label: str, total: int | None = None) -> Callable[[int], None]:
    """A counter line on a terminal; silent elsewhere. Call it with the number done so far."""
    if wants_json() or not sys.stderr.isatty():
        return lambda _done: None
    end = f"/{total}" if total else ""

    def show(done: int) -> None:
        sys.stderr.write(f"\r{label} {done}{end} ")
        sys.stderr.flush()

    return show


# -- JSON -------------------------------------------------------------------------------------------


def dumps(value: Any) -> str:
    """One line of JSON: UTF-8, Decimals as exact numbers (json would make floats of them)."""
    if isinstance(value, Mapping):
        parts = (f"{json.dumps(str(k), ensure_ascii=False)}: {dumps(v)}" for k, v in value.items())
        return "{" + ", ".join(parts) + "}"
    if isinstance(value, list | tuple | set | frozenset):
        return "[" + ", ".join(dumps(one) for one in value) + "]"
    if isinstance(value, Decimal):
        return _number(value)
    if isinstance(value, datetime):
        value = beijing(value).isoformat(timespec="seconds")
    elif isinstance(value, date):
        value = value.isoformat()
    return json.dumps(value, ensure_ascii=False, default=str)


def _number(value: Decimal) -> str:
    """Plain digits, no exponent, no trailing zeros after the point."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


# -- running ----------------------------------------------------------------------------------------


def run(group: click.Group, arguments: list[str] | None, discover: Callable[[], None]) -> int:
    """Run the command line and return its exit code; no traceback reaches the person."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8")
    asked = sys.argv[1:] if arguments is None else arguments
    try:
        discover()
        code = group.main(args=asked, prog_name="linli", standalone_mode=False)
        sys.stdout.flush()
    except click.exceptions.Exit as left:
        return left.exit_code
    except click.Abort:
        sys.stderr.write("\n已中断：没有做完的一步不会生效。\n")
        return 130
    except click.ClickException as wrong:
        return _refuse(misused(wrong), "--json" in asked)
    except (BrokenPipeError, SystemExit):
        # The reader (head, less) has left: nothing is wrong. Keep Python from flushing into it.
        # (click turns a broken pipe into SystemExit, and raises that for nothing else here.)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except (Refusal, Refusals) as refused:
        return _refuse(refused, "--json" in asked)
    except Exception as fault:
        return _apologise(fault, asked)
    return code if isinstance(code, int) else 0


def _refuse(refused: Refusal | Refusals, as_json: bool) -> int:
    problems = refused.problems if isinstance(refused, Refusals) else [refused]
    for one in problems:
        if as_json:
            error = {
                "code": one.code,
                "sentence": one.sentence,
                "way_out": one.way_out,
                "facts": {key: str(value) for key, value in one.facts.items()},
            }
            sys.stdout.write(dumps({"error": error}) + "\n")
        sys.stderr.write(f"{one.sentence}{one.way_out}\n")
    sys.stdout.flush()
    return 2


def _apologise(fault: Exception, asked: list[str]) -> int:
    known = _database_refusal(fault, asked)
    if known is not None:
        return _refuse(known, "--json" in asked)
    place = _home_of(asked)
    moment = clock_now()
    log = place / "logs" / f"{beijing(moment):%Y-%m-%d}.log"
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("a", encoding="utf-8") as file:
            file.write(f"== {moment.isoformat()} linli {asked[0] if asked else ''}\n")
            file.write("".join(traceback.format_exception(fault)))
        where = str(log)
    except OSError:
        where = f"（日志也写不了：{type(fault).__name__}）"
    if "--json" in asked:
        error = {"code": "program.fault", "sentence": SORRY.format(log=where), "way_out": ""}
        sys.stdout.write(dumps({"error": error}) + "\n")
        sys.stdout.flush()
    sys.stderr.write(SORRY.format(log=where) + "\n")
    return 3


def _home_of(asked: list[str]) -> Path:
    """The home, where the command line may not even have been parsed."""
    given = os.environ.get("LINLI_HOME")
    for word, following in zip(asked, [*asked[1:], ""], strict=False):
        if word == "--home":
            given = following
        elif word.startswith("--home="):
            given = word.partition("=")[2]
    return Path(given).expanduser() if given else Path.home() / ".linli"


def _database_refusal(fault: Exception, asked: list[str]) -> Refusal | None:
    from django.db import DatabaseError

    if not isinstance(fault, DatabaseError):
        return None
    words = str(fault)
    if "no such table" in words or "no such column" in words or "does not exist" in words:
        return Refusal("cli.not_migrated", home=_home_of(asked))
    if "moved to PostgreSQL" in words:
        return Refusal("cli.moved")
    if "database is locked" in words:
        return Refusal("cli.busy")
    if "disk is full" in words or "No space left" in words:
        return Refusal("disk.full", path=_home_of(asked), free=free_mb(_home_of(asked)))
    return None
