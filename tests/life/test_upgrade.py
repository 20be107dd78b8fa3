"""An installation made by the code of an earlier commit is upgraded, or left as it was.

`installation-0.1.sql` is the database of a small installation (two areas, five records of which three
came by an import and one was corrected after a close, one file of evidence) as the code of
November 2026 made it, before jobs, registers, obligations and flows had tables.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from linli.config.home import lay_out
from linli.core.access.keys import make_keys
from linli.kernel.errors import Refusal
from linli.life import tables
from linli.life import upgrade as upgrading
from linli.life.upgrade import upgrade
from tests.house.world import World
from tests.life.conftest import PASSPHRASE

SQL = Path(__file__).with_name("installation-0.1.sql")
ENTRIES, RECORDS = 11, 5


@pytest.fixture
def old(home: Path) -> Path:
    """The installation as it was."""
    lay_out(home)
    make_keys(home)
    (home / "keys" / "register.key").unlink()  # came with the registers
    (home / "linli.sqlite3").unlink()
    with closing(sqlite3.connect(home / "linli.sqlite3")) as database:
        database.executescript(SQL.read_text("utf-8"))
        database.execute("PRAGMA journal_mode=WAL")
        (digest,) = database.execute("SELECT sha256 FROM evidence_evidence").fetchone()
    folder = home / "evidence" / digest[:2]
    folder.mkdir()
    (folder / digest).write_bytes(b"a photo")
    return home


@pytest.mark.slow
def test_an_older_installation_is_upgraded(
    old: Path, linli: Callable[..., Any], tmp_path: Path
) -> None:
    for words in (["serve"], ["init"]):
        refused = linli(*words, code=2).err
        assert "旧版本" in refused
        assert "linli upgrade" in refused
    (done,) = linli("upgrade", "--json").rows
    assert "jobs 0001_initial" in done["steps"]
    assert done["audit_entries"] == ENTRIES
    assert (old / "keys" / "register.key").stat().st_mode & 0o77 == 0
    rows = linli("records", "--area", "garden", "--json").rows
    assert len(rows) == RECORDS
    assert "走访，更正" in {row["title"] for row in rows}
    (verified,) = linli("audit", "verify", "--json").rows
    assert (verified["ok"], verified["entries"]) == (True, ENTRIES)
    linli("area", "add", "lake", "--name", "湖边社区", "--level", "community")
    assert "不用升级" in linli("upgrade").out
    # The backup of before leads back, and forward again.
    secret = {"LINLI_PASSPHRASE": (old / "secret").read_text("ascii")}
    (back,) = linli("restore", done["backup"], "--json", env=secret, at=tmp_path / "back").rows
    assert back["audit_entries"] == ENTRIES
    assert "0001_initial" in back["migrated"]
    assert back["evidence"] is False
    assert linli("upgrade", "--json", at=tmp_path / "back").rows[0]["steps"] == []


@pytest.mark.slow
def test_a_newer_database_is_left_alone(old: Path, linli: Callable[..., Any]) -> None:
    with closing(sqlite3.connect(old / "linli.sqlite3")) as database:
        database.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('records', '9999_x', '')"
        )
        database.commit()
    before = (old / "linli.sqlite3").read_bytes()
    for command in ("serve", "upgrade"):
        assert "比这个程序新（records 9999_x）" in linli(command, code=2).err
    assert (old / "linli.sqlite3").read_bytes() == before


@pytest.mark.database
@pytest.mark.parametrize("fault", ["migrate", "prove"])
def test_an_upgrade_that_fails_changes_nothing(
    lived_in: World, settings: Any, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    def half() -> None:
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE half (a INTEGER)")
            cursor.execute("UPDATE records_record SET title = 'x'")
        if fault == "migrate":
            raise RuntimeError("out of luck")

    monkeypatch.setattr(tables, "migrate", half)
    monkeypatch.setattr(tables, "pending", lambda: [("jobs", "0009_next")])
    with pytest.raises(Refusal) as refused:
        upgrade(settings.LINLI_HOME, PASSPHRASE)
    assert refused.value.code == "life.upgrade_failed"
    words = {"migrate": "out of luck", "prove": "审计链在"}
    assert words[fault] in refused.value.sentence
    assert Path(refused.value.facts["file"]).exists()
    assert not tables.exists("half")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM records_record WHERE title = 'x'")
        assert cursor.fetchone()[0] == 0
    assert not list(settings.LINLI_HOME.glob(".copy*"))


@pytest.mark.database
def test_no_upgrade_while_somebody_works(
    lived_in: World, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from linli.core.jobs.actions import begin, leave

    monkeypatch.setattr(tables, "pending", lambda: [("jobs", "0009_next")])
    monkeypatch.setattr(tables, "migrate", lambda: None)
    worker = begin(actor=lived_in.operator)
    with pytest.raises(Refusal, match="先停掉 linli serve"):
        upgrade(settings.LINLI_HOME, PASSPHRASE)
    leave(actor=lived_in.operator, worker=worker)
    assert upgrade(settings.LINLI_HOME, PASSPHRASE).steps == ("jobs 0009_next",)
    monkeypatch.setattr(upgrading.tables, "exists", lambda _: False)
    upgrading.refuse_while_at_work()
