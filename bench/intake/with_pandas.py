"""What many write: pandas reads the workbook with openpyxl, its default, and writes to SQLite."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from time import perf_counter
from typing import Any

import pandas as pd  # type: ignore[import-untyped]


def bring(path: str, folder: str) -> dict[str, Any]:
    """All sheets, as text, each to a table."""
    target = Path(folder) / "pandas.sqlite3"
    target.unlink(missing_ok=True)
    began = perf_counter()
    count = 0
    with closing(sqlite3.connect(target)) as db:
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("PRAGMA synchronous=FULL")
        sheets = pd.read_excel(path, sheet_name=None, header=1, dtype=str, engine="openpyxl")
        for number, frame in enumerate(sheets.values()):
            frame.to_sql(f"t{number}", db, index=False)
            count += len(frame)
        db.commit()
    seconds = perf_counter() - began
    target.unlink()
    return {"seconds": {"all": seconds}, "answers": {"rows": str(count)}}
