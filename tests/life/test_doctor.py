"""The check-up names what is wrong, whatever it is, and says what to do about it."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from linli.kernel.errors import Refusal
from linli.life import doctor
from linli.life.doctor import Finding, Health, examine, folder, running
from tests.house.world import World

SQLITE = pytest.mark.skipif(connection.vendor != "sqlite", reason="the file of SQLite")


@pytest.fixture(autouse=True)
def _free_port(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        monkeypatch.setattr(running, "PORT", probe.getsockname()[1])


@pytest.fixture
def home(lived_in: World, settings: Any) -> Path:
    """The small installation, as private as `linli init` makes one."""
    place = Path(settings.LINLI_HOME)
    for path in place.rglob("*"):
        path.chmod(0o700 if path.is_dir() else 0o600)
    return place


def found(home: Path, check: str) -> Finding:
    return doctor.CHECKS[check](home)


@pytest.mark.database
def test_a_sound_installation_is_well(home: Path) -> None:
    lines = list(examine(home))
    assert [one.check for one in lines] == list(doctor.CHECKS)
    noted = {one.check for one in lines if one.health is not Health.WELL}
    assert noted == {"快照", "后台程序"}, [one.as_json() for one in lines]
    assert {one.health for one in lines} == {Health.WELL, Health.NOTE}
    assert all(one.todo for one in lines if one.health is not Health.WELL)
    assert len(list(examine(home, quick=True))) == len(lines) - len(doctor.LONG)
    assert json.loads(json.dumps(lines[0].as_json()))["check"] == "安装目录"


def change(question: str) -> Callable[[Path], None]:
    def run(_home: Path) -> None:
        with connection.cursor() as cursor:
            cursor.execute(question)

    return run


def photo(home: Path) -> Path:
    (file,) = (home / "evidence").glob("??/*")
    return file


BROKEN: list[tuple[str, Callable[[Path], object], Health, str]] = [
    ("权限", lambda h: (h / "keys" / "signing.key").chmod(0o644), Health.BAD, "keys/signing.key"),
    ("权限", lambda h: h.chmod(0o755), Health.BAD, "chmod"),
    ("密钥", lambda h: (h / "keys" / "signing.key").unlink(), Health.BAD, "没有签名密钥"),
    ("密钥", lambda h: (h / "secret").write_text(""), Health.BAD, "secret 是空的"),
    ("佐证", lambda h: photo(h).unlink(), Health.BAD, "不见了"),
    ("佐证", lambda h: photo(h).write_bytes(b"x"), Health.BAD, "内容变了"),
    ("佐证", lambda h: (h / "evidence" / ".x.part").touch(), Health.NOTE, "1 个没有登记的文件"),
    ("审计链", change("UPDATE records_record SET title = 'x'"), Health.BAD, "断开"),
    ("审计链", change("DELETE FROM audit_entry"), Health.BAD, "断开"),
    (
        "版本",
        change(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('x', '1', '2026-01-01')"
        ),
        Health.BAD,
        "比这个程序新",
    ),
    ("版本", change("DELETE FROM django_migrations WHERE app = 'jobs'"), Health.BAD, "升级"),
]


@pytest.mark.database
@pytest.mark.parametrize(("check", "spoil", "health", "words"), BROKEN)
def test_what_is_wrong_is_said(
    home: Path, check: str, spoil: Callable[[Path], object], health: Health, words: str
) -> None:
    assert found(home, check).health is Health.WELL
    try:
        spoil(home)
        line = found(home, check)
    finally:
        _put_migrations_back()
    assert line.health is health
    assert words in line.words + line.todo
    assert line.todo


def _put_migrations_back() -> None:
    """The one table that is not emptied between tests."""
    from django.db.migrations.recorder import MigrationRecorder

    recorder = MigrationRecorder(connection)
    recorder.record_unapplied("x", "1")
    if ("jobs", "0001_initial") not in recorder.applied_migrations():
        recorder.record_applied("jobs", "0001_initial")


@SQLITE
def test_settings_that_lose_records_are_said(home: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous=OFF")
        try:
            assert found(home, "数据库设置").health is Health.BAD
        finally:
            cursor.execute("PRAGMA synchronous=FULL")


@SQLITE
def test_a_row_that_points_nowhere_is_said(home: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA foreign_keys=OFF")
        cursor.execute("DELETE FROM records_source")
        cursor.execute("PRAGMA foreign_keys=ON")
    line = found(home, "数据库")
    assert line.health is Health.BAD
    assert "records_record" in line.words
    change("DELETE FROM records_quantity")(home)
    change("DELETE FROM records_record")(home)


@pytest.mark.parametrize(
    ("free", "health"), [(199, Health.BAD), (201, Health.NOTE), (2001, Health.WELL)]
)
def test_room(home: Path, monkeypatch: pytest.MonkeyPatch, free: int, health: Health) -> None:
    monkeypatch.setattr(folder, "free_mb", lambda _: free)
    assert found(home, "磁盘").health is health


def test_a_worker_and_a_taken_port_show(
    home: Path, lived_in: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from linli.core.jobs.actions import begin, leave

    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        monkeypatch.setattr(running, "PORT", other.getsockname()[1])
        assert found(home, "端口").health is Health.NOTE
        worker = begin(actor=lived_in.operator)
        assert found(home, "后台程序").health is Health.WELL
        assert "已在运行" in found(home, "端口").words
        leave(actor=lived_in.operator, worker=worker)


def test_a_snapshot_behind_the_records_shows(home: Path, lived_in: World) -> None:
    from linli.insight.jobs import refresh
    from linli.insight.reading import forget

    refresh(lived_in.operator)
    assert found(home, "快照").health is Health.WELL
    lived_in.recorded()
    assert found(home, "快照").health is Health.NOTE
    for part in (home / "snapshot").rglob("*.r.parquet"):
        part.unlink()
    assert found(home, "快照").health is Health.BAD
    forget()


@pytest.mark.database
def test_a_clock_set_back_is_said_and_loses_nothing(
    home: Path, lived_in: World, clock: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Recorded at noon of a wrong day far ahead; then the clock is put right and work goes on."""
    from linli.core.audit import trail
    from linli.core.records.actions import correct
    from linli.core.records.queries import records
    from linli.insight.queries import figure
    from linli.insight.reading import forget

    clock("2099-01-01T12:00:00+08:00")
    ahead = lived_in.recorded()
    monkeypatch.delenv("LINLI_NOW")
    line = found(home, "时钟")
    assert line.health is Health.BAD
    assert "2099-01-01 12:00" in line.words
    later = lived_in.recorded()
    correct(
        actor=lived_in.operator,
        area=lived_in.community,
        record_id=ahead.id,
        new=lived_in.visit(id=ahead.id, title="改过的"),
        reason="数错了",
    )
    there = {one.id: one.title for one in records(lived_in.operator, lived_in.community)}
    assert len(there) == 5
    assert there[ahead.id] == "改过的"
    assert later.id in there
    assert trail.verify().ok
    counted = figure(lived_in.operator, lived_in.community, "2010", "base.visits")
    assert counted.records == 5, "a figure holds all that was acknowledged"
    forget()


