"""A served installation with the demo communities, and Debian's chromium to walk through it.

The server is the real command in a process of its own; the installation is made once a session.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent.parent
CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-quic",
    "--no-first-run",
    "--disable-component-update",
    "--disable-sync",
]
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


@dataclass(frozen=True)
class Site:
    """Where the site answers, and the passwords of its demo accounts."""

    address: str
    accounts: dict[str, str]


def _environment(home: Path) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if k != "LINLI_DATABASE_URL"}
    return kept | {"LINLI_HOME": str(home)}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(address: str, server: subprocess.Popen[str]) -> None:
    for _ in range(150):
        try:
            with urllib.request.urlopen(f"{address}/health/", timeout=2) as answer:
                if answer.status == 200:
                    return
        except OSError:  # refused, or still loading
            time.sleep(0.2)
        if server.poll() is not None:
            break
    pytest.fail(f"the server did not start: {server.communicate(timeout=5)}")


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    if not Path(CHROMIUM).exists():
        if os.environ.get("CI"):
            pytest.fail("chromium is not installed")
        pytest.skip("chromium is not installed")
    home = tmp_path_factory.mktemp("site") / "home"
    command = [sys.executable, "-m", "linli.cli.main"]
    environment = _environment(home)
    made = subprocess.run(
        [*command, "demo"],
        env=environment,
        check=False,
        capture_output=True,
        text=True,
        timeout=110,
    )
    assert made.returncode == 0, made.stdout + made.stderr
    port = _free_port()
    server = subprocess.Popen(
        [*command, "serve", "--port", str(port), "--workers", "1"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    address = f"http://127.0.0.1:{port}"
    lines = (home / "demo-accounts").read_text("utf-8").splitlines()
    try:
        _wait(address, server)
        yield Site(address, {login: word for login, word, _ in (x.split("\t") for x in lines)})
    finally:
        server.terminate()
        server.communicate(timeout=30)


@pytest.fixture(scope="session")
def chromium(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """The browser, with the fonts that came with the project: a bare machine has no Chinese ones."""
    folder = tmp_path_factory.mktemp("fonts")
    (folder / "fonts.conf").write_text(
        f"<fontconfig><dir>{ROOT}/src/linli/reports/fonts</dir>"
        f"<cachedir>{folder}</cachedir></fontconfig>",
        encoding="utf-8",
    )
    environment = {**os.environ, "FONTCONFIG_FILE": str(folder / "fonts.conf")}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=FLAGS, env=dict(environment)
        )
        yield browser
        browser.close()


@pytest.fixture
def complaints() -> list[str]:
    """What the browser complained of: a blocked script or style is a fault of ours."""
    return []


@pytest.fixture
def open_page(
    site: Site, chromium: Browser, complaints: list[str]
) -> Iterator[Callable[..., Page]]:
    """Opens a page as a user: ``open_page("demo-director", NARROW, large=True)``."""
    contexts: list[BrowserContext] = []

    def listen(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            complaints.append(message.text)

    def make(user: str, size: dict[str, int] = WIDE, *, large: bool = False) -> Page:
        context = chromium.new_context(viewport=size, locale="zh-CN", base_url=site.address)  # type: ignore[arg-type]
        contexts.append(context)
        if large:
            context.add_cookies([{"name": "print", "value": "large", "url": site.address}])
        page = context.new_page()
        page.on("console", listen)
        page.goto("/sign-in/")
        page.fill("#login", user)
        page.fill("#password", site.accounts[user])
        page.click("form.sheet button[type=submit]")
        page.wait_for_url("**/")
        return page

    yield make
    for context in contexts:
        context.close()
