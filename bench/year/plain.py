"""The least that gives numbers at all: read the year's records and quantities with sqlite3 and add
them up in Python loops, with bounds, for three indicators.

The fairest simple contender: it reads the same tables, understands that a quantity may be open or
a part, and leaves out what does not count; it knows nothing of areas above, other grains, versions,
ratios, or where a number came from.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from contextlib import closing
from time import perf_counter
from typing import Any

from bench.child import digest

FIGURES = {
    "base.visited_households": ("base.visit", "base.visit.households"),
    "base.visit_money": ("base.visit", "base.visit.money"),
    "base.study_people": ("base.study", "base.people"),
}
_RECORDS = """
SELECT r.key, r.kind, r.start, r.end, r.state FROM records_record r
JOIN records_import i ON i.id = r.batch_id
WHERE r.year = ? AND r.known_to IS NULL AND i.committed_at IS NOT NULL
"""
_QUANTITIES = """
SELECT q.record_id, q.measure, q.micro, q.micro_lo, q.micro_hi, q.part_of FROM records_quantity q
"""
_LEFT_OUT = ("planned", "source_wanted", "withdrawn")


def figures(home: str, year: int) -> dict[str, Any]:
    """Read all, add up."""
    began = perf_counter()
    first, last = f"{year}-01-01", f"{year}-12-31"
    with closing(sqlite3.connect(f"{home}/linli.sqlite3")) as db:
        counted: dict[int, str] = {}
        kinds: defaultdict[str, int] = defaultdict(int)
        for key, kind, start, end, state in db.execute(_RECORDS, (year,)):
            if state in _LEFT_OUT or start is None or start < first or (end or start) > last:
                continue
            counted[key] = kind
            kinds[kind] += 1
        sums: defaultdict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
        for key, measure, value, low, high, part_of in db.execute(_QUANTITIES):
            if part_of is not None or key not in counted:
                continue
            held = sums[counted[key], measure]
            held[0] += value
            held[1] += low
            held[2] += high
            held[3] += 1
    seconds = perf_counter() - began
    rows = [
        (name, *(part / 1_000_000 for part in sums[what][:3]), sums[what][3])
        for name, what in FIGURES.items()
    ]
    return {"seconds": {"all": seconds}, "answers": {"figures": digest(rows)}, "said": dict(kinds)}
