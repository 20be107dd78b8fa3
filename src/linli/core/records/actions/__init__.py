"""Writes of records: entry by hand, correction, import."""

from __future__ import annotations

from linli.core.records.actions.change import attach, correct, fill, name_source, withdraw
from linli.core.records.actions.entry import record_one
from linli.core.records.actions.imports import (
    abandon_import,
    begin_import,
    commit_import,
    stage,
    sweep_imports,
)

__all__ = [
    "abandon_import",
    "attach",
    "begin_import",
    "commit_import",
    "correct",
    "fill",
    "name_source",
    "record_one",
    "stage",
    "sweep_imports",
    "withdraw",
]
