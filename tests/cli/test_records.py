"""`linli records` and `linli audit verify` on the real program."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests import warm

pytestmark = pytest.mark.slow
Run = Callable[..., Any]


@pytest.fixture(scope="module")
def full(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation with three visits."""
    home = tmp_path_factory.mktemp("installation") / "home"
    env = {k: v for k, v in os.environ.items() if k != "LINLI_DATABASE_URL"}
    shutil.copytree(installed, home)
    for step in ("prepare", "entry"):
        warm.run("tests.core.killed", step, home, 3, env=env).check_returncode()
    return home


@pytest.fixture
def filled(full: Path, linli: Run, home: Path) -> Run:
    """Runs commands on a copy of it."""
    shutil.copytree(full, home)
    return linli


def test_records_are_listed(filled: Run) -> None:
    rows = filled("records", "--area", "garden", "--json").rows
    assert [row["title"] for row in rows] == [f"走访 entry {n}" for n in range(3)]
    assert rows[1]["quantities"] == [
        {
            "measure": "户数",
            "value": 2,
            "unit": "户",
            "qualifier": "exact",
            "source": {"file": "来信", "sheet": "表一", "cell": None},
        }
    ]
    lines = filled("records", "--area", "garden", "--text", "entry 2").out.splitlines()
    assert lines == ["2010-03-05  走访 entry 2（迟报）  户数 3户  来信·表一"]
    assert (
        len(filled("records", "--area", "garden", "--history", rows[0]["id"]).out.splitlines()) == 1
    )
    empty = filled("records", "--area", "garden", "--period", "2011")
    assert (empty.out, empty.err) == ("", "没有这样的记录。\n")
    trace = ("trace", "base.visited_households", "--area", "garden", "--period", "1999")
    assert (filled(*trace).out, filled(*trace).err) == ("", "这个期间没有这个数据背后的记录。\n")
    assert filled(*trace, "--json").rows == []


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--area", "gardn"), "没有名为“gardn”的辖区。是不是“garden”？"),
        (("--area", "garden", "--period", "2010年底"), "2010年底"),
        (("--area", "garden", "--history", "x"), "“x”不是记录编号。"),
        (("--area", "garden", "--state", "nonsense"), "只能是 done、planned、ongoing"),
        (("--area", "garden", "--state", "plannned"), "是不是 planned。"),
        (
            ("--area", "garden", "--kind", "base.visitt"),
            "没有事项 base.visitt。是不是 base.visit？",
        ),
        (("--area", "garden", "--as", "nobody"), "没有登录名为“nobody”的用户。"),
    ],
)
def test_what_is_wrong_is_said(filled: Run, words: tuple[str, ...], sentence: str) -> None:
    assert sentence in filled("records", *words, code=2).err


def test_the_audit_is_verified(filled: Run, home: Path) -> None:
    (row,) = filled("--json", "audit", "verify").rows
    assert (row["ok"], row["broken_at"]) == (True, None)
    with sqlite3.connect(home / "linli.sqlite3") as database:
        database.execute("UPDATE records_quantity SET micro = 33000000 WHERE ordinal = 0")
    (row,) = filled("audit", "verify", "--json", code=1).rows
    assert row["ok"] is False
    assert row["broken_at"].count("/") == 1
    assert "断开" in filled("audit", "verify", code=1).out
    assert filled("audit", "verify", "--chain-only").code == 0
