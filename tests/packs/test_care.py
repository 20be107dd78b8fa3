"""Care classes and personal fields: nothing without purpose, basis and end; no forbidden list."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from linli.packs.check import check
from linli.packs.load import BASE, load
from linli.packs.schema_care import FORBIDDEN, SEALED, CareClass

HEAD = 'id = "local"\nversion = "1"\ntitle = "本地业务包"\n'
REASON = 'purpose = "探访"\nbasis = "老年人权益保障法"\nretain_years = 1\n'
CLASS = '[[care]]\nid = "local.veteran"\ntitle = "老兵"\nauthority = "武装部"\n' + REASON
FIELD = (
    '[[personal]]\nid = "local.mobile"\nwhat = "phone"\ntitle = "手机"\nsealed = true\n' + REASON
)


def faults_of(folder: Path, text: str) -> list[str]:
    (folder / "pack.toml").write_text(HEAD, encoding="utf-8")
    (folder / "care.toml").write_text(text, encoding="utf-8")
    return [f"{fault.key}: {fault.problem}" for fault in check(folder)]


def test_every_class_and_field_of_the_base_pack_has_its_reason() -> None:
    base = load([BASE])
    assert {"base.aged_90", "base.living_alone", "base.minimum_living"} <= set(base.care)
    assert all(one.purpose and one.basis for one in (*base.care.values(), *base.personal.values()))
    assert {f.what for f in base.personal.values() if f.sealed} == set(SEALED)
    assert base.care_class("base.aged_90").from_age == 90


def test_a_right_class_and_field_have_no_fault(tmp_path: Path) -> None:
    assert faults_of(tmp_path, CLASS + FIELD) == []


def test_what_is_wrong_is_named_all_at_once(tmp_path: Path) -> None:
    wrong = {
        "a": (CLASS.replace('purpose = "探访"\n', ""), "purpose: 缺少这一项"),
        "b": (CLASS.replace('basis = "老年人权益保障法"\n', ""), "basis: 缺少这一项"),
        "c": (CLASS.replace("retain_years = 1\n", ""), "retain_years: 缺少这一项"),
        "d": (CLASS + "from_age = 90\n", "二者取一"),
        "e": (CLASS.replace('authority = "武装部"\n', ""), "二者取一"),
        "f": (FIELD.replace("sealed = true\n", ""), "必须加密保存"),
        "g": (CLASS.replace("老兵", "信访老户"), "不得按“信访”建立人员名册"),
    }
    text = "".join(
        one.replace("local.veteran", f"local.{name}").replace("local.mobile", f"local.{name}")
        for name, (one, _) in wrong.items()
    )
    faults = faults_of(tmp_path, text + CLASS.replace("local.veteran", "base.disabled"))
    for name, (_, said) in wrong.items():
        assert any(f"local.{name}" in one and said in one for one in faults), name
    assert any("编号要以业务包的名字开头" in one for one in faults)


@pytest.mark.parametrize("word", FORBIDDEN)
def test_lists_that_the_design_forbids_are_faults(word: str) -> None:
    with pytest.raises(ValidationError, match="不得按"):
        CareClass(
            id="local.list",
            title=f"社区{word}人员",
            authority="-",
            purpose="-",
            basis="-",
            retain_years=1,
        )
