"""A small community, and one call of every action in it.

`CALLS` must name every registered action: a new one without a row fails `test_actions.py`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl

from linli.core.access import actions as access
from linli.core.access.queries import local_operator
from linli.core.access.rules import Actor
from linli.core.areas import actions as areas
from linli.core.areas.rules import AreaView
from linli.core.evidence import actions as evidence
from linli.core.jobs import actions as jobs
from linli.core.jobs.models import Worker
from linli.core.jobs.rules import State
from linli.core.people import actions as people
from linli.core.periods import actions as periods
from linli.core.records import actions as records
from linli.core.records.rules import NewQuantity, NewRecord, NewSource, SourceKind
from linli.core.registers import actions as registers
from linli.insight import actions as insight
from linli.kernel.days import Occurred, Precision
from linli.kernel.ids import uuid7
from linli.kernel.periods import Period
from linli.kernel.quantities import Quantity
from linli.reports import actions as reports
from linli.work.intake import actions as intake
from linli.work.simulation import actions as _simulation  # noqa: F401 — registers its action
from tests.house import flow_calls, obligation_calls, register_calls

PASSWORD = "three-quiet-lanterns"
QUARTER = Period.parse("2010Q1")
WORKBOOK = NewSource(SourceKind.WORKBOOK, "台账.xlsx", "ab" * 32)


@dataclass
class World:
    """What a call finds: who prepares it, where, and a folder to write into."""

    operator: Actor
    street: AreaView
    community: AreaView
    folder: Path
    made: int = 0

    def visit(self, **more: Any) -> NewRecord:
        """A visit that has not been recorded yet."""
        self.made += 1
        mark = hashlib.blake2b(str(self.made).encode(), digest_size=16).digest()
        day = date(2010, 3, 5)
        values: dict[str, Any] = {
            "id": uuid7(),
            "kind": "base.visit",
            "grain": "event",
            "occurred": Occurred(day, day, Precision.DAY, "3月5日"),
            "title": f"走访（{self.made}）",
            "fields": {},
            "quantities": (NewQuantity("base.households", "户数", Quantity(Decimal(20), "户")),),
            "identity": mark,
        }
        return NewRecord(**(values | more))

    def recorded(self) -> NewRecord:
        """A visit that has been recorded."""
        new = self.visit()
        records.record_one(actor=self.operator, area=self.community, new=new)
        return new

    def user(self) -> str:
        """A login that exists."""
        access.create_user(actor=self.operator, login="zhang", name="张", password=None)
        return "zhang"

    def workbook(self) -> Path:
        """A ledger of one row."""
        book = openpyxl.Workbook()
        sheet = book.active
        assert sheet is not None
        for row in (["走访慰问台账"], ["日期", "事项", "户数"], ["2010-03-05", "走访慰问", 20]):
            sheet.append(row)
        path = self.folder / "台账.xlsx"
        book.save(path)
        return path


def make(folder: Path) -> World:
    """A street with one community."""
    operator = local_operator()
    street = areas.create_area(actor=operator, slug="street", name="东街街道", level="street")
    community = areas.create_area(
        actor=operator, slug="garden", name="花园社区", level="community", parent=street
    )
    return World(operator, street, community, folder)


Call = Callable[[World], dict[str, Any]]
"""Prepares the ground and answers the keywords of the call, without its actor."""


def _granted(w: World) -> dict[str, Any]:
    user = w.user()
    access.grant(actor=w.operator, user=user, role="worker", area=w.community)
    return {"user": user, "role": "worker", "area": w.community}


def _stored(w: World) -> dict[str, Any]:
    kept = evidence.store(actor=w.operator, area=w.community, content=b"photo", name="照片.jpg")
    return {"area": w.community, "record_id": w.recorded().id, "evidence": kept.id}


def _begun(w: World) -> dict[str, Any]:
    number = records.begin_import(actor=w.operator, area=w.community, source=WORKBOOK)
    return {"import_id": number}


def _staged(w: World) -> dict[str, Any]:
    begun = _begun(w)
    records.stage(actor=w.operator, rows=[w.visit()], **begun)
    return begun


def _organisation(w: World) -> dict[str, Any]:
    made = people.add_organisation(actor=w.operator, area=w.community, name="小学")
    return {"area": w.community, "organisation": made.id, "until": date(2010, 7, 1)}


def _body(w: World) -> dict[str, Any]:
    made = people.add_body(actor=w.operator, area=w.community, name="领导小组")
    return {"area": w.community, "body": made.id, "title": "组长", "holder": "甲某"}


def _post(w: World) -> dict[str, Any]:
    return {"area": w.community, "post": people.appoint(actor=w.operator, **_body(w)).id}


def _reportable(w: World) -> dict[str, Any]:
    w.recorded()
    out = w.folder / "out"
    return {"area": w.community.slug, "period": QUARTER, "type": "quarter", "out": out}


def _asked(w: World) -> dict[str, Any]:
    jobs.ask(
        actor=w.operator, area=w.community, kind="insight.fill", parameters={"periods": ["2010"]}
    )
    return {}


def _taken(w: World) -> dict[str, Any]:
    _asked(w)
    worker = jobs.begin(actor=w.operator)
    taken = jobs.take(actor=w.operator, worker=worker)
    assert taken is not None
    return {"job": taken.id, "worker": worker}


def _died(w: World) -> dict[str, Any]:
    Worker.objects.filter(id=_taken(w)["worker"]).update(touched=datetime(2010, 1, 1, tzinfo=UTC))
    return {}


CALLS: dict[str, Call] = {
    "access.create_user": lambda w: {"login": "li", "name": "李", "password": PASSWORD},
    "access.deactivate": lambda w: {"login": w.user()},
    "access.fail_sign_in": lambda w: {"login": "somebody"},
    "access.grant": lambda w: {"user": w.user(), "role": "worker", "area": w.community},
    "access.revoke": _granted,
    "access.set_password": lambda w: {"login": w.user(), "password": PASSWORD},
    "areas.create": lambda w: {
        "slug": "lake", "name": "湖边社区", "level": "community", "parent": w.street,
    },
    "areas.end": lambda w: {"area": w.community},
    "areas.move": lambda w: {
        "area": w.community,
        "parent": areas.create_area(
            actor=w.operator, slug="west", name="西街街道", level="street"
        ),
        "since": date(2011, 1, 1),
    },
    "evidence.store": lambda w: {"area": w.community, "content": b"a photo", "name": "a.jpg"},
    "insight.fill": lambda w: {"area": w.community, "period": QUARTER},
    "intake.import": lambda w: {"area": w.community, "path": w.workbook()},
    "intake.remember": lambda w: {"area": w.community, "shape": "shape-a", "mapping": {}},
    "jobs.ask": lambda w: {
        "area": w.community, "kind": "insight.fill", "parameters": {"periods": ["2010"]},
    },
    "jobs.begin": lambda w: {},
    "jobs.end": lambda w: _taken(w) | {"state": State.DONE, "words": "好了"},
    "jobs.revive": _died,
    "people.add_body": lambda w: {"area": w.community, "name": "领导小组"},
    "people.add_organisation": lambda w: {"area": w.community, "name": "小学"},
    "people.appoint": _body,
    "people.end_organisation": _organisation,
    "people.erase_holder": _post,
    "people.leave_post": lambda w: _post(w) | {"until": date(2011, 1, 1)},
    "periods.close": lambda w: {"area": w.community, "period": QUARTER},
    "records.attach": _stored,
    "records.commit_import": _staged,
    "records.correct": lambda w: {
        "area": w.community, "record_id": w.recorded().id, "new": w.visit(), "reason": "数错了",
    },
    "records.fill": lambda w: {
        "area": w.community, "record_id": w.recorded().id, "fields": {"follow_up": "已复查"},
        "reason": "补填",
    },
    "records.name_source": lambda w: {
        "area": w.community, "record_id": w.recorded().id, "body": "街道办事处",
    },
    "records.record": lambda w: {"area": w.community, "new": w.visit()},
    "records.withdraw": lambda w: {
        "area": w.community, "record_id": w.recorded().id, "reason": "登记错了",
    },
    "reports.write": _reportable,
    "simulation.simulate": lambda w: {
        "area": w.community, "households": 1, "year": 2009, "seed": 1, "until": date(2009, 1, 9),
        "into": True,
    },
    **obligation_calls.CALLS,
    **register_calls.CALLS,
    **flow_calls.CALLS,
}  # fmt: skip

QUIET: dict[str, Call] = {
    "jobs.take": lambda w: _asked(w) | {"worker": jobs.begin(actor=w.operator)},
    "jobs.advance": lambda w: _taken(w) | {"done": 1, "total": 2, "words": ""},
    "jobs.put_back": lambda w: _taken(w) | {"words": ""},
    "jobs.beat": lambda w: {"worker": jobs.begin(actor=w.operator)},
    "jobs.leave": lambda w: {"worker": jobs.begin(actor=w.operator)},
    "periods.correct": lambda w: {},  # a step of records.correct, never called alone
    "records.begin_import": lambda w: {"area": w.community, "source": WORKBOOK},
    "records.stage": lambda w: _begun(w) | {"rows": [w.visit()]},
    "records.abandon_import": _staged,
    "records.sweep_imports": lambda w: {},  # nothing dead: nothing to tell
}
"""Actions that leave no entry of their own, each with its reason in `part_of` or beside it."""

MODULES = (
    registers,
    access,
    areas,
    evidence,
    jobs,
    people,
    periods,
    records,
    insight,
    intake,
    reports,
)
