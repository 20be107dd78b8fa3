"""The first walk: a quarter's records give its figures, and each figure its records."""

from __future__ import annotations

from decimal import Decimal

import pytest

from linli.core.access.rules import Actor
from linli.insight import queries
from linli.insight.fingerprint import Proof
from linli.kernel.quantities import Qualifier
from tests.insight.conftest import Record

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def quarter(record: Record) -> None:
    whole = "base.visit.households"
    record(
        "base.visit",
        "走访居民家庭",
        "2010-03-05",
        {
            whole: (20, "户"),
            "base.visit.low_income": (2, "户", "exact", whole),
            "base.visit.disabled": (11, "户", "exact", whole),
        },
    )
    record("base.donation", "爱心捐款", "2010-03-08", {"base.donation.money": (9000, "元", "over")})
    for day in ("2010-03-12", "2010-03-20", "2010-03-21"):
        record("base.study", "政策学习", day)


def test_figures(actor: Actor, quarter: None) -> None:
    found = {f.indicator: f for f in queries.figures(actor, "north", "2010Q1")}
    assert found["base.visited_households"].value == 20
    assert found["base.visited_low_income"].value == 2
    assert found["base.visited_disabled"].value == 11
    assert found["base.study_sessions"].value == 3
    money = found["base.donation_money"]
    assert (money.value, money.unit, money.qualifier) == (9000, "元", Qualifier.OVER)
    assert (money.lo, money.hi) == (9000, 10000)
    assert Decimal(33) not in {f.value for f in found.values()}


def test_trace_is_the_set_of_the_fingerprint(actor: Actor, quarter: None) -> None:
    figures = [f for f in queries.figures(actor, "street", "2010") if f.value is not None]
    assert len(figures) >= 5
    for figure in figures:
        records = queries.trace(actor, figure.indicator, "street", "2010")
        assert len(records) == figure.records
        proof = Proof.of(view.key for view in records)
        assert figure.fingerprint.startswith(proof.text("", 0).split("@")[0])


def test_another_quarter_is_empty(actor: Actor, quarter: None) -> None:
    figure = queries.figure(actor, "north", "2010Q2", "base.visited_households")
    assert figure.value is None
    assert figure.records == 0
    assert queries.trace(actor, "base.visited_households", "north", "2010Q2") == []


def test_a_figure_includes_the_last_acknowledged_write(actor: Actor, record: Record) -> None:
    for count in range(1, 4):
        record("base.study", "学习", f"2010-03-0{count}")
        assert queries.figure(actor, "north", "2010Q1", "base.study_sessions").value == count
