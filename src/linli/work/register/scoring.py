"""How likely a proposed pair is one person: splink's match weight, to put the queue in order.

The rules of `core.registers.likeness` propose and explain; splink only orders. Its m and u are set
by hand (docs/adr/0013): a community has too few true duplicates to learn them from. Names are
compared as characters. Nothing is merged by a score.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

import duckdb
import pyarrow as pa
from splink import DuckDBAPI, Linker

from linli.core.registers.batches import Holding
from linli.core.registers.likeness import Pair
from linli.core.registers.names import forms

PRIOR = 0.05
"""Of the pairs that a rule proposes, one in twenty is taken to be one person before any look."""

LEVELS: dict[str, tuple[tuple[str, float, float], ...]] = {
    "identity_number": (("identity_number_l = identity_number_r", 0.98, 1e-7), ("ELSE", 0.02, 1)),
    "name": (
        ("name_l = name_r", 0.90, 2e-3),
        ("list_has_any(forms_l, forms_r)", 0.08, 2e-2),
        ("ELSE", 0.02, 0.978),
    ),
    "birth": (("birth_l = birth_r", 0.93, 3e-5), ("ELSE", 0.07, 1)),
    "dwelling": (("dwelling_l = dwelling_r", 0.70, 1e-3), ("ELSE", 0.30, 1)),
    "phone": (("phone_l = phone_r", 0.75, 1e-3), ("ELSE", 0.25, 1)),
    "sex": (("sex_l = sex_r", 0.995, 0.5), ("ELSE", 0.005, 0.5)),
}
"""For each field the levels of agreement, best first: condition, m (same person), u (two persons)."""


def weights(pairs: Sequence[Pair]) -> list[float]:
    """Match weights in bits, in the order of the pairs: above 0 more likely one person than two."""
    if not pairs:
        return []
    logging.getLogger("splink").setLevel(logging.ERROR)
    with duckdb.connect() as connection:
        api = DuckDBAPI(connection)
        linker = Linker(api.register(pa.Table.from_pylist(_rows(pairs), _SCHEMA)), _SETTINGS)
        found = linker.inference.predict().as_record_list()
    by_pair = {row["pair_l"]: float(row["match_weight"]) for row in found}
    return [by_pair[number] for number in range(len(pairs))]


def _rows(pairs: Sequence[Pair]) -> list[dict[str, Any]]:
    return [
        {"unique_id": 2 * number + side, "pair": number, **_row(held)}
        for number, pair in enumerate(pairs)
        for side, held in enumerate((pair.first, pair.second))
    ]


def _row(held: Holding) -> dict[str, Any]:
    digests = {field: digest.hex() for field, digest in held.digests}
    place = held.address
    return {
        "identity_number": digests.get("identity_number"),
        "name": held.name,
        "forms": sorted(forms(held.name)),
        "birth": held.birth.isoformat() if held.birth else None,
        "dwelling": f"{place.building}-{place.stairwell}-{place.number}" if place else None,
        "phone": digests.get("phone"),
        "sex": held.sex or None,
    }


_SCHEMA = pa.schema(
    [
        ("unique_id", pa.int64()), ("pair", pa.int64()), ("identity_number", pa.string()),
        ("name", pa.string()), ("forms", pa.list_(pa.string())), ("birth", pa.string()),
        ("dwelling", pa.string()), ("phone", pa.string()), ("sex", pa.string()),
    ]
)  # fmt: skip


def _comparison(column: str) -> dict[str, Any]:
    missing = {
        "sql_condition": f"{column}_l IS NULL OR {column}_r IS NULL",
        "label_for_charts": "missing",
        "is_null_level": True,
    }
    levels = [
        {"sql_condition": sql, "label_for_charts": sql, "m_probability": m, "u_probability": u}
        for sql, m, u in LEVELS[column]
    ]
    return {"output_column_name": column, "comparison_levels": [missing, *levels]}


_SETTINGS: dict[str, Any] = {
    "link_type": "dedupe_only",
    "probability_two_random_records_match": PRIOR,
    "blocking_rules_to_generate_predictions": ["l.pair = r.pair"],
    "comparisons": [_comparison(column) for column in LEVELS],
}
