"""Every example named in docs/coverage.md runs: record in, ledger row, figures, sentence out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from linli.core.access.rules import Actor
from linli.packs.examples import Example, examples
from linli.packs.load import registry
from tests.packs import walk

EVERY = pytest.mark.parametrize("example", examples(), ids=lambda example: example.id)
pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("examples")]


@pytest.fixture(scope="module")
def actor(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Actor]:
    """One installation, a community an example; undone when the module is through."""
    from django.conf import settings
    from django.db import transaction

    from linli.core.access.queries import local_operator
    from linli.core.areas.actions import create_area
    from linli.insight.reading import forget

    before = settings.LINLI_HOME
    settings.LINLI_HOME = tmp_path_factory.mktemp("examples") / "installation"
    with django_db_blocker.unblock(), transaction.atomic():
        who = local_operator()
        create_area(actor=who, slug="street", name="东街街道", level="street")
        for example in examples():
            walk.record_all(who, example, registry())
        yield who
        transaction.set_rollback(True)
        forget()
        walk.forget()
    settings.LINLI_HOME = before


@EVERY
def test_the_figures(actor: Actor, example: Example) -> None:
    found = walk.figures(actor, example)
    assert {f.id: found[f.id][0] for f in example.figures} == {
        f.id: f.says for f in example.figures
    }
    for figure in example.figures:
        _, counted, traced = found[figure.id]
        assert counted == traced
        assert figure.records in (None, counted), figure.id


@EVERY
def test_the_ledger_rows(actor: Actor, example: Example) -> None:
    for ledger in example.ledgers:
        rows = walk.ledger_rows(actor, example, ledger.id)
        assert any(set(ledger.row) <= set(row) for row in rows), (ledger.row, rows)
        assert ledger.rows in (None, len(rows))


@EVERY
def test_the_sentences(actor: Actor, example: Example) -> None:
    text = walk.report_text(actor, example, registry())
    assert [s for s in example.sentences if s not in text] == [], text
    assert [s for s in example.absent if s in text] == [], text


@pytest.mark.parametrize(
    "example", [e for e in examples() if e.findings], ids=lambda example: example.id
)
def test_the_contradictions_are_found(actor: Actor, example: Example) -> None:
    assert set(example.findings) <= walk.findings(actor, example)
