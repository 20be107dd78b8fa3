"""Finding a person: readings of surnames, prefixes, addresses, numbers; with what the index does."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest
from django.db import connection

from linli.core.access.rules import Actor, Grant
from linli.core.areas.rules import AreaView
from linli.core.registers import actions
from linli.core.registers.addresses import in_parts, read_address, read_place
from linli.core.registers.models import Enrolment
from linli.core.registers.names import alike, initials_of, masked_name, plain_name
from linli.core.registers.queries.find import _begins, find
from linli.kernel.errors import Refusal
from tests.registers.conftest import number

Make = Callable[..., UUID]


@pytest.mark.parametrize(
    ("name", "initials", "masked"),
    [
        ("单试甲", "ssj", "单**"),
        ("仇试", "qs", "仇*"),
        ("曾试乙", "zsy", "曾**"),
        ("尉迟测试", "yccs", "尉迟**"),
        ("解试", "xs", "解*"),
        ("区试丙", "osb", "区**"),
        ("查试", "zs", "查*"),
        ("单于测", "cyc", "单于*"),
        ("万俟试", "mqs", "万俟*"),
        ("测试甲", "csj", "测**"),
        ("单", "s", "单*"),
    ],
)
def test_surnames_are_read_right(name: str, initials: str, masked: str) -> None:
    assert (initials_of(name), masked_name(name)) == (initials, masked)


def test_names_are_compared_by_characters() -> None:
    assert plain_name(" 测 试　甲 ") == "测试甲"
    assert plain_name("阿依•测试") == plain_name("阿依·测试")
    assert alike("测试甲", "测式甲")
    assert not alike("测试甲", "测试甲")
    assert not alike("测试甲", "测试甲乙")
    assert not alike("甲", "乙")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("幸福路12号3栋2单元301室", "3栋2单元301"),
        ("3#2-301", "3栋2单元301"),
        ("3-2-301", "3栋2单元301"),
        ("三号楼二单元301", "3栋2单元301"),
        ("１２幢３０１", "12栋301"),
        ("A座1201", "A栋1201"),
    ],
)
def test_one_dwelling_has_one_spelling(text: str, said: str) -> None:
    address = read_address(text)
    assert address is not None
    assert address.said == said
    assert read_address("幸福路12号") is None


def test_parts_of_an_address() -> None:
    assert in_parts("3号楼", "二单元", "301室").said == "3栋2单元301"
    place = read_place("3栋")
    assert place is not None
    assert (place.building, place.number) == ("3", "")


@pytest.mark.django_db
@pytest.mark.database
class TestFind:
    """Searches of one area."""

    @pytest.fixture(autouse=True)
    def people(self, operator: Actor, enrol: Make, home: Make, lake: AreaView) -> None:
        identity = number("1950-03-07", 1)
        one = enrol("单试甲", identity_number=identity, phone="13800001234")
        enrol("单试乙")
        enrol("测试单")
        enrol("单试甲", area="lake", phone="13900001234")
        where = {"actor": operator, "area": "garden"}
        actions.form_household(**where, members={one: "户主"}, dwelling=home())

    @pytest.mark.parametrize(
        ("words", "names"),
        [
            ("单试", ["单试乙", "单试甲"]),
            ("ssj", ["单试甲"]),
            ("SS", ["单试乙", "单试甲"]),
            ("3栋2单元301", ["单试甲"]),
            ("3号楼", ["单试甲"]),
            ("4栋", []),
            ("138 0000 1234", ["单试甲"]),
            ("13900001234", []),
            (number("1950-03-07", 1), ["单试甲"]),
            ("%", []),
        ],
    )
    def test_what_is_found(self, operator: Actor, words: str, names: list[str]) -> None:
        assert [one.name for one in find(operator, "garden", words)] == names

    def test_a_street_finds_in_all_its_communities(self, operator: Actor) -> None:
        assert len(find(operator, "street", "单试甲")) == 2

    def test_a_number_needs_the_permission_to_reveal(
        self, operator: Actor, garden: AreaView, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from linli.core.access import rules

        role = rules.Role("看", frozenset({rules.Permission.RESIDENTS}))
        monkeypatch.setattr(rules, "ROLES", {**rules.ROLES, "viewer": role})
        viewer = Actor("viewer", "看", (Grant("viewer", garden.key),))
        assert len(find(viewer, "garden", "单试甲")) == 1
        with pytest.raises(Refusal, match="显示敏感信息"):
            find(viewer, "garden", "13800001234")

    def test_nothing_asked_is_refused(self, operator: Actor) -> None:
        with pytest.raises(Refusal, match="没有写要找谁"):
            find(operator, "garden", "  ")

    def test_a_prefix_is_answered_from_the_index(self, garden: AreaView) -> None:
        one = Enrolment.objects.filter(area=garden.key)[0]
        crowd = [
            Enrolment(
                person_id=one.person_id, area_id=garden.key, name=f"测{n}", initials=f"c{n}",
                tie="both", known_from=one.known_from,
            )
            for n in range(1500)
        ]  # fmt: skip
        Enrolment.objects.bulk_create(crowd)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE registers_enrolment")
        for field, text in (("name", "单试"), ("initials", "ss")):
            rows = Enrolment.objects.filter(_begins(field, text), area=garden.key)
            plan = rows.explain()
            assert f"registers_by_{field}" in plan
            assert field in plan.split("Cond" if connection.vendor == "postgresql" else "USING")[1]
