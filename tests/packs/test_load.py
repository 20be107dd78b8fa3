"""Loading: what a registry offers, local packs beside the base pack, and no input that breaks it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.kernel.errors import Refusal, Refusals
from linli.packs.check import check
from linli.packs.load import BASE, load, registry
from linli.packs.parse import TABLES, parse
from linli.packs.read import Document, read_text
from linli.packs.registry import Registry
from linli.packs.schema_predicate import Predicate


@pytest.fixture(scope="module")
def base() -> Registry:
    return load([BASE])


def test_a_kind_holds_its_own_and_the_shared_measures(base: Registry) -> None:
    ids = {measure.id for measure in base.kind("base.visit").measures}
    assert {"base.visit.households", "base.person_times"} <= ids
    assert base.measure("base.visit.disabled").whole == "base.visit.households"


def test_an_unknown_id_is_refused_with_the_nearest(base: Registry) -> None:
    with pytest.raises(Refusal, match=r"base\.visit"):
        base.kind("base.vist")


def test_every_measure_is_counted_or_shared(base: Registry) -> None:
    """A measure that no indicator reads would be typed for nothing; the exceptions are listed."""
    read = set()
    for indicator in base.indicators.values():
        for term in (indicator.numerator, indicator.denominator, indicator.declared):
            while term is not None:
                read.add(term.measure)
                term = term.times
    assert len(set(base.measures) - read) < 80


def test_every_kind_stands_in_a_ledger(base: Registry) -> None:
    listed = {kind for ledger in base.ledgers.values() for kind in ledger.kinds}
    assert set(base.kinds) - listed == set()


def test_every_ledger_ends_with_its_signature(base: Registry) -> None:
    assert {x.signature for x in base.ledgers.values()} == {
        ("填报单位", "填表人", "审核人", "日期")
    }


def test_a_ledger_is_found_by_its_title(base: Registry) -> None:
    assert base.ledger("走访慰问台账").id == base.ledger("base.visits_ledger").id


def test_personal_fields_have_purpose_and_basis(base: Registry) -> None:
    for kind in base.kinds.values():
        if any(field.privacy != "plain" for field in kind.fields):
            assert kind.purpose, kind.id
            assert kind.basis, kind.id


def test_only_counts_come_from_competent_bodies(base: Registry) -> None:
    supplied = [kind for kind in base.kinds.values() if kind.supplied_by_body]
    assert {kind.id for kind in supplied} == {"base.safety_count", "base.family_planning_count"}
    for kind in supplied:
        assert {field.id for field in kind.fields} == {"supplier", "document"}


def test_versions_of_an_indicator_hold_on_their_days(tmp_path: Path) -> None:
    (tmp_path / "pack.toml").write_text('id = "local"\nversion = "1"\ntitle = "本地"\n')
    text = ""
    for version, span in ((1, "valid_to = 2024-12-31"), (2, "valid_from = 2025-01-01")):
        text += (
            f'[[indicators]]\nid = "local.v"\nversion = {version}\ntitle = "次数"\n{span}\n'
            'definition = "次数"\nunit = "次"\nnumerator = { agg = "count", kinds = ["base.visit"] }\n'
        )
    (tmp_path / "i.toml").write_text(text, encoding="utf-8")
    found = load([BASE, tmp_path])
    assert found.indicator("local.v").version == 2
    assert found.indicator("local.v", on=date(2024, 6, 1)).version == 1


def test_local_packs_are_seen_and_faults_stop_the_load(tmp_path: Path) -> None:
    own = tmp_path / "packs" / "own"
    own.mkdir(parents=True)
    (own / "pack.toml").write_text('id = "own"\nversion = "1"\ntitle = "本地"\n', encoding="utf-8")
    kind = '[[kinds]]\nid = "own.tea"\ntitle = "茶话会"\ndomain = "J"\nwords = ["茶话会"]\n'
    (own / "k.toml").write_text(kind, encoding="utf-8")
    assert "own.tea" in registry(tmp_path).kinds
    (own / "k.toml").write_text(kind + "grian = 1\n", encoding="utf-8")
    with pytest.raises(Refusals):
        registry(tmp_path)


def test_a_predicate_has_one_operator() -> None:
    where = Predicate.model_validate(
        {"and": [{"eq": ["level", "省"]}, {"not": {"in": ["@grain", ["event"]]}}]}
    )
    assert (where.op, where.fields()) == ("and", frozenset({"level", "@grain"}))
    with pytest.raises(ValueError, match="一个条件只写一个算子"):
        Predicate.model_validate({"eq": ["a", 1], "ne": ["a", 1]})


_LEAF = st.one_of(st.text(max_size=8), st.integers(), st.booleans(), st.dates(), st.none())
_TREE = st.recursive(
    _LEAF,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(
                ["id", "title", "kinds", "numerator", "agg", "fields", "measures", "x"]
            ),
            inner,
            max_size=5,
        ),
    ),
    max_leaves=20,
)


@given(table=st.sampled_from([*TABLES, "stops", "unknown"]), data=_TREE)
@settings(max_examples=200, deadline=None)
def test_no_data_breaks_the_parser(table: str, data: object) -> None:
    head = Document("pack.toml", {"id": "local", "version": "1", "title": "t"})
    parsed = parse([head, Document("a.toml", {table: data})])
    assert all(fault.problem for fault in parsed.faults)


@given(text=st.text(max_size=200))
@settings(max_examples=200, deadline=None)
def test_no_text_breaks_the_reader(text: str) -> None:
    read = read_text(text, "a.toml")
    if isinstance(read, Document):
        parse([read])


@given(raw=st.binary(max_size=300))
@settings(max_examples=50, deadline=None)
def test_no_bytes_break_the_check(raw: bytes) -> None:
    with TemporaryDirectory() as folder:
        (Path(folder) / "pack.toml").write_bytes(raw)
        (Path(folder) / "a.toml").write_bytes(raw)
        assert check(Path(folder))
