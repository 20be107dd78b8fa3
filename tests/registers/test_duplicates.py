"""Likely duplicates: proposed with reasons, ordered by splink, judged by a person, undone by one."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date
from uuid import UUID

import pytest

from linli.core.access.rules import Actor
from linli.core.audit import trail
from linli.core.registers import actions
from linli.core.registers.addresses import Address
from linli.core.registers.batches import Holding
from linli.core.registers.likeness import pairs
from linli.core.registers.queries import persons
from linli.core.registers.queries.find import find
from linli.core.registers.queries.judgements import merges
from linli.kernel.errors import Refusal
from linli.kernel.ids import uuid7
from linli.work.register.queries import duplicates
from linli.work.register.scoring import LEVELS, PRIOR, weights
from tests.registers.conftest import number

Make = Callable[..., UUID]
HOME = Address("3", "2", "301")


def held(name: str, **more: object) -> Holding:
    values: dict[str, object] = {
        "sex": "男", "birth": None, "tie": "both", "elsewhere": "", "household": None,
        "relation": "", "address": None, "digests": frozenset(), "classes": frozenset(),
    }  # fmt: skip
    return Holding(uuid7(), name, **(values | more))  # type: ignore[arg-type]


def of(field: str, value: bytes) -> frozenset[tuple[str, bytes]]:
    return frozenset({(field, value)})


BORN = date(1950, 3, 7)
CASES = [
    (held("测试甲", digests=of("identity_number", b"1")), held("别名乙", sex="女",
     digests=of("identity_number", b"1")), ["identity_number"]),
    (held("测试甲", birth=BORN), held("测试甲", birth=BORN), ["name_birth"]),
    (held("测试甲", address=HOME), held("测试甲", address=HOME), ["name_dwelling"]),
    (held("测试甲", address=HOME), held("测式甲", address=HOME), ["alike_dwelling"]),
    (held("测试甲", digests=of("phone", b"1")), held("测式甲", digests=of("phone", b"1")),
     ["phone_name"]),
    (held("测试甲", birth=BORN, digests=of("phone", b"1")),
     held("别名乙", birth=BORN, digests=of("phone", b"1")), ["phone_birth"]),
    (held("测试甲", digests=of("phone", b"1")), held("别名乙", digests=of("phone", b"1")), None),
    (held("测试甲", address=HOME), held("测试乙丙", address=HOME), None),
    (held("测试甲", birth=BORN), held("测试甲", birth=BORN, sex="女"), None),
    (held("测试甲", birth=BORN, digests=of("identity_number", b"1")),
     held("测试甲", birth=BORN, digests=of("identity_number", b"2")), None),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other", "reasons"), CASES)
def test_each_rule_says_why(one: Holding, other: Holding, reasons: list[str] | None) -> None:
    found = pairs([one, other])
    assert [list(pair.reasons) for pair in found] == ([reasons] if reasons else [])


def test_the_weight_is_the_sum_of_the_levels() -> None:
    """Splink's weight against Fellegi and Sunter's sum, computed by hand from the same m and u."""
    one = held("测试甲", birth=BORN, address=HOME)
    (pair,) = pairs([one, held("测式甲", birth=BORN, address=HOME)])
    bits = math.log2(PRIOR / (1 - PRIOR))
    for column, level in (("name", 1), ("birth", 0), ("dwelling", 0), ("sex", 0)):
        _, m, u = LEVELS[column][level]
        bits += math.log2(m / u)
    assert weights([pair]) == [pytest.approx(bits, abs=1e-6)]
    assert weights([]) == []


@pytest.mark.django_db
@pytest.mark.database
class TestQueue:
    """The queue of an area, and what a judgement does to it."""

    @pytest.fixture
    def twins(self, operator: Actor, enrol: Make, home: Make) -> tuple[UUID, UUID]:
        first = enrol("测试甲", identity_number=number("1950-03-07", 1))
        second = enrol("测试甲", birth=BORN, phone="13800000001", since=date(2005, 1, 1))
        enrol("测试乙")
        where = {"actor": operator, "area": "garden"}
        actions.form_household(**where, members={second: "户主"}, dwelling=home())
        actions.set_care(**where, person=second, care_class="base.disabled")
        return first, second

    def test_the_likeliest_pair_stands_first(
        self, operator: Actor, enrol: Make, twins: tuple[UUID, UUID]
    ) -> None:
        enrol("测试丙", phone="13800000009")
        enrol("测式丙", phone="13800000009")
        found = duplicates(operator, "garden")
        assert [(one.names, one.reasons) for one in found] == [
            (("测试甲", "测试甲"), ("姓名和出生日期相同",)),
            (("测试丙", "测式丙"), ("电话相同，姓名相同或只差一个字",)),
        ]
        assert found[0].weight > found[1].weight

    def test_a_merge_lists_one_and_can_be_undone(
        self, operator: Actor, twins: tuple[UUID, UUID]
    ) -> None:
        kept, merged = twins
        where = {"actor": operator, "area": "garden"}
        done = actions.merge(**where, kept=kept, merged=merged)
        assert [one.id for one in find(operator, "garden", "测试甲")] == [kept]
        assert [one.id for one in find(operator, "garden", "13800000001")] == [kept]
        assert [m.person for m in persons.members(operator, "garden", kept)] == [kept]
        assert persons.resident(operator, "garden", kept).address == "3栋2单元301"
        disabled = persons.in_class(operator, "garden", "base.disabled")
        assert [one.id for one in disabled] == [kept]
        assert duplicates(operator, "garden") == []
        assert merges(operator, "garden") == [(done, kept, merged)]
        with pytest.raises(Refusal, match="已经并入另一个人"):
            actions.leave(**where, person=merged, until=date(2010, 1, 1))
        actions.unmerge(**where, merge=done)
        assert {one.id for one in find(operator, "garden", "测试甲")} == {kept, merged}
        assert persons.resident(operator, "garden", kept).address == ""
        assert persons.members(operator, "garden", merged)[0].person == merged
        with pytest.raises(Refusal, match="没有编号为"):
            actions.unmerge(**where, merge=done)
        assert trail.verify().ok

    def test_merges_are_undone_in_order(
        self, operator: Actor, enrol: Make, twins: tuple[UUID, UUID]
    ) -> None:
        first, second = twins
        third = enrol("测试甲")
        where = {"actor": operator, "area": "garden"}
        one = actions.merge(**where, kept=second, merged=first)
        other = actions.merge(**where, kept=third, merged=second)
        with pytest.raises(Refusal, match="后一次合并"):
            actions.unmerge(**where, merge=one)
        actions.unmerge(**where, merge=other)
        actions.unmerge(**where, merge=one)
        assert len(find(operator, "garden", "测试甲")) == 3

    def test_who_are_two_are_not_proposed_again(
        self, operator: Actor, twins: tuple[UUID, UUID]
    ) -> None:
        where = {"actor": operator, "area": "garden"}
        actions.distinguish(**where, first=twins[1], second=twins[0])
        assert duplicates(operator, "garden") == []
        with pytest.raises(Refusal, match="同一个人"):
            actions.merge(**where, kept=twins[0], merged=twins[0])
