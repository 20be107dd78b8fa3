"""What was given with a file: taken up for the same file, named for the next of the same shape."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from linli.kernel.periods import Period
from linli.work.intake.given import Given, words_of
from linli.work.intake.problems import Severity

Made = Callable[..., Path]
Bring = Callable[..., Any]
ROWS = [["走访台账"], ["日期", "内容", "户数"], ["3月5日", "走访困难家庭", 20],
        ["去年9月", "走访老人", 5]]  # fmt: skip


def questions(done: Any) -> list[Any]:
    return [p for p in done.problems if p.severity is Severity.QUESTION]


@pytest.mark.django_db
@pytest.mark.database
def test_a_file_imported_again_is_dated_as_the_first_time(workbook: Made, bring: Bring) -> None:
    path = workbook({"走访": ROWS})
    first = bring(path, year=2012, as_of=date(2012, 12, 31))
    again = bring(path)
    assert (first.created, again.created, again.unchanged, again.blocked) == (2, 0, 2, False)
    (told,) = again.problems
    assert "--year 2012" in told.problem
    assert "--as-of 2012-12-31" in told.problem


@pytest.mark.django_db
def test_what_is_given_now_is_stronger_than_what_was_given(workbook: Made, bring: Bring) -> None:
    path = workbook({"走访": ROWS})
    bring(path, year=2012, as_of=date(2012, 12, 31))
    moved = bring(path, year=2013, answers={"dates": "apply"})
    assert (moved.corrected, moved.unchanged) == (1, 1)
    assert bring(path).unchanged == 2  # the newest holds


@pytest.mark.django_db
def test_an_answer_about_the_file_is_remembered_with_it(workbook: Made, bring: Bring) -> None:
    path = workbook({"走访": ROWS[:3]})
    assert bring(path, answers={"year:走访": "2012"}).created == 1
    assert bring(path).unchanged == 1


@pytest.mark.django_db
def test_the_next_file_of_the_shape_is_asked_with_a_proposal(workbook: Made, bring: Bring) -> None:
    bring(workbook({"走访": ROWS[:3]}), year=2012)
    later = bring(workbook({"走访": [*ROWS[:2], ["4月1日", "走访军属", 3]]}, name="新.xlsx"))
    (asked,) = questions(later)
    assert asked.key == "year:走访"
    assert "上次导入同样的表时用的是 --year 2012" in asked.way_out


@pytest.mark.django_db
def test_a_dry_run_remembers_nothing(workbook: Made, bring: Bring) -> None:
    path = workbook({"走访": ROWS[:3]})
    bring(path, year=2012, dry_run=True)
    assert questions(bring(path)) != []


@pytest.mark.django_db
def test_a_correction_and_a_date_are_remembered_side_by_side(
    workbook: Made, bring: Bring, operator: Any, place: Any
) -> None:
    from linli.work.intake.queries import remembered

    path = workbook({"走访": ROWS[:3]})
    bring(path, year=2012, mapping={"走访": {"kind": "base.visit"}})
    bring(path, year=2013, answers={"dates": "keep"})
    kept = [one for one in remembered(operator, place).values() if "kind" in one]
    assert kept == [{"kind": "base.visit", "given": {"year": 2013}}]


def test_given_and_kept_are_each_others_inverse() -> None:
    given = Given(
        2012, date(2012, 6, 30), Period.parse("2012H1"), {}, {"year:甲": "2011", "changed": "new"}
    )
    kept = given.kept()
    assert kept["answers"] == {"year:甲": "2011"}
    again, words = Given().recalling(kept)
    assert again.kept() == kept
    assert words == words_of(kept)
    assert words.startswith("--year 2012、--as-of 2012-06-30、--period 2012H1")


def test_nothing_kept_changes_nothing() -> None:
    given = Given(2012)
    assert given.recalling({"year": 2010}) == (given, "")
    assert given.recalling({}) == (given, "")
