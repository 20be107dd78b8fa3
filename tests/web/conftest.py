"""Two communities under one street, people with roles in them, and a way to sign in as each.

Django is not yet set up when this file is read; what needs it is imported where it is used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from linli.core.access.rules import Actor
from linli.core.areas.rules import AreaView
from linli.core.records.rules import NewQuantity, RecordView, new_record
from linli.kernel.days import Occurred, Precision
from linli.kernel.quantities import Qualifier, Quantity

PASSWORD = "three-quiet-lanterns"


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, settings: Any) -> Iterator[None]:
    """A snapshot belongs to one database; each test has its own of both, and quick passwords."""
    from linli.insight.reading import forget

    settings.LINLI_HOME = tmp_path / "installation"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    (settings.LINLI_HOME / "keys").mkdir(parents=True)
    yield
    forget()


@dataclass(frozen=True)
class Office:
    """What a test walks in: the areas, and whoever may do everything."""

    operator: Actor
    street: AreaView
    garden: AreaView
    river: AreaView

    def visit(
        self,
        title: str = "走访困难家庭",
        day: str = "2010-03-05",
        households: int = 20,
        area: AreaView | None = None,
        qualifier: Qualifier = Qualifier.EXACT,
    ) -> RecordView:
        """A visit that is recorded."""
        from linli.core.records.actions import record_one

        when = date.fromisoformat(day)
        amount = Quantity(Decimal(households), "户", qualifier)
        new = new_record(
            "base.visit",
            title,
            Occurred(when, when, Precision.DAY, day),
            quantities=[NewQuantity("base.visit.households", "走访户数", amount)],
        )
        return record_one(actor=self.operator, area=area or self.garden, new=new)


@pytest.fixture
def office(db: None) -> Office:
    from linli.core.access.actions import create_user, grant
    from linli.core.access.keys import make_keys
    from linli.core.access.queries import local_operator
    from linli.core.areas.actions import create_area

    make_keys()
    operator = local_operator()
    street = create_area(actor=operator, slug="street", name="东街街道", level="street")
    garden, river = (
        create_area(actor=operator, slug=slug, name=name, level="community", parent=street)
        for slug, name in (("garden", "花园社区"), ("river", "河畔社区"))
    )
    for login, name, role, area in (
        ("worker", "花园经办", "worker", garden),
        ("director", "花园主任", "director", garden),
        ("neighbour", "河畔主任", "director", river),
        ("above", "街道科员", "street", street),
        ("inspector", "检查员", "inspector", None),
    ):
        create_user(actor=operator, login=login, name=name, password=PASSWORD)
        grant(actor=operator, user=login, role=role, area=area)
    create_user(actor=operator, login="newcomer", name="新来的", password=PASSWORD)
    return Office(operator, street, garden, river)


@pytest.fixture
def as_user(office: Office) -> Callable[[str], Client]:
    """A browser in which that user is signed in."""

    def sign_in(login: str) -> Client:
        client = Client()
        answer = client.post("/sign-in/", {"login": login, "password": PASSWORD})
        assert answer.status_code == 302, answer.content.decode()
        return client

    return sign_in


@pytest.fixture
def director(as_user: Callable[[str], Client]) -> Client:
    return as_user("director")


def said(answer: Any) -> str:
    """The page as text."""
    return str(answer.content.decode())


def form_of_visit(record_id: UUID | str, **more: str) -> dict[str, str]:
    """What the browser sends for a visit."""
    return {
        "record_id": str(record_id),
        "title": "走访困难家庭",
        "day": "2010-03-05",
        "words": "",
        "state": "done",
        "grain": "event",
        "m:base.visit.households": "20户",
    } | more
