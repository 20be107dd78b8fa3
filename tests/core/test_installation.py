"""The folder of an installation, its database settings, its keys."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from linli.config.database import database
from linli.config.home import lay_out, secret, write_once
from linli.core.access import keys
from linli.kernel.errors import Refusal


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="settings of SQLite")
@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),  # FULL: an acknowledged commit is on the disk
        ("foreign_keys", 1),
        ("busy_timeout", 20_000),
    ],
)
def test_pragmas_are_what_django_really_uses(pragma: str, value: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {pragma}")
        assert cursor.fetchone()[0] == value


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "sqlite", reason="settings of SQLite")
def test_transactions_take_the_write_lock_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import transaction

    said: list[str] = []
    with connection.cursor() as cursor:
        cursor.connection.set_trace_callback(said.append)
        with transaction.atomic():
            pass
        cursor.connection.set_trace_callback(None)
    assert said == ["BEGIN IMMEDIATE", "COMMIT"]


@pytest.mark.django_db
@pytest.mark.database
@pytest.mark.skipif(connection.vendor != "postgresql", reason="settings of PostgreSQL")
@pytest.mark.parametrize("setting", ["fsync", "synchronous_commit"])
def test_postgresql_syncs(setting: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SHOW {setting}")
        assert cursor.fetchone()[0] == "on"


def test_a_url_selects_postgresql(tmp_path: Path) -> None:
    made = database(tmp_path, "postgresql://us%40er:p%2Fw@db.local:5433/linli?sslmode=require")
    assert made["ENGINE"].endswith("postgresql")
    assert [made[name] for name in ("USER", "PASSWORD", "HOST", "PORT", "NAME")] == [
        "us@er",
        "p/w",
        "db.local",
        "5433",
        "linli",
    ]
    assert made["OPTIONS"] == {"sslmode": "require"}
    with pytest.raises(ValueError, match="postgresql://"):
        database(tmp_path, "mysql://x/y")


def test_a_home_is_private_and_laid_out_once(tmp_path: Path) -> None:
    home = tmp_path / "a" / "b"
    lay_out(home)
    first = secret(home)
    lay_out(home)
    assert secret(home) == first
    assert len(first) >= 50
    assert home.stat().st_mode & 0o777 == 0o700
    assert (home / "secret").stat().st_mode & 0o777 == 0o600
    for name in ("evidence", "snapshot", "keys", "fonts", "packs", "logs"):
        assert (home / name).is_dir()


def test_without_a_home_the_secret_is_never_the_same(tmp_path: Path) -> None:
    assert secret(tmp_path) != secret(tmp_path)


def test_a_private_file_is_synced_and_never_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[str] = []
    real = os.fsync

    def watch(handle: int) -> None:
        synced.append(Path(os.readlink(f"/proc/self/fd/{handle}")).name)
        real(handle)

    monkeypatch.setattr(os, "fsync", watch)
    write_once(tmp_path / "x", b"1")
    write_once(tmp_path / "x", b"2")
    assert (tmp_path / "x").read_bytes() == b"1"
    assert synced == ["x"]


def test_keys_are_made_once_and_sign(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="没有签名密钥"):
        keys.signing_key(tmp_path)
    keys.make_keys(tmp_path)
    signature = keys.signing_key(tmp_path).sign(b"report")
    keys.make_keys(tmp_path)
    keys.public_key(tmp_path).verify(signature, b"report")
    for name in ("signing.key", "signing.pub"):
        assert (tmp_path / "keys" / name).stat().st_mode & 0o777 == 0o600
    (tmp_path / "keys" / "signing.key").write_bytes(b"broken")
    with pytest.raises(Refusal, match="读不出来"):
        keys.signing_key(tmp_path)


@pytest.mark.slow
def test_a_process_serves_one_installation(tmp_path: Path) -> None:
    program = (
        "from pathlib import Path; from linli.config import setup;"
        f"print(setup(Path({str(tmp_path / 'a')!r})));"
        f"print(setup());setup(Path({str(tmp_path / 'b')!r}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.stdout.splitlines() == [str(tmp_path / "a")] * 2
    assert "already serves" in done.stderr


@pytest.mark.slow
def test_init_makes_everything_and_may_be_run_again(linli: Callable[..., Any], home: Path) -> None:
    assert linli("init", "--json").rows == [{"home": str(home), "ready": True}]
    kept = {path: (home / path).read_bytes() for path in ("secret", "keys/signing.key")}
    assert "已建好" in linli("init").out
    assert {path: (home / path).read_bytes() for path in kept} == kept
    assert (home / "linli.sqlite3").stat().st_mode & 0o077 == 0
    assert linli("audit", "verify", "--json").rows == [
        {"ok": True, "entries": 0, "broken_at": None}
    ]
