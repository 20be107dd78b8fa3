"""`linli serve`: the site, on as many processes as there are cores, and the worker beside it."""

from __future__ import annotations

import errno
import importlib
import os
import socket
from pathlib import Path

import click

from linli.cli.frame import actor, check_version, home, linli_command, say
from linli.cli.keeper import Keeper
from linli.kernel.errors import Refusal, sentences

sentences(
    {
        "cli.port_taken": (
            "端口 {port} 已经被别的程序占用。",
            "请先停掉那个程序（可能是另一个 linli serve），或者换一个：linli serve --port {other}。",
        ),
        "cli.port_forbidden": (
            "没有权限使用 {host} 的端口 {port}。",
            "请用 1024 以上的端口，如 linli serve --port 8000。",
        ),
        "cli.host": (
            "“{host}”不是这台机器的地址：{why}。",
            "请用 127.0.0.1，或本机在局域网里的地址。",
        ),
        "cli.no_frontend": ("页面文件还没有生成。", "请在项目目录里运行 make setup。"),
    }
)
_PATIENCE = 20  # seconds that a running request is given when the server stops
_EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104  (named, not bound to)


@linli_command("serve", help="启动网站；按 Ctrl-C 停止")
@click.option("--host", default="127.0.0.1", show_default=True, help="在哪个地址上听")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="端口")
@click.option("--workers", type=click.IntRange(1, 64), help="进程数（缺省为处理器核数）")
def serve(host: str, port: int, workers: int | None) -> None:
    """Check, sweep what dead imports have left, and serve until stopped."""
    _check_port(host, port)
    _check_frontend()
    _ready()
    _environment(host, port)
    _announce(host, port)
    with Keeper():
        _run(host, port, workers or os.cpu_count() or 1)
    say("网站已停止。")


def _check_port(host: str, port: int) -> None:
    """Refuse in words what the server would only say in a traceback."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            if os.name != "nt":  # elsewhere the option would let two servers share a port
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except PermissionError as fault:
        raise Refusal("cli.port_forbidden", host=host, port=port) from fault
    except socket.gaierror as fault:
        raise Refusal("cli.host", host=host, why=fault.strerror) from fault
    except OSError as fault:
        if fault.errno == errno.EADDRINUSE:
            other = port + 1 if port < 65535 else 8000
            raise Refusal("cli.port_taken", port=port, other=other) from fault
        raise Refusal("cli.host", host=host, why=fault.strerror or fault) from fault


def _check_frontend() -> None:
    web = Path(importlib.import_module("linli.web").__path__[0])
    if not (web / "static" / "dist" / "app.js").exists():
        raise Refusal("cli.no_frontend")


def _ready() -> None:
    """What has to hold before the first request: tables up to date, no dead staging."""
    from django.db import connection

    from linli.core.records.actions import sweep_imports

    check_version()
    sweep_imports(actor=actor())
    importlib.import_module("linli.web.uploads").sweep()  # a sibling door, named and not imported
    connection.close()  # each process opens its own


def _announce(host: str, port: int) -> None:
    from linli.cli.demo.play import accounts

    shown = "127.0.0.1" if host in _EVERYWHERE else f"[{host}]" if ":" in host else host
    click.echo(f"邻里已启动：http://{shown}:{port}/　（按 Ctrl-C 停止）")
    demo = accounts(home())
    if demo:
        click.echo("演示账户（登录名　密码　身份）：")
        for one in demo:
            click.echo(f"  {one.login:<16}{one.password}　{one.name}")


def _environment(host: str, port: int) -> None:
    """What the processes of the site and the worker read when they start."""
    os.environ["LINLI_HOME"] = str(home())
    hosts = os.environ.get("LINLI_HOSTS")
    if hosts is None and host not in ("127.0.0.1", "localhost", "::1"):
        # Asked to answer the network: by which name is the network's business.
        os.environ["LINLI_HOSTS"] = "*" if host in _EVERYWHERE else f"{host},localhost,127.0.0.1"
    os.environ.setdefault(
        "LINLI_SITE", f"http://{'127.0.0.1' if host in _EVERYWHERE else host}:{port}"
    )


def _run(host: str, port: int, workers: int) -> None:
    """One thread a process: SQLite and DuckDB work in C, and a page is never half another's."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    Granian(
        "linli.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=1,
        workers_kill_timeout=_PATIENCE,
        respawn_failed_workers=True,
        websockets=False,
        log_level=LogLevels.warning,
    ).serve()


commands: list[click.Command] = [serve]
