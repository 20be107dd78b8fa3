"""Reads of records: periods, filters, pages, and how many queries they cost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linli.core.access.rules import Actor
from linli.core.areas.rules import AreaView
from linli.core.records import queries
from linli.core.records.actions import correct, record_one, withdraw
from linli.core.records.doubles import doubles
from linli.core.records.rules import NewRecord, RecordView
from linli.kernel.days import Occurred, Precision
from linli.kernel.ids import uuid7
from linli.kernel.periods import Period

pytestmark = [pytest.mark.django_db, pytest.mark.database]
Visit = Callable[..., NewRecord]


# What overlaps 2010Q1: days, spans, a last day only; never a record without days.
@pytest.mark.parametrize(
    ("start", "end", "inside"),
    [
        ("2010-01-01", "2010-01-01", True),
        ("2010-03-31", "2010-03-31", True),
        ("2009-12-31", "2009-12-31", False),
        ("2010-04-01", "2010-04-01", False),
        ("2009-06-01", "2010-01-01", True),
        ("2010-03-31", "2010-06-01", True),
        ("2009-01-01", "2011-01-01", True),
        ("2010-02-01", None, True),
        ("2009-02-01", None, False),  # began then; no more is known
        (None, "2010-02-01", True),
        (None, "2010-05-01", False),
        (None, None, False),
    ],
)
def test_a_period_takes_what_overlaps_it(
    operator: Actor,
    community: AreaView,
    a_visit: Visit,
    start: str | None,
    end: str | None,
    inside: bool,
) -> None:
    days = [date.fromisoformat(one) if one else None for one in (start, end)]
    occurred = Occurred(days[0], days[1], Precision.SPAN)
    record_one(actor=operator, area="garden", new=a_visit(occurred=occurred))
    found = list(queries.records(operator, "garden", period=Period.parse("2010Q1")))
    assert bool(found) is inside
    assert queries.count(operator, "garden", period=Period.parse("2010Q1")) == inside


def test_reads_filter_and_page_with_a_constant_number_of_queries(
    operator: Actor,
    community: AreaView,
    a_visit: Visit,
    django_assert_num_queries: Any,
) -> None:
    for number in range(7):
        record_one(actor=operator, area="garden", new=a_visit(number, day=f"2010-03-0{number + 1}"))
    # The area, its path (a query a level), the areas under it; then rows, slugs, quantities.
    with django_assert_num_queries(8):
        assert len(list(queries.records(operator, "garden"))) == 7
    with django_assert_num_queries(8):
        assert len(list(queries.records(operator, "garden", limit=3))) == 3
    newest = [one.row for one in queries.records(operator, "garden", newest_first=True, limit=2)]
    assert newest == [6, 5]
    assert [one.row for one in queries.records(operator, "garden", offset=5, limit=9)] == [5, 6]
    assert [one.row for one in queries.records(operator, "garden", text="（4）")] == [4]
    assert not list(queries.records(operator, "garden", kind="base.meeting"))
    ids = [queries.records(operator, "garden", limit=1).__next__().id]
    assert len(list(queries.records(operator, "garden", ids=ids))) == 1


def test_exact_versions_are_found_among_very_many(
    operator: Actor, community: AreaView, a_visit: Visit
) -> None:
    new = a_visit()
    first = record_one(actor=operator, area="garden", new=new)
    correct(actor=operator, area="garden", record_id=new.id, new=new, reason="误")
    keys = [first.key, *range(10_000_000, 10_300_000)]
    assert [one.version for one in queries.records(operator, "garden", keys=keys)] == [1]
    ids = [new.id, *(uuid7() for _ in range(40_000))]
    assert [one.version for one in queries.records(operator, "garden", ids=ids)] == [2]
    assert not list(queries.records(operator, "garden", keys=[]))
    assert not list(queries.records(operator, "garden", ids=[]))


def test_doubles_are_equal_in_what_is_asked_and_cost_the_same_however_many(
    operator: Actor, community: AreaView, a_visit: Visit
) -> None:
    def visit(day: int) -> RecordView:
        when = date(2010, 3, day)
        new = a_visit(title="走访", occurred=Occurred(when, when, Precision.DAY))
        return record_one(actor=operator, area="garden", new=new)

    def found(until: date) -> tuple[list[tuple[str, int]], int]:
        with CaptureQueriesContext(connection) as seen:
            groups = doubles(operator, "garden", ["base.visit"], ("@title", "@day"), until=until)
            return [(title, len(same)) for title, same in groups], len(seen)

    first = visit(5)
    alone, cost = found(date(2010, 12, 31))
    assert alone == []
    for day in (5, 6, 5):
        visit(day)
    assert found(date(2010, 12, 31)) == ([("走访", 3)], cost)
    assert found(date(2010, 3, 4))[0] == []
    withdraw(actor=operator, area="garden", record_id=first.id, reason="重复登记")
    assert found(date(2010, 12, 31))[0] == [("走访", 2)]
