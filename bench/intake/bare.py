"""The floors under an import: reading with calamine alone, and calamine with executemany."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from time import perf_counter
from typing import Any

import python_calamine as calamine

from bench.intake.ours import STORED

_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA cache_size=-65536",
)
_HEAD = 2  # title and headers
_TABLES = ("records_source", "records_import", "records_record", "records_quantity")


def _sheets(path: str) -> dict[str, list[list[Any]]]:
    book = calamine.load_workbook(path)
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def read(path: str) -> dict[str, Any]:
    """Read every cell into Python."""
    began = perf_counter()
    sheets = _sheets(path)
    seconds = perf_counter() - began
    rows = sum(len(rows) - _HEAD for rows in sheets.values())
    return {"seconds": {"all": seconds}, "answers": {"rows": str(rows)}}


def cells(path: str, folder: str) -> dict[str, Any]:
    """Read, then put the cells as they are into a table a sheet, without keys or indexes."""
    target = Path(folder) / "cells.sqlite3"
    target.unlink(missing_ok=True)
    began = perf_counter()
    count = 0
    with closing(sqlite3.connect(target)) as db:
        for pragma in _PRAGMAS:
            db.execute(pragma)
        for number, rows in enumerate(_sheets(path).values()):
            body = rows[_HEAD:]
            width = len(body[0])
            db.execute(f"CREATE TABLE t{number} ({', '.join(f'c{n}' for n in range(width))})")
            db.executemany(f"INSERT INTO t{number} VALUES ({', '.join('?' * width)})", body)
            count += len(body)
        db.commit()
    seconds = perf_counter() - began
    target.unlink()
    return {"seconds": {"all": seconds}, "answers": {"rows": str(count)}}


def same(path: str, home: str, done: str) -> dict[str, Any]:
    """Read, then put the very rows that Linli stored into the same tables with their indexes.

    The rows come ready from the installation ``done`` before the clock starts: nothing is
    understood, made, checked or hashed. One transaction, the same PRAGMAs, foreign keys unchecked.
    """
    place = Path(home).with_name("same")
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(home, place)
    with closing(sqlite3.connect(f"{done}/linli.sqlite3")) as db:
        held = {name: db.execute(f"SELECT * FROM {name}").fetchall() for name in _TABLES}
    began = perf_counter()
    sheets = _sheets(path)
    with closing(sqlite3.connect(place / "linli.sqlite3")) as db:
        for pragma in _PRAGMAS:
            db.execute(pragma)
        for name, rows in held.items():
            marks = ", ".join("?" * len(rows[0]))
            db.executemany(f"INSERT INTO {name} VALUES ({marks})", rows)
        db.commit()
        seconds = perf_counter() - began
        tables = str([db.execute(question).fetchone() for question in STORED])
    shutil.rmtree(place)
    rows_read = sum(len(rows) - _HEAD for rows in sheets.values())
    answers = {"rows": str(rows_read), "tables": tables}
    return {"seconds": {"all": seconds}, "answers": answers}
