"""`linli serve`: says in words what stands in its way, serves, and stops when told to."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow


@pytest.fixture
def taken() -> Iterator[int]:
    """A port on which somebody listens."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield int(other.getsockname()[1])


def test_a_taken_port_is_said(linli: Callable[..., Any], taken: int) -> None:
    linli("init")
    ran = linli("serve", "--port", taken, code=2)
    assert f"端口 {taken} 已经被别的程序占用" in ran.err
    assert "Traceback" not in ran.err


def test_a_host_that_is_not_ours_is_said(linli: Callable[..., Any]) -> None:
    linli("init")
    assert "不是这台机器的地址" in linli("serve", "--host", "192.0.2.1", "--port", 8765, code=2).err


def test_without_an_installation_it_says_how_to_make_one(linli: Callable[..., Any]) -> None:
    assert "linli init" in linli("serve", code=2).err


def _free() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_it_serves_and_stops(linli: Callable[..., Any], home: Path, how: signal.Signals) -> None:
    linli("init")
    port = _free()
    environment = {k: v for k, v in os.environ.items() if k != "LINLI_DATABASE_URL"}
    server = subprocess.Popen(
        [sys.executable, "-m", "linli.cli.main", "serve", "--port", str(port), "--workers", "1"],
        env=environment | {"LINLI_HOME": str(home)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert _answers(f"http://127.0.0.1:{port}/health/", server) == "ok"
        first = _worker(home, server)
        if how is signal.SIGTERM:
            os.kill(int(first.rpartition("/")[2]), signal.SIGKILL)
            assert _worker(home, server, other_than=first), "a worker that dies is started anew"
        server.send_signal(how)
        out, err = server.communicate(timeout=30)
    finally:
        server.kill()
    assert f"http://127.0.0.1:{port}/" in out
    assert "演示账户" not in out
    assert server.returncode == 0, err
    assert "Traceback" not in err
    assert _workers(home) == [], "the worker stops with the site"


def test_it_serves_over_tls(linli: Callable[..., Any], home: Path) -> None:
    """A real request over TLS, trusted by nothing but the authority that the site hands out."""
    linli("init")
    port = _free()
    environment = {k: v for k, v in os.environ.items() if k != "LINLI_DATABASE_URL"}
    words = ["serve", "--tls", "--port", str(port), "--workers", "1"]
    server = subprocess.Popen(
        [sys.executable, "-m", "linli.cli.main", *words],
        env=environment | {"LINLI_HOME": str(home)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        kept = home / "keys" / "tls" / "public" / "linli-ca.crt"
        address = f"https://127.0.0.1:{port}"
        _wait(kept, server)
        trusting = ssl.create_default_context(cafile=kept)
        assert _answers(f"{address}/health/", server, trusting) == "ok"
        with urllib.request.urlopen(f"{address}/sign-in/", context=trusting, timeout=9) as page:
            cookies = page.headers.get_all("Set-Cookie") or []
        assert cookies
        assert all("Secure" in one for one in cookies)
        assert _called(f"{address}/health/", "localhost", trusting) == 200
        assert _called(f"{address}/health/", "bank.example", trusting) == 400
        with urllib.request.urlopen(
            f"{address}/authority/linli-ca.crt", context=trusting, timeout=9
        ) as answer:
            assert answer.read() == kept.read_bytes()
            assert answer.headers["Content-Type"] == "application/x-x509-ca-cert"
        for hidden in ("ca.key", "../ca.key", "%2e%2e/ca.key", "../../signing.key"):
            assert _called(f"{address}/authority/{hidden}", "localhost", trusting) in {
                400,
                403,
                404,
            }
        with pytest.raises(urllib.error.URLError, match="CERTIFICATE_VERIFY_FAILED"):
            urllib.request.urlopen(f"{address}/health/", timeout=9)
        server.send_signal(signal.SIGTERM)
        out, err = server.communicate(timeout=30)
    finally:
        server.kill()
    assert server.returncode == 0, err
    assert f"{address}/" in out
    assert "根证书" in out
    assert str(kept) in out


def _called(address: str, name: str, trusting: ssl.SSLContext) -> int:
    """The status of a page when the site is called by another name."""
    asked = urllib.request.Request(address, headers={"Host": name})
    try:
        with urllib.request.urlopen(asked, context=trusting, timeout=9) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code


def _wait(path: Path, server: subprocess.Popen[str]) -> None:
    for _ in range(300):
        assert server.poll() is None, server.communicate()
        if path.exists():
            return
        time.sleep(0.1)
    pytest.fail(f"{path} was not made")


def _workers(home: Path) -> list[str]:
    with closing(sqlite3.connect(home / "linli.sqlite3")) as database:
        return [row[0] for row in database.execute("SELECT process FROM jobs_worker")]


def _worker(home: Path, server: subprocess.Popen[str], other_than: str = "") -> str:
    """The process of the one worker, once it has announced itself."""
    for _ in range(300):
        assert server.poll() is None, server.communicate()
        found = [one for one in _workers(home) if one != other_than]
        if found:
            return found[0]
        time.sleep(0.1)
    pytest.fail("no worker")


def _answers(
    address: str, server: subprocess.Popen[str], trusting: ssl.SSLContext | None = None
) -> str:
    for _ in range(200):
        assert server.poll() is None, server.communicate()
        try:
            with urllib.request.urlopen(address, timeout=2, context=trusting) as answer:
                return str(answer.read().decode())
        except OSError:
            time.sleep(0.2)
    pytest.fail("no answer")
