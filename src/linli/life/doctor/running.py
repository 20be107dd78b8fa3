"""What runs: the worker, and the port that the site would take."""

from __future__ import annotations

import socket
from datetime import timedelta
from pathlib import Path

from linli.core.jobs.queries import working_since
from linli.kernel.clock import beijing
from linli.kernel.processes import machine_now
from linli.life import tables
from linli.life.authority import RENEW_DAYS, ends
from linli.life.doctor.finding import Finding, bad, note, well

PORT = 8000


def worker(home: Path) -> Finding:
    """Whether somebody does the jobs."""
    del home
    since = working_since() if tables.exists("jobs_worker") else None
    if since is None:
        return note("后台程序", "没有在运行", "启动网站（linli serve）时会一起启动。")
    return well("后台程序", f"自 {beijing(since):%m-%d %H:%M} 起在运行")


def port(home: Path) -> Finding:
    """Whether the site could listen where it does by default."""
    if worker(home).todo == "":
        return well("端口", "网站已在运行")
    with socket.socket() as probe:
        probe.settimeout(1)
        taken = probe.connect_ex(("127.0.0.1", PORT)) == 0
    if taken:
        todo = f"请停掉占用的程序，或用 linli serve --port {PORT + 1}。"
        return note("端口", f"{PORT} 已被别的程序占用", todo)
    return well("端口", f"{PORT} 空闲")


def certificate(home: Path) -> Finding:
    """Until when the site can be opened over https without a warning."""
    until = ends(home)
    if until is None:
        return well("证书", "没有启用 https")
    left = until - machine_now()
    words = f"有效至 {beijing(until):%Y-%m-%d}"
    todo = "请重新启动网站（linli serve --tls），它会自动续签。"
    if left < timedelta(0):
        return bad("证书", f"{words}，已经过期", todo)
    return note("证书", words, todo) if left < timedelta(days=RENEW_DAYS) else well("证书", words)
