"""One term each: whatever the code names, the glossary explains."""

from __future__ import annotations

import enum
import importlib
import inspect
import re

import pytest
from django.apps import apps

from linli.core.audit.rules import Permission
from linli.kernel.days import Precision
from linli.kernel.quantities import Qualifier
from tests.house import tree

ROW = re.compile(r"^\| (?P<zh>[^|]+) \| (?P<code>[^|]+) \| (?P<meaning>[^|]+) \|$", re.MULTILINE)


@pytest.fixture(scope="module")
def rows() -> list[tuple[str, str, str]]:
    text = (tree.ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    found = [match.groups() for match in ROW.finditer(text)]
    body = [row for row in found if row[1].strip() not in {"code", "---"}]
    assert len(body) > 40
    return [(a.strip(), b.strip(), c.strip()) for a, b, c in body]


def _codes(rows: list[tuple[str, str, str]]) -> set[str]:
    return {code for _, cell, _ in rows for code in re.split(r"[,、]\s*", cell)}


def test_no_term_is_explained_twice(rows: list[tuple[str, str, str]]) -> None:
    codes = [code for _, code, _ in rows]
    assert not {code for code in codes if codes.count(code) > 1}


@pytest.mark.parametrize("words", [Qualifier, Precision, Permission])
def test_closed_lists_are_explained(
    rows: list[tuple[str, str, str]], words: type[enum.StrEnum]
) -> None:
    assert not {str(word) for word in words} - _codes(rows)


def test_every_table_is_explained(rows: list[tuple[str, str, str]]) -> None:
    ours = [m.__name__ for m in apps.get_models() if m.__module__.startswith("linli.")]
    assert ours
    assert not set(ours) - _codes(rows)


def test_every_declaration_of_a_pack_is_explained(rows: list[tuple[str, str, str]]) -> None:
    import pydantic

    schema = importlib.import_module("linli.packs.schema")
    declared = {
        name
        for name, value in vars(schema).items()
        if inspect.isclass(value)
        and issubclass(value, pydantic.BaseModel)
        and not name.startswith("_")
        and name != "Model"
        and value.__module__.startswith("linli.packs")
    }
    assert not declared - _codes(rows)
