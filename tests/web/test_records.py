"""Records on the site: entered, corrected, withdrawn, listed; nothing typed is ever lost."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from linli.core.records import queries
from linli.core.records.rules import Grain
from tests.web.conftest import Office, form_of_visit, said

NEW = "/a/garden/records/new/base.visit/"


def test_a_visit_is_recorded_as_it_is_said(director: Client, office: Office) -> None:
    record_id = uuid4()
    form = form_of_visit(
        record_id, **{"m:base.visit.low_income": "2", "m:base.visit.money": "9000余"}
    )
    answer = director.post(NEW, form)
    assert answer.status_code == 302
    kept = queries.record(office.operator, record_id)
    amounts = {one.measure: one for one in kept.quantities}
    assert amounts["base.visit.households"].quantity.value == 20
    assert amounts["base.visit.low_income"].part_of == amounts["base.visit.households"].label
    assert amounts["base.visit.money"].quantity.qualifier == "over"
    assert amounts["base.visit.money"].quantity.unit == "元"
    assert kept.fields["content"] == "走访困难家庭"
    assert "已保存" in said(director.get(answer["Location"]))


def test_the_same_form_sent_twice_is_one_record(director: Client, office: Office) -> None:
    form = form_of_visit(uuid4())
    assert [director.post(NEW, form).status_code for _ in range(2)] == [302, 302]
    assert queries.count(office.operator, "garden") == 1


def test_all_faults_at_once_and_what_was_typed_stays(director: Client, office: Office) -> None:
    form = form_of_visit(
        uuid4(),
        title="",
        day="2010-02-30",
        **{"m:base.visit.households": "二十来家吧", "f:place": "南苑"},
    )
    answer = director.post(NEW, form)
    page = said(answer)
    assert answer.status_code == 422
    assert page.count('aria-invalid="true"') == 3
    assert "有 3 处要改" in page
    assert 'value="二十来家吧"' in page
    assert 'value="南苑"' in page
    assert "已保存" not in page
    assert queries.count(office.operator, "garden") == 0


@pytest.mark.parametrize(
    ("words", "start", "end", "precision"),
    [
        ("2010年3月下旬", "2010-03-21", "2010-03-31", "dekad"),
        ("2010年第一季度", "2010-01-01", "2010-03-31", "quarter"),
        ("3月12日下午", "2010-03-12", "2010-03-12", "day"),
    ],
)
def test_days_that_are_not_exact(
    director: Client, office: Office, words: str, start: str, end: str, precision: str
) -> None:
    record_id = uuid4()
    director.post(NEW, form_of_visit(record_id, words=words))
    occurred = queries.record(office.operator, record_id).occurred
    assert (str(occurred.start), str(occurred.end), occurred.precision) == (start, end, precision)


def test_a_unit_that_is_not_the_measures_is_a_fault(director: Client) -> None:
    page = said(director.post(NEW, form_of_visit(uuid4(), **{"m:base.visit.households": "20人次"})))
    assert "单位是“户”" in page


def test_a_count_of_a_competent_body_waits_for_its_name(director: Client, office: Office) -> None:
    from linli.packs.load import registry

    kind = next(one for one in registry().kinds.values() if one.supplied_by_body and one.measures)
    slot = f"m:{kind.measures[0].id}"
    for number, body in enumerate(("", "派出所")):
        record_id = uuid4()
        form = form_of_visit(record_id, body=body, grain=Grain.SUMMARY, **{slot: "3"})
        assert director.post(f"/a/garden/records/new/{kind.id}/", form).status_code == 302
        state = queries.record(office.operator, record_id).state
        assert state == ("done" if number else "source_wanted")
    assert "来源待补" in said(director.get("/a/garden/records/?state=source_wanted"))


def test_a_correction_keeps_the_old_version(director: Client, office: Office) -> None:
    old = office.visit()
    at = f"/a/garden/records/{old.id}/correct/"
    assert 'value="20户"' in said(director.get(at))
    form = form_of_visit(
        old.id, version="1", reason="漏了两户", **{"m:base.visit.households": "22"}
    )
    assert director.post(at, form).status_code == 302
    first, second = queries.history(office.operator, old.id)
    assert (first.quantities[0].quantity.value, second.quantities[0].quantity.value) == (20, 22)
    page = said(director.get(f"/a/garden/records/{old.id}/"))
    assert "第 2 版" in page
    assert "第 1 版" in page
    assert "更正记录：花园主任" in page
    assert "登记记录：命令行操作员" in page


def test_whoever_comes_second_sees_both_values(
    as_user: Callable[[str], Client], office: Office
) -> None:
    old = office.visit()
    at = f"/a/garden/records/{old.id}/correct/"
    quick, slow = as_user("worker"), as_user("director")
    mine = form_of_visit(old.id, version="1", reason="一", **{"m:base.visit.households": "21"})
    theirs = form_of_visit(old.id, version="1", reason="二", **{"m:base.visit.households": "22"})
    assert quick.post(at, mine).status_code == 302
    answer = slow.post(at, theirs)
    page = said(answer)
    assert answer.status_code == 409
    assert "已有更新的版本" in page
    assert "21户" in page
    assert 'value="22"' in page
    assert slow.post(at, theirs | {"version": "2"}).status_code == 302


def test_a_correction_needs_its_reason(director: Client, office: Office) -> None:
    old = office.visit()
    answer = director.post(
        f"/a/garden/records/{old.id}/correct/", form_of_visit(old.id, version="1", reason=" ")
    )
    assert answer.status_code == 422
    assert "更正理由" in said(answer)
    assert len(queries.history(office.operator, old.id)) == 1


def test_a_withdrawn_record_stays_readable(director: Client, office: Office) -> None:
    old = office.visit()
    at = f"/a/garden/records/{old.id}/"
    assert director.post(at + "withdraw/", {"reason": ""}).status_code == 422
    assert director.post(at + "withdraw/", {"reason": "重复"}).status_code == 302
    page = said(director.get(at))
    assert "已撤销" in page
    assert "更正</a>" not in page
    assert queries.count(office.operator, "garden") == 0


def test_the_list_is_filtered(director: Client, office: Office) -> None:
    office.visit("春节走访", "2010-02-10")
    office.visit("三月走访", "2010-03-10")
    for query, shown, hidden in (
        ("period=2010-02", "春节走访", "三月走访"),
        ("text=三月", "三月走访", "春节走访"),
        ("kind=base.donation", "没有符合条件的记录", "三月走访"),
    ):
        page = said(director.get(f"/a/garden/records/?{query}"))
        assert shown in page
        assert hidden not in page


@pytest.mark.parametrize("query", ["period=昨天", "kind=base.nothing", "page=0", "page=x"])
def test_a_filter_that_means_nothing_is_refused_in_words(director: Client, query: str) -> None:
    answer = director.get(f"/a/garden/records/?{query}")
    assert answer.status_code in {404, 422}
    assert "says--error" in said(answer)


def test_a_long_list_has_pages_and_a_constant_number_of_queries(
    director: Client, office: Office
) -> None:
    office.visit()
    director.get("/a/garden/records/")

    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            director.get("/a/garden/records/")
        return len(seen)

    few = asked()
    for number in range(60):
        office.visit(f"走访 {number}")
    assert asked() == few <= 22
    assert "第 1 页，共 2 页" in said(director.get("/a/garden/records/"))
    assert 'rel="prev"' in said(director.get("/a/garden/records/?page=2"))


def test_an_export_holds_text_and_no_formula(director: Client, office: Office) -> None:
    office.visit('=HYPERLINK("http://elsewhere.example")')
    answer: Any = director.get("/a/garden/records/export.xlsx?period=2010")
    assert "attachment" in answer["Content-Disposition"]
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    cell = sheet["D3"]
    assert cell.value == '=HYPERLINK("http://elsewhere.example")'
    assert cell.data_type == "s"
    assert sheet.print_title_rows == "$2:$2"


def test_markup_in_a_title_stays_text(director: Client, office: Office) -> None:
    made = office.visit("<script>alert(1)</script>")
    for at in (f"/a/garden/records/{made.id}/", "/a/garden/records/"):
        page = said(director.get(at))
        assert "<script>alert" not in page
        assert "&lt;script&gt;" in page


def test_kinds_are_found_by_the_words_of_the_trade(director: Client) -> None:
    page = said(director.get("/a/garden/records/new/?text=慰问"))
    assert "走访慰问" in page
    assert "宣传活动" not in page
    assert "没有叫" in said(director.get("/a/garden/records/new/?text=飞碟"))
