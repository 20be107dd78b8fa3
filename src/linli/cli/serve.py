"""`linli serve`: the site, on as many processes as there are cores, and the worker beside it."""

from __future__ import annotations

import errno
import importlib
import multiprocessing
import os
import socket
from contextlib import suppress
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from linli.cli.frame import actor, check_version, home, linli_command, say
from linli.cli.keeper import Keeper
from linli.kernel.clock import beijing
from linli.kernel.errors import Refusal, sentences

if TYPE_CHECKING:
    from linli.life.authority import Certificates

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
_PUBLIC = "/authority"
_EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104  (named, not bound to)


@linli_command("serve", help="启动网站；按 Ctrl-C 停止")
@click.option("--host", default="127.0.0.1", show_default=True, help="在哪个地址上听")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="端口")
@click.option("--workers", type=click.IntRange(1, 64), help="进程数（缺省为处理器核数）")
@click.option("--tls", is_flag=True, help="用 https：手机上拍照、离线登记需要它")
def serve(host: str, port: int, workers: int | None, tls: bool) -> None:
    """Check, sweep what dead imports have left, and serve until stopped."""
    check_version()
    _check_port(host, port)
    _check_frontend()
    _ready()
    shown = _certificates(host) if tls else None
    _environment(host, port, shown)
    _announce(host, port, shown)
    with Keeper():
        _run(host, port, workers or os.cpu_count() or 1, shown)
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
    """What has to hold before the first request: no dead staging, no forgotten upload."""
    from django.db import connection

    from linli.core.records.actions import sweep_imports

    sweep_imports(actor=actor())
    importlib.import_module("linli.web.uploads").sweep()  # a sibling door, named and not imported
    connection.close()  # each process opens its own


def _certificates(host: str) -> Certificates:
    """The site's certificate for every name and address under which it can be reached."""
    from linli.life import authority

    listening = [] if host in _EVERYWHERE else [host]
    addresses = authority.own_addresses()
    with suppress(ValueError):  # a name, not an address
        addresses += [ip_address(one) for one in listening]
    return authority.certificates(home(), authority.own_names(), addresses)


def _announce(host: str, port: int, tls: Certificates | None) -> None:
    from linli.cli.demo.play import accounts

    scheme = "https" if tls else "http"
    shown = "127.0.0.1" if host in _EVERYWHERE else _in_address(host)
    click.echo(f"邻里已启动：{scheme}://{shown}:{port}/　（按 Ctrl-C 停止）")
    if tls:
        _announce_authority(host, port, tls)
    demo = accounts(home())
    if demo:
        click.echo("演示账户（登录名　密码　身份）：")
        for one in demo:
            click.echo(f"  {one.login:<16}{one.password}　{one.name}")


def _announce_authority(host: str, port: int, tls: Certificates) -> None:
    """The step that a network needs: every phone has to be told once whom to trust."""
    near = ("localhost", "127.0.0.1", "::1")
    far = [one for one in tls.names if one not in near] if host in _EVERYWHERE else []
    for name in far:
        click.echo(f"  局域网里：https://{_in_address(name)}:{port}/")
    if not far and host in near:
        click.echo("  现在只有本机能打开；要让手机打开，请加 --host 0.0.0.0。")
    click.echo("每部手机、电脑要先装一次本单位的根证书，浏览器才不会警告：")
    click.echo(f"  下载：https://地址:{port}{_PUBLIC}/{tls.authority.name}（第一次打开请选“继续”）")
    click.echo(f"  或从这里拷贝：{tls.authority}")
    click.echo(f"  安装时核对 SHA-256：{tls.fingerprint}")
    click.echo(f"  网站证书有效至 {beijing(tls.until):%Y-%m-%d}，到期前重新启动会自动续签。")


def _in_address(host: str) -> str:
    """As it stands in an address: IPv6 in brackets."""
    return f"[{host}]" if ":" in host else host


def _environment(host: str, port: int, tls: Certificates | None) -> None:
    """What the processes of the site and the worker read when they start."""
    os.environ["LINLI_HOME"] = str(home())
    hosts = os.environ.get("LINLI_HOSTS")
    if hosts is None and tls is not None:
        os.environ["LINLI_HOSTS"] = ",".join(map(_in_address, tls.names))
    elif hosts is None and host not in ("127.0.0.1", "localhost", "::1"):
        # Asked to answer the network: by which name is the network's business.
        os.environ["LINLI_HOSTS"] = "*" if host in _EVERYWHERE else f"{host},localhost,127.0.0.1"
    if tls is not None:
        os.environ["LINLI_HTTPS"] = "1"
    site = "127.0.0.1" if host in _EVERYWHERE else _in_address(host)
    os.environ.setdefault("LINLI_SITE", f"http{'s' if tls else ''}://{site}:{port}")


def _run(host: str, port: int, workers: int, tls: Certificates | None) -> None:
    """One thread a process: SQLite and DuckDB work in C, and a page is never half another's.

    Processes are started anew, not forked: this one has read its settings before it knew by which
    names the site is called, and it has a thread that a fork would cut in two.
    """
    from granian import Granian
    from granian.constants import Interfaces, SSLProtocols
    from granian.log import LogLevels

    multiprocessing.set_start_method("spawn", force=True)
    secure: dict[str, Any] = {}
    if tls is not None:
        secure = {
            "ssl_cert": tls.chain,
            "ssl_key": tls.key,
            "ssl_protocol_min": SSLProtocols.tls12,  # phones of offices are not new
            "static_path_route": [_PUBLIC],
            "static_path_mount": [tls.public],
        }
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
        **secure,
    ).serve()


commands: list[click.Command] = [serve]
