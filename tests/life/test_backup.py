"""Backup and restore: what comes back is what was there, proved before anyone can see it."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from linli.kernel.errors import Refusal
from linli.life import archive
from linli.life.backup import back_up
from linli.life.contents import check
from tests.house.world import World
from tests.life.conftest import PASSPHRASE

KEPT = ["secret", "keys/signing.key", "packs/local/说明.toml", "fonts/own.ttf"]


def files(home: Path) -> dict[str, str]:
    """SHA-256 of every file that a backup has to hold, by name."""
    return {
        path.relative_to(home).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(home.rglob("*"))
        if path.is_file()
        and path.relative_to(home).parts[0] not in {"logs", "snapshot", "backups"}
        and not path.name.startswith("linli.sqlite3")
    }


@pytest.fixture
def empty_database() -> Iterator[dict[str, str]]:
    """The variables that name an empty database of the kind that the tests run on."""
    if connection.vendor != "postgresql":
        yield {}
        return
    import psycopg

    server = os.environ["LINLI_TEST_DATABASE_URL"]
    name = f"restored_{uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}"')
        yield {"LINLI_DATABASE_URL": f"{server.rpartition('/')[0]}/{name}"}
        admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def made(lived_in: World, tmp_path: Path, settings: Any) -> Path:
    """A backup of the small installation."""
    done = back_up(settings.LINLI_HOME, tmp_path / "office.backup", PASSPHRASE)
    assert done.damaged == []
    return done.file


def env(**more: str) -> dict[str, str]:
    return {"LINLI_PASSPHRASE": PASSPHRASE} | more


@pytest.mark.database
@pytest.mark.slow
def test_what_comes_back_is_what_was_there(
    made: Path,
    lived_in: World,
    settings: Any,
    home: Path,
    linli: Callable[..., Any],
    empty_database: dict[str, str],
) -> None:
    from linli.core.audit import trail
    from linli.core.records.queries import records

    there = sorted(str(one.id) for one in records(lived_in.operator, lived_in.community))
    assert len(there) == 3
    entries = trail.verify().entries
    (done,) = linli("restore", made, "--json", env=env() | empty_database).rows
    assert done["audit_entries"] == entries
    assert done["migrated"] == []
    assert files(home) == files(settings.LINLI_HOME)
    assert set(KEPT) <= files(home).keys()
    assert {path.stat().st_mode & 0o077 for path in home.rglob("*")} == {0}
    said = linli("records", "--area", "garden", "--json", env=empty_database).rows
    assert sorted(one["id"] for one in said) == there
    # Life goes on: keys and counters continue where they were.
    linli("area", "add", "lake", "--name", "湖边社区", "--level", "community", env=empty_database)
    (verified,) = linli("audit", "verify", "--json", env=empty_database).rows
    assert verified == {"ok": True, "entries": entries + 1, "broken_at": None}


@pytest.mark.slow
def test_only_into_an_empty_folder_and_never_half(
    made: Path, home: Path, linli: Callable[..., Any]
) -> None:
    home.mkdir()
    (home / "照片").touch()
    assert "已经有东西：照片" in linli("restore", made, env=env(), code=2).err
    (home / "照片").unlink()
    (home / ".restoring").mkdir()  # of a restore that was killed
    cut = made.with_name("cut")
    cut.write_bytes(made.read_bytes()[:-100])
    ran = linli("restore", cut, "--json", env=env(), code=2)
    assert ran.rows[0]["error"]["code"] == "life.altered"
    assert list(home.iterdir()) == [], "nothing is left of it"
    assert "口令不对" in linli("restore", made, env=env(LINLI_PASSPHRASE="x" * 9), code=2).err
    assert list(home.iterdir()) == []


def test_the_check_reads_to_the_end_and_needs_no_room(made: Path, tmp_path: Path) -> None:
    found = check(made, PASSPHRASE)
    assert found.files >= 5
    assert found.evidence
    before = sorted(tmp_path.rglob("*"))
    broken = bytearray(made.read_bytes())
    broken[-1] ^= 1
    made.write_bytes(broken)
    with pytest.raises(Refusal, match="改动过"):
        check(made, PASSPHRASE)
    assert sorted(tmp_path.rglob("*")) == before


def test_a_member_that_the_manifest_does_not_know_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "odd"

    def write(files: dict[str, Any] | None, name: str = "home/a") -> None:
        with path.open("wb") as out, archive.writing(out, PASSPHRASE, {"made": "x"}) as writer:
            writer.add(name, b"one")
            if files is not None:
                writer.files = files

    def read() -> list[str]:
        with path.open("rb") as source:
            return [one.name for one in archive.Reader(source, PASSPHRASE, "x").members()]

    write(None)
    assert read() == ["about.json", "home/a"]
    for files_, name in (({}, "home/a"), (None, "../a"), (None, "/etc/a")):
        write(files_, name)
        with pytest.raises(Refusal, match="清单不符"):
            read()


def test_a_folder_inside_an_archive_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "odd"
    with path.open("wb") as out, archive.writing(out, PASSPHRASE, {}) as writer:
        link = tarfile.TarInfo("home/secret")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        writer.tar.addfile(link)
    with path.open("rb") as source, pytest.raises(Refusal, match="清单不符"):
        list(archive.Reader(source, PASSPHRASE, "x").members())


@pytest.mark.slow
def test_a_backup_of_a_newer_program_is_not_touched(
    made: Path, lived_in: World, settings: Any, home: Path, linli: Callable[..., Any]
) -> None:
    from django.db.migrations.recorder import MigrationRecorder

    newer = made.with_name("newer")
    recorder = MigrationRecorder(connection)
    recorder.record_applied("records", "9999_of_tomorrow")
    try:
        back_up(settings.LINLI_HOME, newer, PASSPHRASE)
    finally:
        recorder.record_unapplied("records", "9999_of_tomorrow")
    said = linli("restore", newer, env=env(), code=2).err
    assert "较新版本" in said
    assert "升级邻里程序" in said
    assert list(home.iterdir()) == []


def test_a_backup_never_covers_a_file_and_never_stays_half(
    lived_in: World, settings: Any, tmp_path: Path, quota: Callable[[int], Any]
) -> None:
    out = tmp_path / "office.backup"
    with quota(200_000), pytest.raises(Refusal, match="写不下了"):
        back_up(settings.LINLI_HOME, out, PASSPHRASE)
    assert not [path for path in tmp_path.iterdir() if path.is_file()]
    assert not list(settings.LINLI_HOME.glob(".*"))
    back_up(settings.LINLI_HOME, out, PASSPHRASE)
    with pytest.raises(Refusal, match="已经有了"):
        back_up(settings.LINLI_HOME, out, PASSPHRASE)
    with pytest.raises(Refusal, match="没有文件夹"):
        back_up(settings.LINLI_HOME, tmp_path / "no" / "x", PASSPHRASE)


def test_evidence_that_was_damaged_before_is_said(
    lived_in: World, settings: Any, tmp_path: Path
) -> None:
    (file,) = (settings.LINLI_HOME / "evidence").glob("??/*")
    file.write_bytes(b"other")
    done = back_up(settings.LINLI_HOME, tmp_path / "x", PASSPHRASE)
    assert done.damaged == [f"evidence/{file.parent.name}/{file.name}"]
    assert json.loads(json.dumps(done.as_json()))["damaged"] == done.damaged


@pytest.mark.slow
def test_a_backup_whose_records_were_changed_does_not_come_back(
    lived_in: World, settings: Any, tmp_path: Path, home: Path, linli: Callable[..., Any]
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE records_record SET title = 'x' WHERE \"row\" IS NULL")
    out = tmp_path / "changed"
    back_up(settings.LINLI_HOME, out, PASSPHRASE)
    ran = linli("restore", out, "--json", env=env(), code=2)
    assert ran.rows[0]["error"]["code"] == "life.chain_broken"
    assert list(home.iterdir()) == []
    shutil.rmtree(home)
