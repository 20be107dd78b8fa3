"""Figures, ledgers, overview, reconciliation, closes and audit on the site."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from linli.kernel.periods import Period
from linli.kernel.quantities import Qualifier
from tests.web.conftest import Office, said

KEEP = "/a/garden/figures/keep"
FIGURE = "/a/garden/figures/base.visited_households/"


def test_a_figure_shows_its_definition_and_its_records(director: Client, office: Office) -> None:
    office.visit("春节走访", "2010-02-10", 20)
    office.visit("三月走访", "2010-03-10", 5)
    page = said(director.get(FIGURE + "?period=2010Q1"))
    assert '<p class="figure">25户</p>' in page
    assert "背后的记录（2 条）" in page
    assert "春节走访" in page
    assert "口径" in page
    assert "截至" in page
    assert "春节走访" not in said(director.get(FIGURE + "?period=2010-03"))


def test_a_figure_includes_what_was_just_saved(director: Client, office: Office) -> None:
    office.visit(households=20)
    assert "20户" in said(director.get(FIGURE + "?period=2010"))
    office.visit("再走访", households=1)
    assert "21户" in said(director.get(FIGURE + "?period=2010"))


def test_a_figure_says_how_exact_it_is(director: Client, office: Office) -> None:
    office.visit(households=200, qualifier=Qualifier.OVER)
    page = said(director.get(FIGURE + "?period=2010"))
    assert "200余户" in page
    assert "余（多于）" in page


def test_a_figure_without_records_says_so(director: Client, office: Office) -> None:
    office.visit()
    page = said(director.get(FIGURE + "?period=2009"))
    assert "没有数值" in page
    assert "这一期间没有记录" in page


def test_figures_are_listed_by_section(director: Client, office: Office) -> None:
    office.visit()
    page = said(director.get("/a/garden/figures/?period=2010"))
    assert "走访救助" in page
    assert "逐条算出" in page
    assert "没有数值的指标" in page


def test_the_street_sums_its_communities(as_user: Callable[[str], Client], office: Office) -> None:
    office.visit(households=20)
    office.visit(households=3, area=office.river)
    above = as_user("above")
    page = said(above.get(FIGURE.replace("garden", "street") + "?period=2010"))
    assert "23户" in page


def test_the_overview_draws_what_the_table_says(director: Client, office: Office) -> None:
    for month in (1, 2, 2):
        office.visit(f"走访{month}", f"2010-{month:02}-10")
    page = said(director.get("/a/garden/"))
    (option,) = re.findall(r'<script id="by-month" type="application/json">(.*?)</script>', page)
    points = json.loads(option)["series"][0]["data"]
    assert [one["value"] for one in points] == [1, 2]
    assert points[1]["href"] == "/a/garden/records/?period=2010-02"
    rows = re.findall(
        r'<th scope="row"><a href="[^"]*">(\d月)</a></th>\s*<td class="n">(\d)</td>', page
    )
    assert rows == [("1月", "1"), ("2月", "2")]


def test_an_empty_community_is_told_how_to_begin(director: Client) -> None:
    page = said(director.get("/a/garden/"))
    assert "还没有工作记录" in page
    assert "登记一条" in page
    assert "导入表格" in page


def test_the_newest_year_with_records_is_shown_first(director: Client, office: Office) -> None:
    office.visit(day="2009-05-01")
    office.visit(day="2010-05-01")
    answer = director.get("/a/garden/figures/")
    assert answer.context["chooser"].period.text == "2010"
    chips = [[one.title for one in row] for row in answer.context["chooser"].rows]
    assert chips[0] == ["2010年", "2009年", "历年合计"]
    assert chips[1] == ["上半年", "二季度", "5月"]


def test_pages_ask_as_much_for_many_records_as_for_few(director: Client, office: Office) -> None:
    pages = ("/a/garden/", "/a/garden/figures/", FIGURE + "?period=2010", "/a/garden/ledgers/")

    def asked() -> dict[str, int]:
        found = {}
        for page in pages:
            director.get(page)
            with CaptureQueriesContext(connection) as seen:
                assert director.get(page).status_code == 200
            found[page] = len(seen)
        return found

    office.visit("第一次")
    few = asked()
    for number in range(30):
        office.visit(f"走访 {number}", f"2010-03-{number + 1:02}")
    assert asked() == few
    assert max(few.values()) <= 60, few


def test_looking_writes_nothing(director: Client, office: Office) -> None:
    from linli.insight.models import FillState, StoredFigure

    office.visit(households=20)
    for page in ("/a/garden/", "/a/garden/figures/?period=2010"):
        with CaptureQueriesContext(connection) as seen:
            assert KEEP in said(director.get(page))  # the browser is asked to have them kept
        written = [q["sql"] for q in seen if q["sql"].split()[0] in ("INSERT", "UPDATE", "DELETE")]
        assert not [sql for sql in written if "django_session" not in sql]
    assert (FillState.objects.count(), StoredFigure.objects.count()) == (0, 0)


def test_figures_are_kept_until_something_is_recorded(director: Client, office: Office) -> None:
    at = "/a/garden/figures/?period=2010"
    office.visit(households=20)
    assert director.post(KEEP, {"period": "2010"}).status_code == 204
    page = said(director.get(at))
    assert KEEP not in page
    assert "20户" in page
    office.visit("又一次", households=2)
    page = said(director.get(at))
    assert "22户" in page  # what was just saved, though it is not kept yet
    assert KEEP in page
    assert director.post(KEEP, {"period": "2010"}).status_code == 204
    assert KEEP not in said(director.get(at))


@pytest.mark.parametrize(
    ("period", "words"), [("春天", "不是期间"), ("2010-01-03..2010-02-07", "不保存")]
)
def test_what_is_not_kept_is_said(director: Client, period: str, words: str) -> None:
    answer = director.post(KEEP, {"period": period})
    assert answer.status_code == 422
    assert words in said(answer)


def test_what_is_kept_is_not_kept_again(director: Client, office: Office) -> None:
    from linli.core.audit.models import Entry

    office.visit()
    for _ in range(2):
        assert director.post(KEEP, {"period": "2010"}).status_code == 204
    assert Entry.objects.filter(action="insight.fill").count() == 1


def test_a_slow_one_does_not_undo_what_a_quick_one_kept(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    from linli.insight import actions

    office.visit(households=20)
    slow = actions.computed(office.garden, Period.parse("2010"))
    office.visit("又一次", households=2)
    actions.fill(actor=office.operator, area="garden", period="2010")
    monkeypatch.setattr(actions, "computed", lambda *_: slow)
    kept = actions.fill(actor=office.operator, area="garden", period="2010")
    (visited,) = (f for f in kept.figures if f.indicator == "base.visited_households")
    assert visited.value == 22


def test_nobody_waits_while_figures_are_computed(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    from linli.insight import actions

    depth: list[int] = []
    real = actions.computed

    def watched(*given: Any) -> Any:
        depth.append(len(connection.savepoint_ids))
        return real(*given)

    office.visit()
    monkeypatch.setattr(actions, "computed", watched)
    before = len(connection.savepoint_ids)  # the test's own transaction
    actions.fill(actor=office.operator, area="garden", period="2010")
    assert depth == [before]


def test_a_ledger_on_the_screen_and_as_a_workbook(director: Client, office: Office) -> None:
    made = office.visit()
    at = "/a/garden/ledgers/base.visits_ledger/"
    page = said(director.get(at))
    assert f"/a/garden/records/{made.id}/" in page
    assert "填表人" in page
    answer: Any = director.get(at + "export.xlsx?period=2010")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    assert "花园社区" in str(sheet["A1"].value)
    assert "走访困难家庭" in {str(cell.value) for row in sheet for cell in row}


def test_an_unknown_ledger_names_the_nearest(director: Client) -> None:
    answer = director.get("/a/garden/ledgers/base.visit_ledger/")
    assert answer.status_code == 404
    assert "base.visits_ledger" in said(answer)


def test_reconciliation_says_when_all_agrees(director: Client, office: Office) -> None:
    office.visit()
    assert "没有发现不符" in said(director.get("/a/garden/reconciliation/?period=2010"))


def test_findings_follow_what_is_recorded(director: Client, office: Office) -> None:
    at = "/a/garden/reconciliation/?period=2010"
    office.visit(households=20)
    director.post(KEEP, {"period": "2010"})  # figures are kept, so that findings may be kept too
    assert "没有发现不符" in said(director.get(at))
    for _ in range(2):
        office.visit("同一件事", households=20)
    director.post(KEEP, {"period": "2010"})
    assert "没有发现不符" not in said(director.get(at))


def test_closing_a_period_and_what_comes_after(director: Client, office: Office) -> None:
    old = office.visit()
    assert director.post("/a/garden/periods/", {"period": "2010Q1"}).status_code == 302
    again = director.post("/a/garden/periods/", {"period": "2010Q1"})
    assert again.status_code == 422
    assert "已经关账" in said(again)
    assert "不是期间" in said(director.post("/a/garden/periods/", {"period": "春天"}))
    director.post(f"/a/garden/records/{old.id}/withdraw/", {"reason": "登记错了"})
    assert "登记错了" in said(director.get("/a/garden/periods/"))


def test_who_records_into_a_closed_period_is_told_before_and_it_is_listed(
    director: Client, office: Office
) -> None:
    before = office.visit("关账前的走访")
    form, page = "/a/garden/records/new/base.visit/", "/a/garden/periods/"
    assert "已经关账" not in said(director.get(form))
    director.post(page, {"period": "2010Q1"})
    assert "2010年第一季度" in said(director.get(form))
    assert "标为迟报" in said(director.get(form))
    assert "列在关账页" in said(director.get(f"/a/garden/records/{before.id}/correct/"))
    office.visit("关账后的走访")
    outside = office.visit("四月的走访", day="2010-04-05")
    assert "已经关账" not in said(director.get(f"/a/garden/records/{outside.id}/correct/"))
    listed = said(director.get(page))
    assert "关账后的走访" in listed
    assert "关账前的走访" not in listed
    assert "四月的走访" not in listed


def test_the_audit_names_who_did_what(
    director: Client, as_user: Callable[[str], Client], office: Office
) -> None:
    from uuid import uuid4

    from tests.web.conftest import form_of_visit

    director.post("/a/garden/records/new/base.visit/", form_of_visit(uuid4()))
    page = said(director.get("/a/garden/audit/?verify=1"))
    assert "登记记录" in page
    assert "花园主任" in page
    assert "走访困难家庭</a>" in page
    assert "审计链完整" in page
    assert as_user("worker").get("/a/garden/audit/").status_code == 403
