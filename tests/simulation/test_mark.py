"""模拟数据 stands on every page and report of an area that holds simulated records, and on no other."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

import docx
import pytest
from django.test import Client

from linli.core.access.actions import create_user, grant
from linli.core.access.keys import make_keys
from linli.core.access.queries import local_operator
from linli.core.access.rules import Actor
from linli.core.areas.actions import create_area
from linli.core.records.actions import begin_import, commit_import, record_one, stage
from linli.core.records.queries import simulated
from linli.core.records.rules import SIMULATED, NewRecord, NewSource, SourceKind, new_record
from linli.kernel.days import Occurred, Precision
from linli.kernel.errors import Refusal
from linli.reports import actions as reports

PASSWORD = "three-quiet-lanterns"


@pytest.fixture
def operator(db: None, tmp_path: Path, settings: Any) -> Iterator[Actor]:
    """A street with a simulated and a real community, a visit in each."""
    from linli.insight.reading import forget

    settings.LINLI_HOME = tmp_path / "installation"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    (settings.LINLI_HOME / "keys").mkdir(parents=True)
    make_keys()
    who = local_operator()
    create_area(actor=who, slug="street", name="东街街道", level="street")
    for slug, name in (("moni", "甲社区"), ("real", "乙社区")):
        create_area(actor=who, slug=slug, name=name, level="community", parent="street")
    record_one(actor=who, area="real", new=_visit())
    batch = begin_import(actor=who, area="moni", source=NewSource(SourceKind.SIMULATION, SIMULATED))
    stage(actor=who, import_id=batch, rows=[_visit()])
    commit_import(actor=who, import_id=batch)
    yield who
    forget()


def _visit() -> NewRecord:
    day = date(2010, 3, 5)
    return new_record("base.visit", "走访困难家庭", Occurred(day, day, Precision.DAY))


def test_who_is_marked(operator: Actor) -> None:
    marked = {slug for slug in ("street", "moni", "real") if simulated(operator, slug)}
    assert marked == {"street", "moni"}
    with pytest.raises(Refusal) as refused:
        simulated(Actor("stranger", "路人", ()), "moni")
    assert refused.value.code == "access.denied"


def test_pages_say_it(operator: Actor) -> None:
    create_user(actor=operator, login="chief", name="科员", password=PASSWORD)
    grant(actor=operator, user="chief", role="admin", area=None)
    grant(actor=operator, user="chief", role="director", area="street")
    client = Client()
    client.post("/sign-in/", {"login": "chief", "password": PASSWORD})
    pages = ("", "records/", "figures/", "reports/", "periods/")
    areas = (("moni", True), ("street", True), ("real", False))
    for page, (slug, marked) in product(pages, areas):
        answer = client.get(f"/a/{slug}/{page}")
        assert answer.status_code == 200
        assert (SIMULATED in answer.content.decode()) is marked, (slug, page)


def test_ledgers_say_it(operator: Actor) -> None:
    from linli.insight.queries import ledger

    for slug, marked in (("moni", True), ("street", True), ("real", False)):
        heading = ledger(operator, "base.visits_ledger", slug, "2010").heading
        assert (SIMULATED in heading) is marked


def test_reports_say_it(operator: Actor, tmp_path: Path) -> None:
    for slug, marked in (("moni", True), ("real", False)):
        written = reports.write(
            actor=operator,
            type="quarter",
            area=slug,
            period="2010Q1",
            out=tmp_path / slug,
            formats=("docx", "html"),
        )
        paragraphs = [p.text for p in docx.Document(str(written.files[0])).paragraphs]
        assert (SIMULATED in paragraphs) is marked
        assert (SIMULATED in written.files[1].read_text("utf-8")) is marked
