"""The snapshot: incremental, durable, safe for readers while it is refreshed, without names."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from linli.insight.engine import Engine
from linli.insight.layout import field_columns
from linli.insight.snapshot import Snapshot
from linli.insight.snapshot.refresh import buckets_for
from tests.insight import small
from tests.insight.small import Held, record

REGISTRY = small.registry_of()
COLUMNS = field_columns(REGISTRY)


def snapshot(folder: Path) -> Snapshot:
    return Snapshot(folder, COLUMNS, small.NAMES)


def held(*days: date) -> Held:
    return Held([record(n, day) for n, day in enumerate(days, 1)], small.tree())


def rows(folder: Path) -> int:
    made = snapshot(folder)
    with made.lease() as manifest:
        engine = Engine(folder, manifest, COLUMNS, threads=1)
        try:
            (count,) = engine.ask("SELECT COUNT(*) FROM records")[0]
            return int(count)
        finally:
            engine.close()


def test_only_changed_partitions_are_written_again(tmp_path: Path) -> None:
    source = held(date(2009, 5, 1), date(2010, 5, 1))
    first = snapshot(tmp_path).refresh(source)
    source.records = [*source.records, record(3, date(2010, 6, 1))]
    second = snapshot(tmp_path).refresh(source)
    assert second.generation == first.generation + 1
    assert second.parts["4-2009"] == first.parts["4-2009"]
    assert second.parts["4-2010"].records != first.parts["4-2010"].records
    assert rows(tmp_path) == 3


def test_an_unchanged_mark_writes_nothing(tmp_path: Path) -> None:
    source = held(date(2009, 5, 1))
    assert snapshot(tmp_path).refresh(source) == snapshot(tmp_path).refresh(source)


def test_a_new_layout_is_a_new_snapshot(tmp_path: Path) -> None:
    source = held(date(2009, 5, 1))
    snapshot(tmp_path).refresh(source)
    other = Snapshot(tmp_path, COLUMNS[:1], small.NAMES)
    assert other.current() is None
    assert other.refresh(source).layout != snapshot(tmp_path).layout


def test_a_correction_closes_the_old_version(tmp_path: Path) -> None:
    source = held(date(2009, 5, 1))
    snapshot(tmp_path).refresh(source)
    old = source.records[0]
    source.records = [replace(old, known_to=5), replace(old, key=2, known_from=5)]
    manifest = snapshot(tmp_path).refresh(source)
    assert manifest.known_at == 5
    assert rows(tmp_path) == 2


def test_a_reader_keeps_its_generation_until_it_leaves(tmp_path: Path) -> None:
    source = held(date(2009, 5, 1))
    made = snapshot(tmp_path)
    made.refresh(source)
    with made.lease() as manifest:
        for key in range(2, 5):
            source.records = [*source.records, record(key, date(2009, 6, 1))]
            made.refresh(source)
        assert all((tmp_path / file).exists() for file in manifest.files())
    source.records = [*source.records, record(9, date(2009, 7, 1))]
    last = made.refresh(source)
    left = {p.relative_to(tmp_path).as_posix() for p in tmp_path.glob("*/*.parquet")}
    assert left == set(last.files())


def test_a_crashed_refresh_leaves_the_old_generation_in_force(tmp_path: Path) -> None:
    source = held(date(2009, 5, 1))
    made = snapshot(tmp_path)
    first = made.refresh(source)
    (tmp_path / "2").mkdir()
    (tmp_path / "2" / "4-2009.r.parquet").write_bytes(b"half")
    assert made.current() == first
    source.records = [*source.records, record(2, date(2009, 6, 1))]
    assert made.refresh(source).generation == 3
    assert rows(tmp_path) == 2


def _refresh_often(folder: Path, count: int) -> None:
    made = snapshot(folder)
    source = held(date(2009, 5, 1))
    for key in range(2, count + 2):
        source.records = [*source.records, record(key, date(2009, 6, 1))]
        made.refresh(source)


def test_two_readers_and_one_refresher_at_once(tmp_path: Path) -> None:
    """Leases are file locks of their own handles, so threads stand for processes here."""
    snapshot(tmp_path).refresh(held(date(2009, 5, 1)))
    with ThreadPoolExecutor(3) as pool:
        writer = pool.submit(_refresh_often, tmp_path, 12)
        readers = [pool.submit(lambda: [rows(tmp_path) for _ in range(8)]) for _ in range(2)]
        found = [reader.result() for reader in readers]
        writer.result()
    for counts in found:
        assert counts == sorted(counts)  # never an older state, never a half one
        assert counts[0] >= 1
    assert rows(tmp_path) == 13


@pytest.mark.parametrize(
    ("rows", "buckets"), [(0, 1), (199_999, 1), (200_000, 2), (10_000_000, 64), (10**9, 256)]
)
def test_parts_are_as_many_as_the_records_need(rows: int, buckets: int) -> None:
    assert buckets_for(rows) == buckets


def test_a_kind_with_many_rows_has_row_groups_of_its_own(tmp_path: Path) -> None:
    many = [record(n, kind="t.visit") for n in range(1, 8_002)]
    few = [record(n, kind=kind) for n, kind in ((9_001, "t.a"), (9_002, "t.b"), (9_003, "t.z"))]
    part = snapshot(tmp_path).refresh(Held([*few, *many], small.tree())).parts["4-2010"]
    found = pq.ParquetFile(tmp_path / part.records).metadata
    sizes = [found.row_group(n).num_rows for n in range(found.num_row_groups)]
    assert sizes == [2, 8_001, 1]
    assert part.sorts == (
        ("t.a", "event"),
        ("t.b", "event"),
        ("t.visit", "event"),
        ("t.z", "event"),
    )


def test_no_name_is_in_the_files(tmp_path: Path) -> None:
    fact = record(1, fields={"who": "张三丰", "level": "市级"}, subject="张三丰家")
    manifest = snapshot(tmp_path).refresh(Held([fact], small.tree()))
    for file in manifest.files():
        table = pq.read_table(tmp_path / file)
        assert "张三丰" not in str(table.to_pydict())
        assert not {"title", "name"} & set(table.column_names)
    texts = pq.read_table(tmp_path / manifest.parts["4-2010"].records).to_pydict()
    assert texts["f_level"] == ["市级"]
    assert texts["f_who"] == [small.NAMES.text("张三丰")]
