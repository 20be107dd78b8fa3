"""The commands, in a process of their own: from a real workbook to figures, traces and ledgers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Command = Callable[..., Any]
FIGURE = {
    "indicator", "version", "title", "area", "period", "known_at", "value", "unit", "qualifier",
    "basis", "numerator", "denominator", "records", "fingerprint",
}  # fmt: skip


@pytest.mark.timeout(600)
def test_from_the_workbook_to_the_figures(linli: Command, shared: Path, tmp_path: Path) -> None:
    linli("init")
    linli("area", "add", "d3", "--name", "某社区", "--level", "community")
    (book,) = (shared / "real").glob("D3-*.xlsx")
    linli("import", book, "--area", "d3", "--year", "2010")
    rows = linli("figures", "--area", "d3", "--period", "2010Q1", "--json").rows
    assert all(row.keys() >= FIGURE for row in rows)
    values = {row["indicator"]: (row["value"], row["qualifier"]) for row in rows}
    assert values["base.visited_households"] == (20, "exact")
    assert values["base.visited_low_income"] == (2, "exact")
    assert values["base.visited_disabled"] == (11, "exact")
    assert values["base.donation_money"] == (9000, "over")
    assert values["base.study_sessions"] == (3, "exact")
    assert 33 not in {row["value"] for row in rows}
    behind = linli("trace", "base.study_sessions", "--area", "d3", "--period", "2010Q1", "--json")
    assert len(behind.rows) == 3
    out = tmp_path / "l.xlsx"
    linli("ledger", "base.visits_ledger", "--area", "d3", "--period", "2010Q1", "--out", out)
    assert out.stat().st_size > 1000
    refused = linli(
        "ledger", "base.visit_ledger", "--area", "d3", "--period", "2010Q1", "--out", out, code=2
    )
    assert "base.visits_ledger" in refused.err
    linli("reconcile", "--area", "d3", "--period", "2010Q1")
