"""Importing: as a whole or not at all, once and only once, with changes and overlaps asked about."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from linli.work.intake.problems import Severity

HEADER = ["日期", "内容", "户数", "备注"]
ROWS = [
    ["2012年走访台账"], HEADER, ["3月5日", "走访困难家庭", 20, ""], ["3月8日", "走访老人", 5, ""],
    ["3月9日", "走访残疾家庭", 11, ""],
]  # fmt: skip

pytestmark = [pytest.mark.django_db, pytest.mark.database]
Made = Callable[..., Path]
Bring = Callable[..., Any]


def kept(operator: Any, place: Any) -> list[Any]:
    from linli.core.records.queries import records

    return list(records(operator, place))


def questions(done: Any) -> list[tuple[str, str]]:
    return [(p.key, p.cell) for p in done.problems if p.severity is Severity.QUESTION]


def test_the_same_file_again_adds_nothing(
    workbook: Made, bring: Bring, operator: Any, place: Any
) -> None:
    path = workbook({"走访": ROWS})
    first, second = bring(path), bring(path)
    assert (first.created, first.unchanged) == (3, 0)
    assert (second.created, second.unchanged, second.problems) == (0, 3, ())
    assert len(kept(operator, place)) == 3


def test_a_dry_run_writes_nothing(workbook: Made, bring: Bring, operator: Any, place: Any) -> None:
    from linli.core.audit.models import Entry

    path, before = workbook({"走访": ROWS}), Entry.objects.count()
    done = bring(path, dry_run=True)
    assert done.created == 3
    assert kept(operator, place) == []
    assert Entry.objects.count() == before


def test_sources_lead_back_to_file_sheet_and_cell(
    workbook: Made, bring: Bring, operator: Any, place: Any
) -> None:
    bring(workbook({"走访": ROWS}))
    found = next(r for r in kept(operator, place) if r.title == "走访老人")
    assert (found.file, found.sheet, found.row) == ("台账.xlsx", "走访", 4)
    assert [q.cell for q in found.quantities] == ["C4"]


def test_rows_added_later_are_the_only_new_ones(workbook: Made, bring: Bring) -> None:
    bring(workbook({"走访": ROWS}))
    done = bring(workbook({"走访": [*ROWS, ["3月12日", "走访军属", 3, ""]]}))
    assert (done.created, done.unchanged, questions(done)) == (1, 3, [])


@pytest.mark.parametrize(
    ("answer", "titles"),
    [
        ("apply", {"走访困难家庭", "走访高龄老人", "走访残疾家庭"}),
        ("keep", {"走访困难家庭", "走访老人", "走访残疾家庭"}),
        ("new", {"走访困难家庭", "走访老人", "走访高龄老人", "走访残疾家庭"}),
    ],
)
def test_a_changed_row_proposes_a_correction(
    answer: str, titles: set[str], workbook: Made, bring: Bring, operator: Any, place: Any
) -> None:
    bring(workbook({"走访": ROWS}))
    changed = [list(row) for row in ROWS]
    changed[3] = ["3月8日", "走访高龄老人", 6, ""]
    asked = bring(workbook({"走访": changed}))
    assert questions(asked) == [("changed:走访!4", "A4")]
    assert len(kept(operator, place)) == 3
    done = bring(workbook({"走访": changed}), answers={"changed:走访!4": answer})
    assert not done.blocked
    assert {r.title for r in kept(operator, place)} == titles
    again = bring(workbook({"走访": changed}), answers={"changed": "keep"})
    assert again.created == 0


def test_a_correction_is_the_next_version(
    workbook: Made, bring: Bring, operator: Any, place: Any
) -> None:
    bring(workbook({"走访": ROWS}))
    changed = [list(row) for row in ROWS]
    changed[3][2] = 6
    done = bring(workbook({"走访": changed}), answers={"changed": "apply"})
    assert (done.created, done.corrected, done.unchanged) == (0, 1, 2)
    found = next(r for r in kept(operator, place) if r.title == "走访老人")
    assert found.version == 2
    assert found.quantities[0].quantity.value == 6


def test_another_year_given_by_hand_is_asked_about(workbook: Made, bring: Bring) -> None:
    rows = [["走访台账"], *ROWS[1:]]
    bring(workbook({"走访": rows}), year=2012)
    done = bring(workbook({"走访": rows}), year=2013)
    assert questions(done) == [("dates:走访", "A3")]
    assert (bring(workbook({"走访": rows}), year=2012).unchanged) == 3


def test_the_next_year_s_sheet_with_equal_rows_is_new(
    workbook: Made, bring: Bring, operator: Any, place: Any
) -> None:
    bring(workbook({"走访": ROWS}))
    done = bring(workbook({"走访": [["2013年走访台账"], *ROWS[1:]]}, name="台账2013.xlsx"))
    assert (done.created, questions(done)) == (3, [])
    assert len(kept(operator, place)) == 6


@pytest.mark.parametrize(("answer", "count"), [("skip", 0), ("new", 1)])
def test_overlap_with_another_file_is_a_question(
    answer: str, count: int, workbook: Made, bring: Bring
) -> None:
    bring(workbook({"走访": ROWS}))
    other = [
        ["2012年第一季度走访慰问"],
        ["时间", "走访内容", "走访户数"],
        ["2012年3月8日", "走访老人", 5],
    ]
    path = workbook({"季度": other}, name="季度.xlsx")
    asked = bring(path)
    assert [key for key, _ in questions(asked)] == ["overlap:季度"]
    done = bring(path, answers={"overlap": answer})
    assert not done.blocked
    assert done.created == count


def test_equal_rows_of_one_sheet_are_kept_apart(workbook: Made, bring: Bring) -> None:
    path = workbook({"走访": [*ROWS, ROWS[2]]})
    done = bring(path)
    assert done.created == 4
    assert [p.severity for p in done.problems] == [Severity.WARNING]
    assert bring(path).unchanged == 4


def test_a_corrected_mapping_is_remembered_for_the_shape(
    workbook: Made, bring: Bring, operator: Any, place: Any
) -> None:
    rows = [["台账"], ["时间", "说法", "值"], ["2012-03-05", "甲事", 3]]
    mapping = {"表": {"kind": "base.visit", "columns": {"值": {"role": "value", "unit": "户"}}}}
    first = bring(workbook({"表": rows}), mapping=mapping)
    assert first.created == 1
    later = [*rows[:2], ["2012-03-06", "乙事", 4]]
    bring(workbook({"表": later}, name="下月.xlsx"))
    assert {(r.kind, r.quantities[0].quantity.unit) for r in kept(operator, place)} == {
        ("base.visit", "户")
    }


def test_who_may_not_import_imports_nothing(workbook: Made, place: Any, operator: Any) -> None:
    from linli.core.access.rules import Actor
    from linli.kernel.errors import Refusal
    from linli.work.intake.actions import import_workbook

    stranger = Actor(id="u1", name="外人")
    with pytest.raises(Refusal) as refused:
        import_workbook(actor=stranger, area=place, path=workbook({"走访": ROWS}))
    assert refused.value.code == "access.denied"
    assert kept(operator, place) == []


def test_a_long_workbook_with_an_error_at_its_end_leaves_nothing(
    workbook: Made, bring: Bring, operator: Any, place: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Longer than is held: it is staged while it is read, and thrown away again."""
    from linli.core.records.models import Import, Record
    from linli.work.intake import actions

    monkeypatch.setattr(actions, "HELD", 5)
    rows = [
        *ROWS[:2],
        *(["3月5日", f"走访第{n}户", 1, ""] for n in range(12)),
        ["2月30日", "走访", 1, ""],
    ]
    done = bring(workbook({"走访": rows}))
    assert done.blocked
    assert not Record.objects.exists()
    assert not Import.objects.exists()
    rows[-1][0] = "2月28日"
    assert bring(workbook({"走访": rows})).created == 13


def test_dates_supplied_by_hand_stand_on_the_source(workbook: Made, bring: Bring) -> None:
    from linli.core.records.models import Source

    rows = [["走访台账"], *ROWS[1:], ["去年9月", "走访军属", 2, ""]]
    bring(workbook({"走访": rows}), year=2012, as_of=date(2012, 12, 31))
    found = Source.objects.get()
    assert (found.year, found.as_of, len(found.sha256)) == (2012, date(2012, 12, 31), 64)
