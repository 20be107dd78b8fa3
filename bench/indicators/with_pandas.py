"""What a good hand writes with pandas over the same Parquet files.

Reads only the columns and rows that a question needs (Arrow filters while reading), turns decimals
into floats (whole numbers below 2⁵³, so exact) and repeated words into categories; sums by
community first, then up the tree. It is spared the flags and the fingerprints.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import Any

import pandas as pd  # type: ignore[import-untyped]
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

from bench.child import digest
from bench.indicators.shapes import END, SHAPES, START

_OPEN = 9223372036854775807
_FROM, _TO = date.fromisoformat(START), date.fromisoformat(END)
AMOUNTS = ["value", "lo", "hi"]


class Tables:
    """The files and the tree."""

    def __init__(self, folder: Path) -> None:
        files = {letter: sorted(folder.glob(f"1/*.{letter}.parquet")) for letter in ("r", "q")}
        self.records = ds.dataset([str(f) for f in files["r"]], format="parquet")
        self.quantities = ds.dataset([str(f) for f in files["q"]], format="parquet")
        tree = ds.dataset(str(folder / "1" / "tree.parquet")).to_table(["area", "ancestor"])
        self.tree = tree.to_pandas()

    def up(self, leaf: Any, keys: list[str], columns: list[str]) -> Any:
        """Sum what lies at communities up to every area above them."""
        held = leaf.merge(self.tree, on="area")
        return held.groupby([*keys, "ancestor"], observed=True)[columns].sum().reset_index()


def _read(source: Any, kind: str, columns: list[str], *more: Any, begun: bool = True) -> Any:
    field = ds.field
    wanted = (field("kind") == kind) & (field("known_to") == _OPEN) & (field("last_day") <= _TO)
    wanted = wanted & ~field("state").isin(["planned", "source_wanted", "withdrawn"])
    if begun:
        wanted = wanted & (field("first_day") >= _FROM)
    for one in more:
        wanted = wanted & one
    table = source.to_table(columns=columns, filter=wanted)
    for place, column in enumerate(table.schema):
        if pa.types.is_decimal(column.type):
            values = pc.cast(table.column(place), pa.float64())
            table = table.set_column(place, column.name, values)
        elif pa.types.is_string(column.type):
            values = pc.dictionary_encode(table.column(place))
            table = table.set_column(place, column.name, values)
    return table.to_pandas(date_as_object=False, self_destruct=True)


def _best(leaf: Any, keys: list[str]) -> Any:
    """At each community the events, else the totals."""
    ordered = leaf.assign(rank=(leaf["grain"] == "summary").astype("int8")).sort_values("rank")
    return ordered.drop_duplicates([*keys, "area"], keep="first")


def _count(tables: Tables) -> Any:
    rows = _read(tables.records, "base.joint_action", ["area"], ds.field("grain") == "event")
    leaf = rows.groupby("area").size().rename("n").reset_index()
    return tables.up(leaf, [], ["n"])


def _sum(tables: Tables) -> Any:
    measures = ["base.visit.households", "base.visit.money"]
    rows = _read(
        tables.quantities,
        "base.visit",
        ["area", "measure", "grain", *AMOUNTS],
        ds.field("measure").isin(measures) & ~ds.field("part"),
    )
    leaf = rows.groupby(["area", "measure", "grain"], observed=True)[AMOUNTS].sum().reset_index()
    return tables.up(_best(leaf, ["measure"]), ["measure"], AMOUNTS)


def _tally(tables: Tables) -> Any:
    events = _read(tables.records, "base.visit", ["area"], ds.field("grain") == "event")
    ones = events.groupby("area").size().rename("value").reset_index()
    ones = ones.assign(lo=ones["value"], hi=ones["value"], grain="event")
    stated = _read(
        tables.quantities,
        "base.visit",
        ["area", "grain", *AMOUNTS],
        (ds.field("measure") == "base.visit.visits") & ~ds.field("part"),
    )
    one = (stated["grain"] == "event").astype("int8")
    for name in AMOUNTS:
        stated[name] = stated[name] - one
    stated = stated.groupby(["area", "grain"], observed=True)[AMOUNTS].sum().reset_index()
    both = pd.concat([ones, stated.assign(grain=stated["grain"].astype(str))])
    leaf = both.groupby(["area", "grain"])[AMOUNTS].sum().reset_index()
    return tables.up(_best(leaf, []), [], AMOUNTS)


def _ratio(tables: Tables) -> Any:
    rows = _read(
        tables.records,
        "base.guidance",
        ["area", "f_rectified"],
        (ds.field("grain") == "event") & ds.field("f_rectified").is_valid(),
    )
    rows["top"] = rows["f_rectified"] == "已整改"
    leaf = rows.groupby("area").agg(top=("top", "sum"), bottom=("top", "size")).reset_index()
    found = tables.up(leaf, [], ["top", "bottom"])
    return found[found["top"] > 0]


def _distinct(tables: Tables) -> Any:
    rows = _read(
        tables.records,
        "base.joint_action",
        ["area", "f_lead"],
        (ds.field("grain") == "event") & ds.field("f_lead").is_valid(),
    )
    held = rows.drop_duplicates(["area", "f_lead"]).merge(tables.tree, on="area")
    held = held.drop_duplicates(["ancestor", "f_lead"])
    return held.groupby("ancestor").size().rename("n").reset_index()


def _stock(tables: Tables) -> Any:
    rows = _read(
        tables.quantities,
        "base.profile",
        ["area", "last_day", "key", *AMOUNTS],
        (ds.field("grain") == "observation") & ~ds.field("part"),
        ds.field("measure") == "base.profile.households",
        begun=False,
    )
    newest = rows.sort_values(["last_day", "key"]).drop_duplicates("area", keep="last")
    return tables.up(newest, [], AMOUNTS)


QUESTIONS: dict[str, Callable[[Tables], Any]] = {
    "count": _count,
    "sum": _sum,
    "tally": _tally,
    "ratio": _ratio,
    "distinct": _distinct,
    "stock": _stock,
}


def answer(folder: str) -> dict[str, Any]:
    """Ask everything once."""
    began = perf_counter()
    tables = Tables(Path(folder))
    seconds = {"open": perf_counter() - began}
    found = {}
    for shape, question in QUESTIONS.items():
        began = perf_counter()
        found[shape] = question(tables)
        seconds[shape] = perf_counter() - began
    answers = {shape: digest(_rows(shape, frame)) for shape, frame in found.items()}
    return {"seconds": seconds, "answers": answers}


def _rows(shape: str, frame: Any) -> list[tuple[Any, ...]]:
    rows = list(frame.itertuples(index=False, name=None))
    names = dict(zip(("base.visit.households", "base.visit.money"), SHAPES["sum"], strict=True))
    match shape:
        case "sum":
            return [(names[row[0]], *row[1:]) for row in rows]
        case "count" | "distinct":
            return [(SHAPES[shape][0], area, n, n, n) for area, n in rows]
        case _:
            return [(SHAPES[shape][0], *row) for row in rows]
