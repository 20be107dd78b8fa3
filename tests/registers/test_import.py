"""An office's register workbook: all faults at once, nothing half-written, the same file adds nothing."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from linli.cli.register import pages_of
from linli.core.access.rules import Actor
from linli.core.areas.rules import AreaView
from linli.core.audit import trail
from linli.core.audit.models import Entry
from linli.core.registers import actions
from linli.core.registers.models import Enrolment, Household, Person, Secret
from linli.core.registers.queries import persons
from linli.core.registers.queries.find import find
from linli.work.register.actions import Registered, import_register
from linli.work.register.problems import Severity
from tests.registers import workbooks
from tests.registers.conftest import number

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def take(operator: Actor, garden: AreaView) -> Any:
    def run(path: Path, **more: Any) -> Registered:
        return import_register(
            actor=operator, area="garden", pages=pages_of(path), source=path.name, **more
        )

    return run


def said(done: Registered, severity: Severity) -> list[tuple[str, str]]:
    return [(one.cell, one.problem) for one in done.problems if one.severity is severity]


def test_a_roster_of_merged_households(take: Any, operator: Actor, tmp_path: Path) -> None:
    done = take(workbooks.merged(tmp_path / "a.xlsx"), as_of=date(2010, 12, 31))
    assert (done.created, done.unchanged, done.blocked, done.problems) == (6, 0, False, ())
    assert Household.objects.count() == 3
    (old,) = persons.in_class(operator, "garden", "base.aged_90", on=date(2011, 1, 1))
    assert (old.name, old.address, old.sex) == ("单试丁", "3栋2单元302", "女")
    (wife,) = find(operator, "garden", "测试乙")
    kin = persons.members(operator, "garden", wife.id)
    assert [(one.name, one.relation) for one in kin] == [
        ("测试甲", "head"),
        ("测试乙", "spouse"),
        ("测试丙", "son"),
    ]
    held = persons.cares(operator, "garden", wife.id, on=date(2011, 1, 1))
    assert {one.title for one in held if one.source} == {"残疾人", "低保"}
    assert persons.residents(operator, "garden", on=date(2010, 12, 30)) == []
    assert trail.verify().ok


def test_a_flat_list_with_addresses_in_one_cell(take: Any, operator: Actor, tmp_path: Path) -> None:
    done = take(workbooks.flat(tmp_path / "b.xlsx"))
    assert (done.created, done.problems) == (4, ())
    assert Household.objects.count() == 2
    found = find(operator, "garden", "7栋1单元202")
    assert [(one.name, one.tie, one.elsewhere) for one in found] == [
        ("测试壬", "both", ""),
        ("测试辛", "living", "外县某村"),
    ]
    nest = persons.in_class(operator, "garden", "base.empty_nest")
    assert [one.name for one in nest] == ["测试己", "测试庚"]


def test_the_same_workbook_adds_nothing(take: Any, tmp_path: Path) -> None:
    for path in (
        workbooks.merged(tmp_path / "a.xlsx"),
        workbooks.flat(tmp_path / "b.xlsx"),
    ):
        first = take(path)
        before = [m.objects.count() for m in (Person, Enrolment, Secret, Household, Entry)]
        again = take(path)
        assert (again.created, again.corrected, again.unchanged) == (0, 0, first.created)
        after = [m.objects.count() for m in (Person, Enrolment, Secret, Household, Entry)]
        assert after == before


def test_a_dry_run_writes_nothing(take: Any, tmp_path: Path) -> None:
    done = take(workbooks.merged(tmp_path / "a.xlsx"), dry_run=True)
    assert done.created == 6
    assert Person.objects.count() == 0


def test_a_changed_row_is_a_question_and_then_a_correction(
    take: Any, operator: Actor, tmp_path: Path
) -> None:
    take(workbooks.flat(tmp_path / "b.xlsx"))
    rows = workbooks.flat_rows()
    rows[0][5], rows[1][1] = "13900000011", "测试赓"
    path = workbooks.flat(tmp_path / "c.xlsx", rows)
    asked = take(path)
    assert asked.blocked
    ((_, question),) = said(asked, Severity.QUESTION)
    assert "2 人与登记不同" in question
    assert said(asked, Severity.WARNING) == [
        ("F2", "与登记不同：电话。"),
        ("B3", "与登记不同：姓名。"),
    ]
    assert find(operator, "garden", "测试赓") == []
    assert take(path, answers={"changes": "keep"}).corrected == 0
    done = take(path, answers={"changes": "apply"})
    assert (done.created, done.corrected, done.unchanged) == (0, 2, 2)
    (found,) = find(operator, "garden", "测试赓")
    (first,) = find(operator, "garden", "13900000011")
    assert first.name == "测试己"
    assert Enrolment.objects.filter(person=found.id).count() == 2
    assert take(path).unchanged == 4


def test_who_moved_inside_the_area(take: Any, operator: Actor, tmp_path: Path) -> None:
    take(workbooks.flat(tmp_path / "b.xlsx"), as_of=date(2010, 1, 1))
    rows = workbooks.flat_rows()
    rows[0][4] = rows[1][4] = "7栋2单元501"
    path = workbooks.flat(tmp_path / "c.xlsx", rows)
    done = take(path, answers={"changes": "apply"}, as_of=date(2012, 1, 1))
    assert done.corrected == 2
    (found,) = find(operator, "garden", "测试己", on=date(2012, 1, 1))
    stays = persons.stays(operator, "garden", found.id)
    assert [(s.address, s.since, s.until) for s in stays] == [
        ("7栋1单元201", date(2010, 1, 1), date(2012, 1, 1)),
        ("7栋2单元501", date(2012, 1, 1), None),
    ]
    kin = persons.members(operator, "garden", found.id, on=date(2012, 1, 1))
    assert [one.relation for one in kin] == ["head", "spouse"]
    assert Household.objects.count() == 2
    rows[1][4] = "7栋2单元502"  # and then one of them alone
    rows[1][6] = rows[1][7] = ""
    path = workbooks.flat(tmp_path / "d.xlsx", rows)
    assert take(path, answers={"changes": "apply"}, as_of=date(2013, 1, 1)).corrected == 1
    assert Household.objects.count() == 3
    assert take(path).unchanged == 4


def test_who_is_missing_is_reported_not_removed(take: Any, operator: Actor, tmp_path: Path) -> None:
    take(workbooks.merged(tmp_path / "a.xlsx"))
    shorter = [workbooks.FAMILIES[0]]
    done = take(workbooks.merged(tmp_path / "c.xlsx", shorter))
    assert (done.unchanged, done.absent, done.blocked) == (3, 1, False)
    (missing,) = [one for one in done.problems if "表里没有" in one.problem]
    assert missing.value == "单**"
    assert "3栋2单元302" in missing.problem
    assert persons.count(operator, "garden") == 6


def test_all_faults_at_once_and_nothing_written(take: Any, tmp_path: Path) -> None:
    rows = workbooks.flat_rows()
    whole = number("1942-02-02", 12)
    rows[0][3] = int(whole[:15] + "000")  # a number cell: Excel has cut it
    rows[1][3] = whole[:17] + ("1" if whole[17] != "1" else "2")
    rows[1][2] = "男"
    rows[2][4], rows[2][7] = "路边那栋", "邻居"
    rows[3][12] = "1991-06-07"
    rows.append([5, "", "男", number("1960-01-01", 15), "7栋1单元301"])
    rows.append([6, "测试癸", "", "", "7栋1单元302", "", "", "", "", "", "", "", "1990.2.30"])
    rows.append([7, "测试癸", "", "", "7栋1单元302", "电话", "", "户主", "", "", "", "", ""])
    done = take(workbooks.flat(tmp_path / "b.xlsx", rows))
    errors = dict(said(done, Severity.ERROR))
    assert set(errors) == {"D2", "D3", "E4", "H4", "D5", "B6", "M7"} | {"B8"}
    assert "被 Excel 改成了 000" in errors["D2"]
    assert "校验位不对" in errors["D3"]
    assert "看不出楼栋和房号" in errors["E4"]
    assert "不是与户主关系" in errors["H4"]
    assert "出生日期与身份证号不一致" in errors["D5"]
    assert "没有姓名" in errors["B6"]
    assert "不是日期" in errors["M7"]
    assert [one.key for one in done.problems if one.key] == ["phones"]
    assert whole not in str(done.as_json())
    assert Person.objects.count() == 0


def test_forbidden_and_unknown_classes_are_not_taken(take: Any, tmp_path: Path) -> None:
    families: Any = [
        (("3栋", "2单元", "301"), [("测试甲", "户主", "1950-03-07", 1, "", "信访重点、棋友、失业")])
    ]
    done = take(workbooks.merged(tmp_path / "a.xlsx", families))
    assert done.created == 1
    assert [(p.value, p.problem) for p in done.problems] == [
        ("信访重点", "这类名册按规定不得建立，没有登记。"),
        ("棋友", "业务包里没有这个类别，没有登记。"),
    ]


def test_a_person_who_left_may_come_back(take: Any, operator: Actor, tmp_path: Path) -> None:
    path = workbooks.merged(tmp_path / "a.xlsx")
    take(path, as_of=date(2010, 1, 1))
    (found,) = find(operator, "garden", "单试丁")
    actions.leave(actor=operator, area="garden", person=found.id, until=date(2011, 1, 1))
    done = take(path, as_of=date(2012, 1, 1))
    assert (done.created, done.unchanged) == (1, 5)
    (back,) = find(operator, "garden", "单试丁", on=date(2012, 1, 1))
    assert (back.id, back.since) == (found.id, date(2012, 1, 1))


def test_a_sheet_without_names_is_refused(take: Any, tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(["日期", "事项"])  # type: ignore[union-attr]
    book.save(tmp_path / "x.xlsx")
    (problem,) = take(tmp_path / "x.xlsx").problems
    assert "没有一张表有“姓名”" in problem.problem
