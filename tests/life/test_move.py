"""From SQLite to PostgreSQL: equal rows, equal figures, equal chain, or nothing at all."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

pytestmark = [
    pytest.mark.database,
    pytest.mark.slow,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="needs a server to move to"),
]
AREA = ["--area", "garden", "--json"]


@pytest.fixture
def target() -> Iterator[str]:
    """The address of an empty database."""
    import psycopg

    server = os.environ["LINLI_TEST_DATABASE_URL"]
    name = f"moved_{uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}"')
        yield f"{server.rpartition('/')[0]}/{name}"
        admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def old(home: Path, linli: Callable[..., Any], tmp_path: Path) -> Path:
    """An SQLite installation with a workbook's records and an organisation."""
    import openpyxl

    linli("init")
    linli("area", "add", "garden", "--name", "花园社区", "--level", "community")
    linli("user", "add", "worker", "--name", "经办人", "--role", "worker", "--area", "garden")
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["走访慰问台账"])
    sheet.append(["日期", "事项", "户数"])
    for day in range(1, 13):
        sheet.append([f"2010-03-{day:02}", "走访慰问", day])
    book.save(tmp_path / "台账.xlsx")
    linli("import", tmp_path / "台账.xlsx", "--area", "garden")
    return home


def measured(linli: Callable[..., Any]) -> dict[str, Any]:
    """Figures from a fresh snapshot, records, chain."""
    figures = linli("figures", *AREA, "--period", "2010").rows
    records = linli("records", *AREA).rows
    (chain,) = linli("audit", "verify", "--json").rows
    shown = [
        {name: row[name] for name in ("indicator", "value", "numerator", "fingerprint")}
        for row in figures
    ]
    return {"figures": shown, "records": records, "chain": chain}


def forget_snapshot(home: Path) -> None:
    import shutil

    shutil.rmtree(home / "snapshot")
    (home / "snapshot").mkdir()


def test_everything_is_equal_before_and_after(
    old: Path, target: str, linli: Callable[..., Any]
) -> None:
    before = measured(linli)
    assert before["figures"]
    assert len(before["records"]) == 12
    (done,) = linli("move", "--to", target, "--json").rows
    assert done["audit_entries"] == before["chain"]["entries"]
    assert not (old / "linli.sqlite3").exists()
    assert (old / "database-url").stat().st_mode & 0o077 == 0
    forget_snapshot(old)
    assert measured(linli) == before
    # Life goes on over there: ids and row keys continue.
    linli("area", "add", "lake", "--name", "湖边社区", "--level", "community")
    again = linli("user", "add", "other", "--name", "乙", "--role", "worker", "--area", "lake")
    assert again.code == 0
    assert "已经在用 PostgreSQL" in linli("move", "--to", target, code=2).err
    (chain,) = linli("audit", "verify", "--json").rows
    assert chain["ok"]
    assert chain["entries"] > before["chain"]["entries"]
    # A process that still had the old file open could not record into it.
    with (
        closing(sqlite3.connect(old / "linli.sqlite3.moved")) as left,
        pytest.raises(sqlite3.IntegrityError, match="moved to PostgreSQL"),
    ):
        left.execute("INSERT INTO audit_entry SELECT * FROM audit_entry LIMIT 1")


def test_a_refused_move_leaves_both_as_they_were(
    old: Path, target: str, linli: Callable[..., Any]
) -> None:
    import psycopg

    with psycopg.connect(target, autocommit=True) as admin:
        admin.execute("CREATE TABLE somebodys (a INTEGER)")
    assert "已经有表" in linli("move", "--to", target, code=2).err
    assert "不是 PostgreSQL 的地址" in linli("move", "--to", "mysql://x/y", code=2).err
    nobody = target.rpartition("/")[0] + "/nobody_here"
    assert "连不上目标数据库" in linli("move", "--to", nobody, code=2).err
    with psycopg.connect(target, autocommit=True) as admin:
        admin.execute("DROP TABLE somebodys")
    # A row changed past the program: its seal does not fit, and the move stops.
    with closing(sqlite3.connect(old / "linli.sqlite3")) as database:
        database.execute("UPDATE records_record SET title = 'x' WHERE key = 3")
        database.commit()
    assert "审计链" in linli("move", "--to", target, code=2).err
    with psycopg.connect(target) as admin:
        found = admin.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
        assert found.fetchone() == (0,), "one transaction: not even a table is left"
    assert (old / "linli.sqlite3").exists()
    assert not (old / "database-url").exists()
    linli("area", "add", "lake", "--name", "湖边社区", "--level", "community")