def test_a_check_that_breaks_down_is_a_finding(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down(_: Path) -> Finding:
        raise RuntimeError("no")

    monkeypatch.setitem(doctor.CHECKS, "密钥", break_down)
    lines = {one.check: one for one in examine(home)}
    assert lines["密钥"].health is Health.BAD
    assert "查不下去" in lines["密钥"].words
    assert lines["端口"].health is Health.WELL


@SQLITE
def test_a_full_disk_refuses_and_keeps_everything(
    home: Path, lived_in: World, quota: Callable[[int], Any]
) -> None:
    from django.db import OperationalError

    from linli.cli.frame import _database_refusal
    from linli.core.audit import trail
    from linli.core.evidence.actions import store
    from linli.core.records.queries import records

    with quota(10_000), pytest.raises(Refusal, match="写不下了"):
        store(actor=lived_in.operator, area=lived_in.community, content=bytes(100_000), name="a")
    assert not list((home / "evidence").glob(".*")), "the room is given back"
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA page_count")
        cursor.execute(f"PRAGMA max_page_count={cursor.fetchone()[0]}")
        made, full = 0, None
        try:
            while full is None:
                try:
                    lived_in.recorded()
                    made += 1
                except OperationalError as fault:
                    full = fault
        finally:
            cursor.execute("PRAGMA max_page_count=1073741823")
    refusal = _database_refusal(full, ["--home", str(home)])
    assert refusal is not None
    assert refusal.code == "disk.full"
    assert len(list(records(lived_in.operator, lived_in.community))) == 3 + made
    assert trail.verify().ok
    lived_in.recorded()
    assert len(list(records(lived_in.operator, lived_in.community))) == 4 + made
