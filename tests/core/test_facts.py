"""Facts: what insight reads; marks move with every change and only with changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from linli.core.access.rules import Actor
from linli.core.areas.actions import move_area
from linli.core.areas.rules import AreaView
from linli.core.records import facts
from linli.core.records.actions import begin_import, commit_import, correct, record_one, stage
from linli.core.records.rules import NewQuantity, NewRecord
from linli.kernel.quantities import Qualifier, Quantity, flags_of
from tests.core.conftest import WORKBOOK, on

pytestmark = [pytest.mark.django_db, pytest.mark.database]
Visit = Callable[..., NewRecord]


def marks() -> dict[tuple[int, int], int]:
    return {(one.area, one.year): one.changes for one in facts.marks()}


def all_records(area: AreaView, year: int = 2010) -> list[facts.RecordFact]:
    return [row for chunk in facts.records(area.key, year) for row in chunk]


def test_marks_move_with_the_partition_that_changed(
    operator: Actor, community: AreaView, a_visit: Visit
) -> None:
    assert marks() == {}
    new = a_visit()
    record_one(actor=operator, area="garden", new=new)
    record_one(actor=operator, area="garden", new=a_visit(2, day="2011-01-01"))
    one, other = (community.key, 2010), (community.key, 2011)
    before = marks()
    assert before.keys() == {one, other}
    moved = replace(new, occurred=on("2009-12-31"))
    correct(actor=operator, area="garden", record_id=new.id, new=moved, reason="日期写错")
    after = marks()
    assert after[one] > before[one]
    assert after[other] == before[other]
    assert (community.key, 2009) in after


def test_marks_do_not_move_for_staging(
    operator: Actor, community: AreaView, visits: Callable[[int], Iterator[NewRecord]]
) -> None:
    one = begin_import(actor=operator, area="garden", source=WORKBOOK)
    stage(actor=operator, import_id=one, rows=visits(3))
    assert marks() == {}
    assert all_records(community) == []
    assert not list(facts.quantities(community.key, 2010))
    done = commit_import(actor=operator, import_id=one)
    assert marks() == {(community.key, 2010): 1}
    found = all_records(community)
    assert [row.known_from for row in found] == [done.at] * 3


def test_all_versions_are_given_under_one_pseudonym(
    operator: Actor, community: AreaView, a_visit: Visit
) -> None:
    new = a_visit()
    record_one(actor=operator, area="garden", new=new)
    correct(actor=operator, area="garden", record_id=new.id, new=new, reason="误")
    first, second = all_records(community)
    assert first.pseudonym == second.pseudonym
    assert (first.version, second.version) == (1, 2)
    assert first.known_to == second.known_from
    assert first.key < second.key


def test_no_name_and_no_title_leaves_the_tables() -> None:
    given = set(facts.RecordFact._fields) | set(facts.QuantityFact._fields)
    assert not given & {"title", "words", "holder", "name", "file", "label"}


@pytest.mark.parametrize("qualifier", Qualifier)
def test_quantities_are_exact_millionths_with_flags(
    operator: Actor, community: AreaView, a_visit: Visit, qualifier: Qualifier
) -> None:
    top = Decimal("250.5") if qualifier is Qualifier.RANGE else None
    quantity = Quantity(Decimal("200.5"), "人", qualifier, top)
    whole = NewQuantity("m", "总数", Quantity(Decimal(300), "人"))
    part = NewQuantity("m", "人数", quantity, part_of="总数")
    own = NewQuantity("n", "户数", Quantity(Decimal(3), "户"), part_of="总数")
    record_one(actor=operator, area="garden", new=a_visit(quantities=(whole, part, own)))
    (chunk,) = facts.quantities(community.key, 2010)
    # A part is one that its whole already counts: of the same measure.
    assert [row.part for row in chunk] == [False, True, False]
    fact = chunk[1]

    def back(micro: int | None) -> Decimal | None:
        return None if micro is None else Decimal(micro).scaleb(-facts.SCALE)

    assert back(fact.value) == quantity.value
    assert back(fact.value_max) == top
    assert (back(fact.lo), back(fact.hi)) == (quantity.lo, quantity.hi)
    assert fact.flags == flags_of(quantity)


def test_facts_come_in_chunks(
    operator: Actor, community: AreaView, a_visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(facts, "CHUNK", 2)
    for number in range(5):
        record_one(actor=operator, area="garden", new=a_visit(number))
    with facts.reading():
        assert [len(chunk) for chunk in facts.records(community.key, 2010)] == [2, 2, 1]
        found = [row.record for chunk in facts.quantities(community.key, 2010) for row in chunk]
    assert len(found) == 10
    assert found == sorted(found)


def test_the_tree_is_given_with_its_dates(
    operator: Actor, community: AreaView, street: AreaView
) -> None:
    move_area(actor=operator, area="garden", parent="street", since=date(2012, 1, 1))
    rows = {(one.slug, one.parent, one.since, one.until) for one in facts.areas()}
    assert rows == {
        ("garden", street.key, None, date(2012, 1, 1)),
        ("garden", street.key, date(2012, 1, 1), None),
        ("street", None, None, None),
    }
