"""Who lived where on a day, and what was known when: nothing that changes rewrites what was."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from uuid import UUID

import pytest

from linli.core.access.rules import Actor
from linli.core.areas.rules import AreaView
from linli.core.audit import trail
from linli.core.registers import actions
from linli.core.registers.queries import persons
from linli.core.registers.rules import Particulars
from linli.kernel.clock import now
from linli.kernel.errors import Refusal

pytestmark = [pytest.mark.django_db, pytest.mark.database]
Make = Callable[..., UUID]


def names(found: list[persons.PersonView]) -> list[str]:
    return [one.name for one in found]


@pytest.fixture
def family(operator: Actor, enrol: Make, home: Make) -> dict[str, UUID]:
    """Two who have lived at 3栋2单元301 since 2001, and their household."""
    people = {"甲": enrol("测试甲", birth=date(1950, 3, 7)), "乙": enrol("测试乙")}
    dwelling = home()
    household = actions.form_household(
        actor=operator,
        area="garden",
        members={people["甲"]: "户主", people["乙"]: "老伴"},
        dwelling=dwelling,
        since=date(2001, 5, 1),
    )
    return people | {"home": dwelling, "household": household}


def test_who_lived_where_on_a_day(
    operator: Actor, family: dict[str, UUID], enrol: Make, home: Make
) -> None:
    child = enrol("测试丙", since=date(2005, 6, 1))
    where = {"actor": operator, "area": "garden"}
    actions.join(
        **where,
        household=family["household"],
        person=child,
        relation="儿子",
        since=date(2005, 6, 1),
    )
    other = home("5幢", "102", "")
    actions.vacate(
        **where, household=family["household"], dwelling=family["home"], until=date(2010, 1, 1)
    )
    actions.occupy(**where, household=family["household"], dwelling=other, since=date(2010, 1, 1))

    def at(dwelling: UUID, *day: int) -> list[str]:
        return names(persons.dwellers(operator, "garden", dwelling, on=date(*day)))

    assert at(family["home"], 2001, 4, 30) == []
    assert at(family["home"], 2005, 5, 31) == ["测试乙", "测试甲"]
    assert at(family["home"], 2009, 12, 31) == ["测试丙", "测试乙", "测试甲"]
    assert at(family["home"], 2010, 1, 1) == []
    assert at(other, 2010, 1, 1) == ["测试丙", "测试乙", "测试甲"]
    stays = persons.stays(operator, "garden", child)
    assert [(s.address, s.since, s.until) for s in stays] == [
        ("3栋2单元301", date(2005, 6, 1), date(2010, 1, 1)),
        ("5幢102", date(2010, 1, 1), None),
    ]
    kin = persons.members(operator, "garden", child, on=date(2007, 1, 1))
    assert [(one.name, one.relation) for one in kin] == [
        ("测试甲", "head"),
        ("测试乙", "spouse"),
        ("测试丙", "son"),
    ]
    assert trail.verify().ok


def test_what_was_known_then(operator: Actor, garden: AreaView, enrol: Make) -> None:
    person = enrol("测试申", birth=date(1951, 1, 1))
    before = now()
    given = Particulars("测试甲", "男", date(1950, 1, 1))
    changed = actions.correct(actor=operator, area="garden", person=person, given=given)
    assert changed == ["name", "sex", "birth"]
    (then,) = persons.residents(operator, "garden", on=date(2010, 1, 1), at=before)
    (later,) = persons.residents(operator, "garden", on=date(2010, 1, 1))
    assert (then.name, then.birth) == ("测试申", date(1951, 1, 1))
    assert (later.name, later.birth, later.id) == ("测试甲", date(1950, 1, 1), person)


def test_leaving_ends_what_hangs_on_it(operator: Actor, family: dict[str, UUID]) -> None:
    where = {"actor": operator, "area": "garden"}
    actions.set_care(**where, person=family["甲"], care_class="base.living_alone")
    actions.leave(**where, person=family["甲"], until=date(2015, 2, 1), why="died")
    assert names(persons.residents(operator, "garden", on=date(2015, 1, 31))) == [
        "测试乙",
        "测试甲",
    ]
    assert names(persons.residents(operator, "garden", on=date(2015, 2, 1))) == ["测试乙"]
    assert persons.in_class(operator, "garden", "base.living_alone", on=date(2015, 2, 1)) == []
    assert len(persons.members(operator, "garden", family["乙"], on=date(2015, 2, 1))) == 1
    gone = persons.resident(operator, "garden", family["甲"])
    assert (gone.left, gone.until) == ("died", date(2015, 2, 1))
    with pytest.raises(Refusal, match="已于 2015-02-01 结束"):
        actions.leave(**where, person=family["甲"], until=date(2016, 1, 1))


def test_households_split_and_unite(
    operator: Actor, family: dict[str, UUID], enrol: Make, home: Make
) -> None:
    where = {"actor": operator, "area": "garden"}
    child = enrol("测试丙")
    actions.join(**where, household=family["household"], person=child, relation="女儿")
    formed = actions.split_household(
        **where,
        household=family["household"],
        members={child: "户主"},
        since=date(2012, 1, 1),
        dwelling=home("3栋", "302", "2"),
    )

    def household(person: UUID, *day: int) -> list[str]:
        return [m.name for m in persons.members(operator, "garden", person, on=date(*day))]

    assert household(child, 2011, 12, 31) == ["测试甲", "测试乙", "测试丙"]
    assert household(child, 2012, 1, 1) == ["测试丙"]
    assert persons.resident(operator, "garden", child, on=date(2012, 1, 1)).address == "3栋2单元302"
    actions.unite_households(
        **where,
        kept=family["household"],
        ended=formed,
        relations={child: "女"},
        since=date(2014, 1, 1),
    )
    assert household(child, 2013, 12, 31) == ["测试丙"]
    assert household(child, 2014, 1, 1) == ["测试甲", "测试乙", "测试丙"]
    with pytest.raises(Refusal, match="另一户的成员"):
        actions.join(**where, household=formed, person=child, relation="户主")


def test_areas_split_and_history_stays(
    operator: Actor, family: dict[str, UUID], lake: AreaView, enrol: Make, home: Make
) -> None:
    where = {"actor": operator, "area": "garden"}
    enrol("测试丁")  # lives in no building that moves
    building = actions.add_building(**where, name="3栋")
    actions.set_care(**where, person=family["甲"], care_class="base.disabled")
    moved = actions.divide(**where, to="lake", buildings=[building], since=date(2011, 1, 1))
    assert moved == 2

    def residents(area: str, *day: int) -> list[str]:
        return names(persons.residents(operator, area, on=date(*day)))

    assert residents("garden", 2010, 12, 31) == ["测试丁", "测试乙", "测试甲"]
    assert residents("lake", 2010, 12, 31) == []
    assert residents("garden", 2011, 1, 1) == ["测试丁"]
    assert residents("lake", 2011, 1, 1) == ["测试乙", "测试甲"]
    assert residents("street", 2011, 1, 1) == ["测试丁", "测试乙", "测试甲"]
    found = persons.resident(operator, "lake", family["甲"], on=date(2011, 1, 1))
    assert found.address == "3栋2单元301"
    (held,) = persons.cares(operator, "lake", family["甲"], on=date(2011, 1, 1))[:1]
    assert (held.title, held.since) == ("残疾人", date(2011, 1, 1))
    assert len(persons.members(operator, "lake", family["甲"], on=date(2011, 1, 1))) == 2
    assert trail.verify().ok


def test_registered_here_and_living_elsewhere(operator: Actor, enrol: Make) -> None:
    enrol("测试甲", tie="registered", elsewhere="外市")
    enrol("测试乙", tie="living", elsewhere="外县户籍")
    enrol("测试丙")
    away = persons.residents(operator, "garden", tie="registered")
    assert [(one.name, one.elsewhere) for one in away] == [("测试甲", "外市")]
    assert names(persons.residents(operator, "garden", tie="living")) == ["测试乙"]
    assert persons.count(operator, "garden") == 3


def test_kin_and_contacts_outside_the_household(operator: Actor, enrol: Make) -> None:
    where = {"actor": operator, "area": "garden"}
    old, called = enrol("测试甲"), enrol("测试乙")
    actions.relate(**where, person=old, other=called, relation="紧急联系人", since=date(2010, 1, 1))
    (found,) = persons.relationships(operator, "garden", old, on=date(2011, 1, 1))
    assert (found.name, found.relation) == ("测试乙", "contact")
    actions.part_ways(**where, person=old, other=called, until=date(2012, 1, 1))
    assert persons.relationships(operator, "garden", old, on=date(2012, 1, 1)) == []


def test_care_classes_have_dates_and_some_follow_from_birth(operator: Actor, enrol: Make) -> None:
    where = {"actor": operator, "area": "garden"}
    old = enrol("测试甲", birth=date(1920, 2, 29))
    actions.set_care(
        **where, person=old, care_class="base.minimum_living", since=date(2009, 1, 1), source="街道"
    )
    actions.end_care(**where, person=old, care_class="base.minimum_living", until=date(2010, 1, 1))

    def classes(*day: int) -> list[tuple[str, str]]:
        found = persons.cares(operator, "garden", old, on=date(*day))
        return [(one.title, one.source) for one in found]

    assert classes(2009, 12, 31)[0] == ("低保", "街道")
    assert classes(2010, 1, 1) == [("60周岁以上老人", ""), ("80周岁以上老人", "")]
    assert persons.in_class(operator, "garden", "base.aged_90", on=date(2010, 2, 28)) == []
    assert names(persons.in_class(operator, "garden", "base.aged_90", on=date(2010, 3, 1))) == [
        "测试甲"
    ]
    with pytest.raises(Refusal, match="由出生日期推算"):
        actions.set_care(**where, person=old, care_class="base.aged_90")
    with pytest.raises(Refusal, match="没有关爱类别"):
        actions.set_care(**where, person=old, care_class="base.minimum_livin")


def test_a_building_ends_and_one_of_the_same_name_is_one(
    operator: Actor, garden: AreaView, home: Make
) -> None:
    where = {"actor": operator, "area": "garden"}
    first = actions.add_building(**where, name="3号楼", since=date(1990, 1, 1))
    assert actions.add_building(**where, name="3幢") == first
    actions.end_building(**where, building=first, until=date(2012, 1, 1))
    assert actions.add_building(**where, name="3栋") != first
    second = actions.add_building(**where, name="4栋", since=date(2000, 1, 1))
    with pytest.raises(Refusal, match="不晚于开始日期"):
        actions.end_building(**where, building=second, until=date(1999, 1, 1))
