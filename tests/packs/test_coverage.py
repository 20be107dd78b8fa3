"""Every example named in docs/coverage.md runs: record in, ledger row, figures, sentence out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from linli.core.access.rules import Actor
from linli.packs.examples import Example, examples
from linli.packs.load import registry
from tests.packs import walk, walk_flows


@pytest.fixture
def actor(db: None, tmp_path: Path, settings: Any) -> Iterator[Actor]:
    """An installation of its own: its snapshot holds one community and is quickly asked."""
    from linli.core.access.queries import local_operator
    from linli.core.areas.actions import create_area
    from linli.insight.reading import forget

    settings.LINLI_HOME = tmp_path / "installation"
    who = local_operator()
    create_area(actor=who, slug="street", name="东街街道", level="street")
    yield who
    forget()
    walk.forget()


@pytest.mark.parametrize("example", examples(), ids=lambda example: example.id)
def test_the_walk(actor: Actor, example: Example) -> None:
    records = walk.record_all(actor, example, registry())
    for wanted in example.standings:
        assert walk_flows.standing(actor, wanted, records) == wanted
    _check_due(actor, example)
    _check_figures(actor, example)
    _check_ledgers(actor, example)
    _check_sentences(actor, example)
    if example.findings:
        assert set(example.findings) <= walk.findings(actor, example)


def _check_due(actor: Actor, example: Example) -> None:
    for wanted in example.due:
        counted, missed = walk.due(actor, example, wanted)
        assert counted == wanted.says, wanted.rule
        assert wanted.missed in ((), tuple(missed)), (wanted.rule, missed)


def _check_figures(actor: Actor, example: Example) -> None:
    found = walk.figures(actor, example)
    assert {f.id: found[f.id][0] for f in example.figures} == {
        f.id: f.says for f in example.figures
    }
    for figure in example.figures:
        _, counted, traced = found[figure.id]
        assert counted == traced
        assert figure.records in (None, counted), figure.id


def _check_ledgers(actor: Actor, example: Example) -> None:
    for ledger in example.ledgers:
        rows = walk.ledger_rows(actor, example, ledger.id)
        assert any(set(ledger.row) <= set(row) for row in rows), (ledger.row, rows)
        assert ledger.rows in (None, len(rows))


def _check_sentences(actor: Actor, example: Example) -> None:
    text = walk.report_text(actor, example, registry())
    assert [s for s in example.sentences if s not in text] == [], text
    assert [s for s in example.absent if s in text] == [], text
