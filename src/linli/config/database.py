"""Which database: the SQLite file of the installation, or PostgreSQL by its address."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

# IMMEDIATE: a transaction that reads and then writes waits for its turn instead of failing with
# "database is locked". FULL: an acknowledged record survives a power cut, not only a crash.
SQLITE = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
        "PRAGMA cache_size=-65536; PRAGMA mmap_size=268435456"
    ),
}


def url_of(home: Path) -> str | None:
    """The address of PostgreSQL: LINLI_DATABASE_URL, else what `linli move` has kept in the home.

    It may hold a password, so the file is private, and no backup takes it along.
    """
    given = os.environ.get("LINLI_DATABASE_URL")
    if given:
        return given
    try:
        return (home / "database-url").read_text("utf-8").strip() or None
    except FileNotFoundError:
        return None


def database(home: Path, url: str | None) -> dict[str, Any]:
    """Django's settings of the one database. Raises ValueError for a URL of another kind."""
    if url:
        return _postgresql(url)
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": home / "linli.sqlite3",
        "OPTIONS": SQLITE,
        "CONN_MAX_AGE": None,
        "TEST": {"NAME": home / "test.sqlite3"},  # a file: WAL and FULL are tested as they are used
    }


def _postgresql(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    if parts.scheme not in {"postgresql", "postgres"}:
        raise ValueError("LINLI_DATABASE_URL must begin with postgresql://")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "OPTIONS": dict(parse_qsl(parts.query)),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
    }
