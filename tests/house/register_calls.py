"""One call of every action of the registers, for `world.CALLS`."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from linli.core.registers import actions
from linli.core.registers.batches import Batch, NewHousehold, NewMember
from linli.core.registers.rules import Particulars
from linli.work.register import actions as taking
from linli.work.register.columns import Page

DAY = date(2010, 1, 1)
MODULES = (actions, taking)


def _where(w: Any) -> dict[str, Any]:
    return {"actor": w.operator, "area": w.community}


def _person(w: Any) -> UUID:
    w.made += 1
    given = Particulars(f"测试{w.made}", secrets={"phone": "13800001234"})
    return actions.enrol(**_where(w), given=given, since=date(2001, 1, 1))


def _building(w: Any) -> UUID:
    return actions.add_building(**_where(w), name="3栋")


def _dwelling(w: Any) -> UUID:
    return actions.add_dwelling(**_where(w), building=_building(w), number="301")


def _household(w: Any, **more: Any) -> tuple[UUID, UUID]:
    person = _person(w)
    return actions.form_household(**_where(w), members={person: "户主"}, **more), person


def _related(w: Any) -> dict[str, Any]:
    words = {"area": w.community, "person": _person(w), "other": _person(w)}
    actions.relate(actor=w.operator, **words, relation="监护人")
    return words


def _cared(w: Any) -> dict[str, Any]:
    words = {"area": w.community, "person": _person(w), "care_class": "base.disabled"}
    actions.set_care(actor=w.operator, **words)
    return words


def _housed(w: Any) -> dict[str, Any]:
    home = _dwelling(w)
    household, _ = _household(w, dwelling=home)
    return {"area": w.community, "household": household, "dwelling": home}


def _split(w: Any) -> dict[str, Any]:
    household, person = _household(w)
    return {"area": w.community, "household": household, "members": {person: "户主"}, "since": DAY}


CALLS: dict[str, Any] = {
    "registers.add_building": lambda w: {"area": w.community, "name": "5号楼"},
    "registers.add_dwelling": lambda w: {
        "area": w.community, "building": _building(w), "number": "302", "stairwell": "1单元",
    },
    "registers.correct": lambda w: {
        "area": w.community, "person": _person(w), "given": Particulars("测试改"),
    },
    "registers.divide": lambda w: {
        "area": w.community, "to": w.street, "buildings": [_building(w)], "since": DAY,
    },
    "registers.end_building": lambda w: {
        "area": w.community, "building": _building(w), "until": DAY,
    },
    "registers.end_care": lambda w: _cared(w) | {"until": DAY},
    "registers.enrol": lambda w: {"area": w.community, "given": Particulars("测试甲")},
    "registers.form_household": lambda w: {"area": w.community, "members": {_person(w): "户主"}},
    "registers.join": lambda w: {
        "area": w.community, "household": _household(w)[0], "person": _person(w), "relation": "子",
    },
    "registers.leave": lambda w: {"area": w.community, "person": _person(w), "until": DAY},
    "registers.merge": lambda w: {
        "area": w.community, "kept": _person(w), "merged": _person(w),
    },
    "registers.distinguish": lambda w: {
        "area": w.community, "first": _person(w), "second": _person(w),
    },
    "registers.unmerge": lambda w: {
        "area": w.community,
        "merge": actions.merge(**_where(w), kept=_person(w), merged=_person(w)),
    },
    "registers.open_request": lambda w: {
        "area": w.community, "person": _person(w), "sort": "access",
    },
    "registers.close_request": lambda w: {
        "area": w.community, "granted": True,
        "request": actions.open_request(**_where(w), person=_person(w), sort="access"),
    },
    "registers.export": lambda w: {"area": w.community, "person": _person(w)},
    "registers.erase": lambda w: {"area": w.community, "person": _person(w), "reason": "本人申请"},
    "registers.forget": lambda w: {"area": w.community, "person": _person(w), "reason": "申请"},
    "registers.occupy": lambda w: {
        "area": w.community, "household": _household(w)[0], "dwelling": _dwelling(w),
    },
    "registers.part": lambda w: {
        "area": w.community, "person": _household(w)[1], "until": DAY,
    },
    "registers.part_ways": lambda w: _related(w) | {"until": DAY},
    "registers.relate": lambda w: {
        "area": w.community, "person": _person(w), "other": _person(w), "relation": "监护人",
    },
    "registers.reveal": lambda w: {
        "area": w.community, "person": _person(w), "fields": ["phone"], "purpose": "联系",
    },
    "registers.set_care": lambda w: {
        "area": w.community, "person": _person(w), "care_class": "base.disabled",
    },
    "registers.split_household": _split,
    "registers.take": lambda w: {
        "area": w.community,
        "batch": Batch((NewHousehold((NewMember(Particulars("测试甲")),)),), (), "ab" * 32),
    },
    "registers.import": lambda w: {
        "area": w.community,
        "pages": [Page("花名册", [["姓名", "住址"], ["测试甲", "3栋301"]])],
        "source": "cd" * 32,
    },
    "registers.unite_households": lambda w: {
        "area": w.community, "kept": _household(w)[0], "ended": _household(w)[0],
        "relations": {}, "since": DAY,
    },
    "registers.vacate": lambda w: _housed(w) | {"until": DAY},
}  # fmt: skip
