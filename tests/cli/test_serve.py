"""`linli serve`: says in words what stands in its way, serves, and stops when told to."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
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


def _answers(address: str, server: subprocess.Popen[str]) -> str:
    for _ in range(200):
        assert server.poll() is None, server.communicate()
        try:
            with urllib.request.urlopen(address, timeout=2) as answer:
                return str(answer.read().decode())
        except OSError:
            time.sleep(0.2)
    pytest.fail("no answer")
