"""应办 on screen: what is due, naming an interval, waiving with a reason."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from linli.core.obligations import queries
from linli.core.obligations.rules import State
from linli.core.records.actions import record_one
from linli.core.records.rules import new_record
from linli.kernel.days import Occurred, Precision
from tests.web.conftest import Office, said

DAY = date(2025, 3, 20)
CLASS = "base.due.civic_class@2025-03-01"


@pytest.fixture(autouse=True)
def _today(clock: Callable[[str], None]) -> None:
    clock("2025-03-20T10:00:00+08:00")


def test_the_page_lists_what_is_due_and_what_was_done(director: Client, office: Office) -> None:
    new = new_record("base.civic_class", "科普课", Occurred(DAY, DAY, Precision.DAY))
    record_one(actor=office.operator, area=office.garden, new=new)
    page = said(director.get("/a/garden/due/"))
    assert "每日平安巡视" in page
    assert "2025-02-17 至 2025-03-19，共 31 次" in page
    assert f"/a/garden/records/{new.id}/" in page
    assert "/a/garden/records/new/base.patrol/" in page
    assert "班子研究工作" in page.split("没有说明间隔的")[1]
    assert 'aria-current="page"' in page


def test_a_day_may_be_chosen_and_a_wrong_one_is_named(director: Client) -> None:
    assert "2025年9月30日" in said(director.get("/a/garden/due/?on=2025-09-30"))
    wrong = director.get("/a/garden/due/?on=2025-13-01")
    assert wrong.status_code == 422
    assert "“2025-13-01”不是日期" in said(wrong)


def test_what_is_open_past_its_day_says_so(director: Client) -> None:
    report = said(director.get("/a/garden/due/?on=2025-01-24")).split("季度向居民代表报告")[1]
    assert "应办，已逾期" in report.split("</tr>")[0]


def test_the_director_names_an_interval(director: Client, office: Office) -> None:
    post = {"rule": "base.due.talks", "interval": "每月一次"}
    assert director.post("/a/garden/due/", post).status_code == 302
    waiting = {one.rule for one in queries.waiting(office.operator, "garden")}
    assert "base.due.talks" not in waiting
    wrong = director.post("/a/garden/due/", post | {"interval": "经常"})
    assert wrong.status_code == 422
    assert "“经常”没有说明间隔" in said(wrong)


def test_the_director_waives_one_with_a_reason(director: Client, office: Office) -> None:
    assert director.post("/a/garden/due/", {"code": CLASS, "reason": " "}).status_code == 422
    assert director.post("/a/garden/due/", {"code": CLASS, "reason": "停课"}).status_code == 302
    assert queries.one(office.operator, "garden", CLASS).state is State.WAIVED


def test_who_only_reads_sees_no_form_and_may_not_post(
    as_user: Callable[[str], Client], office: Office
) -> None:
    worker, above = as_user("worker"), as_user("above")
    page = said(worker.get("/a/garden/due/"))
    assert "记一笔" in page
    assert 'name="interval"' not in page
    refused = worker.post("/a/garden/due/", {"code": CLASS, "reason": "停课"})
    assert refused.status_code in (403, 422)
    assert "没有“安排应办”的权限" in said(refused)
    street = said(above.get("/a/street/due/"))
    assert "花园社区" in street
    assert "河畔社区" in street
    assert queries.one(office.operator, "garden", CLASS).state is State.DUE
