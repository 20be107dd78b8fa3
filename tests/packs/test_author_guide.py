"""The guide for pack authors names every key, and its example is a pack without faults."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic import BaseModel

from linli.packs.check import check
from linli.packs.schema import (
    CareClass,
    Column,
    Field,
    Indicator,
    Kind,
    Ledger,
    Measure,
    PersonalField,
    Reconciliation,
    Stops,
    Term,
)
from linli.packs.schema_obligation import Anchor, Each, Escalation, Fulfilment, ObligationRule
from linli.packs.strategies import STRATEGIES


@pytest.fixture(scope="module")
def guide(root: Path) -> str:
    return (root / "docs" / "pack-author.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "model",
    [
        Kind, Field, Measure, Indicator, Term, Ledger, Column, Reconciliation, Stops,
        CareClass, PersonalField, ObligationRule, Fulfilment, Anchor, Each, Escalation,
    ],
)  # fmt: skip
def test_every_key_is_named(guide: str, model: type[BaseModel]) -> None:
    prose = re.sub(r"```.*?```", "", guide, flags=re.DOTALL)
    named = set(re.findall(r"[a-z_]+", " ".join(re.findall(r"`([^`]+)`", prose))))
    assert set(model.model_fields) - named == set()


def test_every_strategy_is_named(guide: str) -> None:
    assert [name for name in STRATEGIES if f"`{name}`" not in guide] == []


def test_the_example_has_the_one_fault_that_the_guide_tells(guide: str, tmp_path: Path) -> None:
    head, body = re.findall(r"```toml\n(.*?)```", guide, flags=re.DOTALL)[:2]
    (tmp_path / "pack.toml").write_text(head, encoding="utf-8")
    (tmp_path / "tea.toml").write_text(body, encoding="utf-8")
    faults = check(tmp_path)
    assert [(f.key, f.problem) for f in faults] == [
        ("kinds.tea.party.measures.cups.unit", "没有单位 杯")
    ]
    right = body.replace('unit = "杯"', 'unit = "个"')
    (tmp_path / "tea.toml").write_text(right, encoding="utf-8")
    assert check(tmp_path) == []
