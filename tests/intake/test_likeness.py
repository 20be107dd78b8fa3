"""An edited row is held against the row it was: by what it says, wherever it stands now."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.work.intake.likeness import Face, likeness, pair
from linli.work.intake.problems import Severity

Made = Callable[..., Path]
Bring = Callable[..., Any]
HEAD = [["2012年走访台账"], ["日期", "内容", "户数", "备注"]]
FIRST, SECOND = ["3月5日", "走访困难家庭", 20, "送米"], ["3月8日", "慰问老党员", 5, "送油"]
THIRD = ["3月9日", "上门看望残疾居民", 11, ""]


def face(number: int, row: int, title: str, day: str, *pieces: str, case: str = "") -> Face:
    numbers = frozenset({("编号", case)}) if case else frozenset()
    return Face(
        UUID(int=number), "s", row, title, (day, day), frozenset((p,) for p in pieces), numbers
    )


@pytest.mark.parametrize(
    ("new", "old", "words"),
    [
        (face(1, 1, "走访老人", "1", "a"), face(2, 9, "走访老人", "1", "b"), "名称相同、日期相同"),
        (face(1, 1, "走访老人", "1", "a"), face(2, 9, "走访老人", "2", "a"),
         "名称相同、其余内容大半相同"),
        (face(1, 1, "走访高龄老人", "1"), face(2, 9, "走访老人", "1"), "名称相近、日期相同"),
        (face(1, 1, "义诊", "1", "a", "b"), face(2, 9, "走访", "1", "a", "b", "c"),
         "日期相同、其余内容大半相同"),
        (face(1, 1, "义诊", "1", case="7"), face(2, 9, "走访", "2", case="7"), "编号相同"),
        (face(1, 1, "走访老人", "1", "a"), face(2, 1, "走访老人", "2", "b"), None),
        (face(1, 1, "义诊", "1", "a"), face(2, 1, "走访", "1", "b"), None),
    ],
)  # fmt: skip
def test_two_of_three_signs_make_a_pair(new: Face, old: Face, words: str | None) -> None:
    found = likeness(new, old)
    assert (found.words() if found else None) == words


def test_the_likest_row_is_taken_and_each_only_once() -> None:
    olds = [face(11, 1, "走访老人", "1", "a", "x"), face(12, 9, "走访老人", "1", "a", "b")]
    news = [face(1, 1, "走访老人", "1", "a", "b"), face(2, 2, "走访老人", "1", "c")]
    found = {new.int: old.int for new, (old, _) in pair(news, olds).items()}
    assert found == {1: 12, 2: 11}


@given(st.permutations(range(6)), st.permutations(range(6)))
def test_the_pairs_do_not_hang_on_the_order(left: list[int], right: list[int]) -> None:
    olds = [face(20 + n, n, "走访老人", str(n % 2), str(n // 2)) for n in range(6)]
    news = [face(1 + n, n + 3, "走访老人", str(n % 2), str(n // 3)) for n in range(6)]
    assert pair([news[n] for n in left], [olds[n] for n in right]) == pair(news, olds)


def test_likeness_is_a_share() -> None:
    found = likeness(face(1, 1, "甲乙", "1", "a", "b"), face(2, 4, "甲乙", "1", "b", "c", "d"))
    assert found is not None
    assert (found.title, found.rest, found.nearness) == (Fraction(1), Fraction(2, 5), -3)


def asked(done: Any) -> list[tuple[str, str]]:
    return [(p.key, p.problem) for p in done.problems if p.severity is Severity.QUESTION]


@pytest.mark.django_db
@pytest.mark.database
def test_a_row_that_was_edited_and_moved_corrects_the_one_it_was(
    workbook: Made, bring: Bring, operator: Any, place: Any
) -> None:
    from linli.core.records.queries import history, records

    bring(workbook({"走访": [*HEAD, FIRST, SECOND, THIRD]}))
    before = {r.title: r.id for r in records(operator, place)}
    moved = ["3月5日", "走访困难家庭", 22, "送米"]
    rows = [*HEAD, SECOND, THIRD, ["3月12日", "义诊", 30, ""], ["3月20日", "理发", 8, ""], moved]
    ((key, told),) = asked(bring(workbook({"走访": rows})))
    assert key == "changed:走访!7"
    assert "第 3 行（名称相同、日期相同、其余内容大半相同）" in told
    done = bring(workbook({"走访": rows}), answers={"changed": "apply"})
    assert (done.created, done.corrected, done.unchanged) == (2, 1, 2)
    assert [v.version for v in history(operator, before["走访困难家庭"])] == [1, 2]


@pytest.mark.django_db
def test_another_thing_in_the_same_place_is_no_correction(workbook: Made, bring: Bring) -> None:
    bring(workbook({"走访": [*HEAD, FIRST, SECOND]}))
    done = bring(workbook({"走访": [*HEAD, ["11月2日", "消防演练", 300, "广场"], SECOND]}))
    assert (done.created, done.unchanged, asked(done)) == (1, 1, [])
    assert any("没有了" in p.problem for p in done.problems)


@pytest.mark.django_db
def test_a_dry_run_asks_the_same(workbook: Made, bring: Bring) -> None:
    bring(workbook({"走访": [*HEAD, FIRST, SECOND]}))
    path = workbook({"走访": [*HEAD, [*FIRST[:2], 21, "送面"], [*SECOND[:2], 6, "送油"]]})
    assert asked(bring(path, dry_run=True)) == asked(bring(path))
    assert len(asked(bring(path))) == 2
