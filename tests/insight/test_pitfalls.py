"""The pitfalls of indicator engines, one test each (DHIS2's cases and those measured on engines)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from linli.insight.evaluate import Value, evaluate
from linli.insight.snapshot.source import RecordFact, TreeRow
from linli.kernel.quantities import Qualifier
from linli.packs.schema import Indicator, Term
from linli.packs.schema_predicate import Predicate
from tests.insight import small
from tests.insight.small import quantity, record

YEAR = (date(2010, 1, 1), date(2010, 12, 31))
MARCH = date(2010, 3, 5)
VISITS = Term(agg="count", kinds=("t.visit",))
HOUSES = Term(agg="sum", kinds=("t.visit",), measure="t.house")


def indicator(numerator: Term, **changes: Any) -> Indicator:
    return Indicator(
        **{"id": "t.x", "title": "x", "definition": "", "unit": "户", "numerator": numerator}
        | changes
    )


def ratio(numerator: Term, denominator: Term, **changes: Any) -> Indicator:
    return indicator(
        numerator, denominator=denominator, rollup="ratio", factor=Decimal(100), decimals=1,
        unit="%", **changes,
    )  # fmt: skip


def ask(
    folder: Path, facts: Iterable[RecordFact], one: Indicator, *targets: int,
    span: tuple[date, date] = YEAR, tree: list[TreeRow] | None = None, known_at: int | None = None,
) -> dict[int, Value]:  # fmt: skip
    registry = small.registry_of(one)
    with small.engine(folder, list(facts), tree or small.tree(), registry) as made:
        asked = small.question(registry, made, *span, *(targets or (1,)), known_at=known_at)
        return {v.target: v for v in evaluate(made, registry, [one], asked, keys=True)}


def number(value: Value) -> Decimal | None:
    return value.quantity.value if value.quantity else None


def test_a_rate_up_the_tree_is_the_ratio_of_sums_not_the_mean_of_rates(tmp_path: Path) -> None:
    facts = [record(1, fields={"level": "市级"})]
    facts += [record(n, area=5, fields={"level": "区级"}) for n in range(2, 6)]
    high = Term(agg="count", kinds=("t.visit",), where=Predicate(eq=("level", "市级")))
    found = ask(tmp_path, facts, ratio(high, VISITS, missing="zero"), 3, 4, 5)
    assert {area: number(v) for area, v in found.items()} == {3: 20, 4: 100, 5: 0}


@pytest.mark.parametrize("missing", ["null", "zero"])
def test_nothing_divided_by_nothing_is_no_value(tmp_path: Path, missing: str) -> None:
    assert number(ask(tmp_path, [], ratio(VISITS, HOUSES, missing=missing))[1]) is None


def test_a_zero_denominator_gives_no_value_and_no_error(tmp_path: Path) -> None:
    facts = [record(1, quantities=(quantity(0),))]
    assert number(ask(tmp_path, facts, ratio(VISITS, HOUSES))[1]) is None


def test_missing_is_null_or_zero_as_declared(tmp_path: Path) -> None:
    assert number(ask(tmp_path / "a", [], indicator(HOUSES))[1]) is None
    assert number(ask(tmp_path / "b", [], indicator(HOUSES, missing="zero"))[1]) == 0


def test_a_rate_is_rounded_half_up_once_in_decimal(tmp_path: Path) -> None:
    facts = [record(1, quantities=(quantity(1), quantity(16, "t.money", "元")))]
    money = Term(agg="sum", kinds=("t.visit",), measure="t.money")
    found = ask(tmp_path, facts, ratio(HOUSES, money))  # 6.25 % → 6.3, not banker's 6.2
    assert number(found[1]) == Decimal("6.3")


def test_large_and_fine_amounts_are_exact(tmp_path: Path) -> None:
    amounts = [Decimal("987654321098.123456"), Decimal("0.000001"), Decimal("-0.1")]
    facts = [
        record(n, quantities=(quantity(a, "t.money", "元"),)) for n, a in enumerate(amounts, 1)
    ]
    money = Term(agg="sum", kinds=("t.visit",), measure="t.money")
    assert number(ask(tmp_path, facts, indicator(money, unit="元"))[1]) == sum(amounts)


def test_a_total_is_not_added_to_the_events_that_it_totals(tmp_path: Path) -> None:
    total = record(
        9, YEAR[0], end=YEAR[1], grain="summary", precision="span", quantities=(quantity(200),)
    )
    events = [record(n, quantities=(quantity(10),)) for n in (1, 2)]
    found = ask(tmp_path, [total, *events], indicator(HOUSES))[1]
    assert (number(found), found.basis, found.keys) == (20, "computed", {1, 2})
    other = ask(tmp_path / "b", [total], indicator(HOUSES))[1]
    assert (number(other), other.basis) == (200, "declared")


def test_a_summary_counts_only_where_its_interval_lies_inside(tmp_path: Path) -> None:
    three = record(
        1, date(2008, 1, 1), end=YEAR[1], grain="summary", quantities=(quantity(200, q="over"),)
    )
    assert number(ask(tmp_path / "a", [three], indicator(HOUSES))[1]) is None
    span = (date(2008, 1, 1), YEAR[1])
    found = ask(tmp_path / "b", [three], indicator(HOUSES), span=span)[1].quantity
    assert found is not None
    assert (found.value, found.qualifier, found.hi) == (200, Qualifier.OVER, 300)


def test_a_summary_inside_another_is_part_of_it(tmp_path: Path) -> None:
    facts = [
        record(1, YEAR[0], end=YEAR[1], grain="summary", quantities=(quantity(200),)),
        record(2, MARCH, end=date(2010, 6, 30), grain="summary", quantities=(quantity(50),)),
        record(3, YEAR[0], end=YEAR[1], grain="summary", quantities=(quantity(7),)),
    ]
    found = ask(tmp_path, facts, indicator(HOUSES))[1]
    assert (number(found), found.keys) == (207, {1, 3})


def test_the_street_s_total_is_not_added_to_its_communities(tmp_path: Path) -> None:
    street = record(1, YEAR[0], end=YEAR[1], area=3, grain="summary", quantities=(quantity(90),))
    events = [record(2, area=4, quantities=(quantity(20),))]
    assert number(ask(tmp_path / "a", [street, *events], indicator(HOUSES), 2)[2]) == 20
    below = record(3, YEAR[0], end=YEAR[1], area=4, grain="summary", quantities=(quantity(40),))
    found = ask(tmp_path / "b", [street, below], indicator(HOUSES), 2, 4)
    assert {area: number(v) for area, v in found.items()} == {2: 90, 4: 40}


def test_parts_are_never_added_to_their_whole(tmp_path: Path) -> None:
    facts = [record(1, quantities=(quantity(20), quantity(2, part=True), quantity(11, part=True)))]
    assert number(ask(tmp_path, facts, indicator(HOUSES))[1]) == 20


def test_units_are_never_mixed(tmp_path: Path) -> None:
    facts = [record(1, quantities=(quantity(20), quantity(300, unit="人")))]
    found = ask(tmp_path, facts, indicator(HOUSES))[1]
    assert (number(found), found.proof.n) == (20, 1)


@pytest.mark.parametrize("state", ["planned", "source_wanted", "withdrawn"])
def test_what_is_not_done_is_not_counted(tmp_path: Path, state: str) -> None:
    found = ask(tmp_path, [record(1), record(2, state=state)], indicator(VISITS))
    assert found[1].keys == {1}


def test_a_stock_is_the_newest_at_the_period_s_end_and_sums_over_areas(tmp_path: Path) -> None:
    def state(key: int, area: int, day: date, value: int) -> RecordFact:
        return record(key, day, area=area, grain="observation", quantities=(quantity(value),))

    facts = [
        state(1, 4, date(2008, 5, 1), 100), state(2, 4, date(2010, 12, 31), 120),
        state(3, 5, date(2009, 1, 1), 50), state(4, 4, date(2011, 1, 1), 999),
        state(5, 4, date(2010, 12, 31), 121),
    ]  # fmt: skip
    term = Term(agg="last", kinds=("t.visit",), measure="t.house", span="at_end")
    found = ask(tmp_path, facts, indicator(term, grains=("observation",)), 1, 4)
    assert {area: number(v) for area, v in found.items()} == {1: 171, 4: 121}
    assert found[1].keys == {3, 5}


def test_a_list_of_states_counts_the_newest_list_of_each_thing(tmp_path: Path) -> None:
    def state(key: int, subject: str, year: int) -> RecordFact:
        return record(key, date(year, 12, 31), grain="observation", subject=subject)

    facts = [state(1, "楼一", 2008), state(2, "楼一", 2009), state(3, "楼二", 2008)]
    term = Term(agg="count", kinds=("t.visit",), span="at_end")
    assert ask(tmp_path, facts, indicator(term, grains=("observation",)))[1].keys == {2, 3}


@pytest.mark.parametrize("agg", ["count", "distinct", "sum"])
def test_a_thing_that_has_changed_satisfies_its_old_condition_no_more(
    tmp_path: Path, agg: Any
) -> None:
    def state(key: int, subject: str, month: int, who: str) -> RecordFact:
        fields = {"who": who}
        day, amount = date(2010, month, 1), (quantity(1),)
        return record(
            key, day, grain="observation", subject=subject, fields=fields, quantities=amount
        )

    facts = [state(1, "店一", 1, "未签"), state(2, "店一", 6, "已签"), state(3, "店二", 1, "未签")]
    more: Any = {"distinct": {"field": "who"}, "sum": {"measure": "t.house"}}.get(agg, {})
    where = Predicate(eq=("who", "未签"))
    term = Term(agg=agg, kinds=("t.visit",), span="at_end", where=where, **more)
    assert ask(tmp_path, facts, indicator(term, grains=("observation",)))[1].keys == {3}


def test_persons_of_two_areas_are_counted_once_above_them(tmp_path: Path) -> None:
    facts = [record(n, area=a, fields={"who": w}) for n, a, w in
             [(1, 4, "甲"), (2, 4, "甲"), (3, 5, "甲"), (4, 5, "乙"), (5, 5, "")]]  # fmt: skip
    term = Term(agg="distinct", kinds=("t.visit",), field="who")
    found = ask(tmp_path, facts, indicator(term, rollup="distinct"), 1, 4, 5)
    assert {area: number(v) for area, v in found.items()} == {1: 2, 4: 1, 5: 2}


def test_an_event_that_states_nothing_is_one(tmp_path: Path) -> None:
    term = Term(agg="tally", kinds=("t.visit",), measure="t.house")
    facts = [record(1), record(2, quantities=(quantity(3),)), record(3)]
    found = ask(tmp_path, facts, indicator(term))[1]
    assert (number(found), found.proof.n) == (5, 3)


def test_an_area_that_moved_takes_only_its_later_records_with_it(tmp_path: Path) -> None:
    tree = small.tree([(4, 2, date(2010, 7, 1))])  # from the street to directly under the district
    facts = [record(1, MARCH), record(2, date(2010, 8, 1)), record(3, area=5)]
    found = ask(tmp_path, facts, indicator(VISITS), 1, 2, 3, 4, tree=tree)
    keys = {area: v.keys for area, v in found.items()}
    assert keys == {1: {1, 2, 3}, 2: {1, 2, 3}, 3: {1, 3}, 4: {1, 2}}


def test_five_levels_add_up(tmp_path: Path) -> None:
    facts = [record(n, area=area, quantities=(quantity(1),)) for n, area in enumerate((4, 5, 6), 1)]
    found = ask(tmp_path, facts, indicator(HOUSES), *small.AREAS)
    assert [number(found[a]) for a in small.AREAS] == [3, 3, 3, 1, 2, 1]


def test_an_event_over_new_year_counts_once_in_the_year_it_began(tmp_path: Path) -> None:
    fact = record(1, date(2010, 12, 30), end=date(2011, 1, 2), precision="span")
    next_year = (date(2011, 1, 1), date(2011, 12, 31))
    assert ask(tmp_path / "a", [fact], indicator(VISITS))[1].proof.n == 1
    assert ask(tmp_path / "b", [fact], indicator(VISITS), span=next_year)[1].proof.n == 0


def test_an_event_known_only_to_the_year_is_in_no_quarter(tmp_path: Path) -> None:
    fact = record(1, YEAR[0], end=YEAR[1], precision="year")
    quarter = (date(2010, 1, 1), date(2010, 3, 31))
    assert ask(tmp_path / "a", [fact], indicator(VISITS), span=quarter)[1].proof.n == 0
    assert ask(tmp_path / "b", [fact], indicator(VISITS))[1].proof.n == 1


def test_a_figure_as_known_then(tmp_path: Path) -> None:
    facts = [
        record(1, record=1, known_from=10, known_to=20, quantities=(quantity(5),)),
        record(2, record=1, known_from=20, quantities=(quantity(8),)),
    ]
    values = [
        number(ask(tmp_path / str(t), facts, indicator(HOUSES), known_at=t)[1])
        for t in (9, 10, 19, 20)
    ]
    assert values == [None, 5, 5, 8]
    assert number(ask(tmp_path / "now", facts, indicator(HOUSES))[1]) == 8


def test_late_entries_are_shown(tmp_path: Path) -> None:
    facts = [record(1, late=True), record(2), record(3, late=True)]
    found = ask(tmp_path, facts, indicator(VISITS))[1]
    assert (found.late, found.proof.n) == (2, 3)


def test_qualifiers_travel_with_the_sum(tmp_path: Path) -> None:
    facts = [
        record(1, quantities=(quantity(200, q="over"),)),
        record(2, quantities=(quantity(3), quantity(50, q="at_least"))),
    ]
    found = ask(tmp_path, facts, indicator(HOUSES))[1].quantity
    assert found is not None
    assert (found.value, found.qualifier, found.lo, found.hi) == (
        253, Qualifier.AT_LEAST, 253, None,
    )  # fmt: skip


def test_a_stated_rate_stands_in_where_it_cannot_be_computed(tmp_path: Path) -> None:
    stated = Term(agg="last", kinds=("t.study",), measure="t.house", span="at_end")
    one = ratio(VISITS, HOUSES, declared=stated)
    fact = record(1, kind="t.study", grain="observation", quantities=(quantity(97, q="at_least"),))
    found = ask(tmp_path / "a", [fact], one)[1]
    assert (number(found), found.basis, found.numerator) == (97, "declared", None)
    other = record(2, area=5, kind="t.study", grain="observation", quantities=(quantity(90),))
    assert number(ask(tmp_path / "b", [fact, other], one)[1]) is None  # rates are not added


def test_weeks_and_months_of_the_period_divide(tmp_path: Path) -> None:
    weekly = ratio(
        Term(agg="distinct", kinds=("t.visit",), field="@month"),
        Term(agg="calendar", every="month"),
        grains=("event",),
    )
    facts = [record(1, MARCH), record(2, date(2010, 3, 9)), record(3, date(2010, 6, 1))]
    assert number(ask(tmp_path, facts, weekly)[1]) == Decimal("16.7")


def test_the_version_valid_at_the_period_s_end_is_used() -> None:
    old = indicator(VISITS, version=1, valid_to=date(2009, 12, 31))
    new = indicator(HOUSES, version=2, valid_from=date(2010, 1, 1))
    registry = small.registry_of(old, new)
    assert registry.indicator("t.x", on=date(2009, 6, 30)).version == 1
    assert registry.indicator("t.x", on=date(2010, 6, 30)).version == 2
