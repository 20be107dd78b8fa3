"""Sealed fields: encrypted at rest, found by a keyed digest, shown masked, each reveal audited."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.db import models

from linli.core.access.rules import Actor
from linli.core.audit import trail
from linli.core.audit.models import Entry
from linli.core.registers import actions
from linli.core.registers.models import Person, PersonKey, Secret
from linli.core.registers.rules import Particulars, age_on, masked, relation_of, sealed_form
from linli.core.registers.vault import open_vault, seal, unseal
from linli.kernel.errors import Refusal
from tests.registers.conftest import number

pytestmark = [pytest.mark.django_db, pytest.mark.database]
Make = Callable[..., UUID]
NUMBER, PHONE = number("1950-03-07", 1), "13800001234"


def every_value() -> str:
    """All that stands in any table, bytes as hex and as text."""
    found = []
    for model in apps.get_models():
        if model.__module__.startswith("linli."):
            for row in model._default_manager.values_list():
                found += [
                    v.hex() + repr(bytes(v)) if isinstance(v, bytes | memoryview) else str(v)
                    for v in row
                ]
    return "\n".join(found)


@pytest.fixture
def person(enrol: Make) -> UUID:
    return enrol("测试甲", identity_number=NUMBER, phone="138-0000 1234", certificate="残43x")


def test_no_table_holds_the_value(person: UUID) -> None:
    held = every_value()
    assert "测试甲" in held
    for value in (NUMBER, PHONE, "残43X", NUMBER.encode().hex(), PHONE.encode().hex()):
        assert value not in held


def test_a_reveal_has_a_purpose_and_leaves_an_entry(operator: Actor, person: UUID) -> None:
    where: dict[str, Any] = {"actor": operator, "area": "garden", "person": person}
    shown = actions.reveal(**where, fields=["phone", "identity_number"], purpose="代办高龄津贴")
    assert shown == {"phone": PHONE, "identity_number": NUMBER}
    entry = Entry.objects.get(action="registers.reveal")
    assert entry.subject == str(person)
    assert entry.facts == {"fields": "phone、identity_number", "purpose": "代办高龄津贴"}
    before = Entry.objects.count()
    with pytest.raises(Refusal, match="没有写明用途"):
        actions.reveal(**where, fields=["phone"], purpose=" ")
    with pytest.raises(Refusal, match="用途里写了姓名"):
        actions.reveal(**where, fields=["phone"], purpose="给测试甲打电话")
    with pytest.raises(Refusal, match="不是敏感信息项"):
        actions.reveal(**where, fields=["name"], purpose="核对")
    assert Entry.objects.count() == before
    assert trail.verify().ok


def test_birth_and_sex_come_from_the_number(operator: Actor, person: UUID) -> None:
    from linli.core.registers.queries.persons import resident

    view = resident(operator, "garden", person)
    assert (view.sex, str(view.birth), view.shown) == ("男", "1950-03-07", "测**")


def test_a_number_belongs_to_one_person(operator: Actor, enrol: Make, person: UUID) -> None:
    with pytest.raises(Refusal, match="测\\*\\*已经在册"):
        enrol("测试甲", identity_number=NUMBER)
    other = enrol("测试乙", phone=PHONE)  # a telephone may be shared
    with pytest.raises(Refusal, match="已经登记在另一个人名下") as refused:
        actions.correct(
            actor=operator,
            area="garden",
            person=other,
            given=Particulars("测试乙", secrets={"identity_number": NUMBER}),
        )
    assert NUMBER not in str(refused.value)


def test_another_register_knows_the_same_person_and_learns_nothing(
    operator: Actor, enrol: Make, person: UUID, lake: Any
) -> None:
    same = enrol("测试甲", area="lake", identity_number=NUMBER)
    assert same == person
    with pytest.raises(Refusal, match="没有登记电话"):
        actions.reveal(actor=operator, area="lake", person=same, fields=["phone"], purpose="联系")


def test_a_correction_seals_the_new_value_and_keeps_the_old_one(
    operator: Actor, person: UUID
) -> None:
    changed = actions.correct(
        actor=operator,
        area="garden",
        person=person,
        given=Particulars("测试甲", secrets={"phone": "13900005678", "identity_number": NUMBER}),
    )
    assert changed == ["phone"]
    versions = Secret.objects.filter(person=person, field="phone").order_by("key")
    assert [row.known_to is None for row in versions] == [False, True]


def test_a_sealed_value_cannot_be_moved_or_changed() -> None:
    vault, first, second = open_vault(), Person.objects.create(), Person.objects.create()
    key, wrapped = vault.new_key(first.id)
    sealed = seal(key, first.id, "phone", PHONE)
    assert unseal(vault.key_of(first.id, wrapped), first.id, "phone", sealed) == PHONE
    assert sealed != seal(key, first.id, "phone", PHONE)
    for wrong in (
        lambda: unseal(key, second.id, "phone", sealed),
        lambda: unseal(key, first.id, "certificate", sealed),
        lambda: unseal(key, first.id, "phone", sealed[:-1] + bytes([sealed[-1] ^ 1])),
        lambda: vault.key_of(second.id, wrapped),
    ):
        with pytest.raises(Refusal, match="打不开"):
            wrong()


def test_without_the_key_nothing_opens(operator: Actor, person: UUID, settings: Any) -> None:
    (Path(settings.LINLI_HOME) / "keys" / "register.key").unlink()
    with pytest.raises(Refusal, match="居民登记的密钥"):
        actions.reveal(
            actor=operator, area="garden", person=person, fields=["phone"], purpose="联系"
        )
    assert PersonKey.objects.count() == 1


def test_columns_that_the_design_calls_sensitive_are_binary() -> None:
    ours = [m for m in apps.get_models() if m.__module__.startswith("linli.core.registers.models.")]
    sensitive = [
        model._meta.get_field(name)
        for model in ours
        for name, sort in model.privacy.items()  # type: ignore[attr-defined]
        if sort == "sensitive"
    ]
    assert sensitive
    assert all(isinstance(field, models.BinaryField) for field in sensitive)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("+86 138-0000-1234", PHONE),
        ("０１０－８８８８７７７７", "01088887777"),
        ("88887777", "88887777"),
    ],
)
def test_telephones_have_one_form(text: str, form: str) -> None:
    assert sealed_form("phone", text) == form


@pytest.mark.parametrize("text", ["1380000123", "无", "13800001234、13900005678"])
def test_what_is_no_telephone_is_refused(text: str) -> None:
    with pytest.raises(Refusal, match="不像电话号码"):
        sealed_form("phone", text)


def test_masks_and_words() -> None:
    from datetime import date

    assert masked(PHONE, "phone") == "138****1234"
    assert masked(NUMBER, "identity_number") == NUMBER[:4] + "*" * 12 + NUMBER[-2:]
    assert [relation_of(word) for word in ("户主", "老伴", "长子", "外孙女", "head")] == [
        "head", "spouse", "son", "grandchild", "head",
    ]  # fmt: skip
    with pytest.raises(Refusal, match="“邻居”不是与户主关系"):
        relation_of("邻居")
    assert [age_on(date(2000, 2, 29), date(2010, m, d)) for m, d in ((2, 28), (3, 1))] == [9, 10]


def test_what_contradicts_the_number_is_refused(enrol: Make) -> None:
    with pytest.raises(Refusal, match="性别与身份证号不一致"):
        enrol("测试甲", sex="女", identity_number=NUMBER)
    with pytest.raises(Refusal, match="没有写姓名"):
        enrol(" ")
