"""Reports written from an installation: bindings, audit, what changes later, who may."""

from __future__ import annotations

import re
import shutil
import zipfile
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import docx
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from docx.oxml.ns import qn

from linli.core.access.keys import make_keys
from linli.core.access.queries import local_operator
from linli.core.access.rules import Actor
from linli.core.areas.actions import create_area
from linli.core.areas.queries import resolve
from linli.core.audit import trail
from linli.core.audit.models import Entry
from linli.core.records.actions import correct, record_one, withdraw
from linli.core.records.rules import NewQuantity, NewRecord, RecordView, State, new_record
from linli.insight.reading import forget
from linli.kernel.clock import now
from linli.kernel.days import Occurred, Precision
from linli.kernel.errors import Refusal
from linli.kernel.periods import Period
from linli.kernel.quantities import Qualifier, Quantity
from linli.packs.load import registry
from linli.reports import actions, queries
from linli.reports.gather import material
from linli.reports.span import refuse_unfit
from linli.reports.verdict import listed, place, verdict, words
from linli.reports.verify import Verification, verify

pytestmark = [pytest.mark.django_db(transaction=True)]

TALKS = "政策宣讲学习"


def _day(month: int, day: int) -> Occurred:
    when = date(2010, month, day)
    return Occurred(when, when, Precision.DAY, f"{month}月{day}日")


def _visit(households: int) -> NewRecord:
    whole = NewQuantity("base.visit.households", "户数", Quantity(Decimal(households), "户"), "D4")
    poor = NewQuantity("base.visit.low_income", "低保户", Quantity(Decimal(3), "户"), "D5", "D4")
    return new_record("base.visit", "走访困难家庭", _day(3, 5), quantities=(whole, poor))


@pytest.fixture
def home(tmp_path_factory: pytest.TempPathFactory, settings: Any) -> Iterator[Path]:
    """An installation of this test alone: no other test's snapshot lies there."""
    settings.LINLI_HOME = tmp_path_factory.mktemp("installation")
    yield settings.LINLI_HOME
    forget()


@pytest.fixture
def office(home: Path) -> dict[str, RecordView]:
    """东街社区 with a visit, a collection and three lessons of the first quarter."""
    make_keys()
    me = local_operator()
    create_area(actor=me, slug="east", name="东街社区", level="community")
    gift = NewQuantity("base.donation.money", "金额", Quantity(Decimal(9000), "元", Qualifier.OVER))
    news = {
        "visit": _visit(12),
        "gift": new_record("base.donation", "暖冬募捐", _day(1, 20), quantities=(gift,)),
        **{
            f"talk{day}": new_record("base.study", f"{TALKS}第{part}讲", _day(3, day))
            for day, part in ((10, "一"), (17, "二"), (24, "三"))
        },
        "plan": new_record(
            "base.plan_item", "修缮活动室",
            Occurred(date(2010, 4, 1), date(2010, 6, 30), Precision.QUARTER), state=State.PLANNED,
        ),
    }  # fmt: skip
    return {name: record_one(actor=me, area="east", new=new) for name, new in news.items()}


@pytest.fixture
def written(office: dict[str, RecordView], tmp_path: Path) -> actions.Written:
    """Its quarter report in all formats."""
    assert office
    return actions.write(
        actor=local_operator(), type="quarter", area="east", period="2010Q1", out=tmp_path / "out",
        formats=("docx", "pdf", "html"),
    )  # fmt: skip


def _states(found: Verification) -> set[str]:
    return {str(one.state) for one in found.figures}


@pytest.mark.database
def test_a_report_tells_the_quarter_and_verifies(written: actions.Written) -> None:
    text = "\n".join(p.text for p in docx.Document(str(written.files[0])).paragraphs)
    assert "走访困难家庭，共12户，其中慰问低保户3户" in text
    assert "募集捐款9000余元" in text
    assert "组织学习3次" in text
    assert "修缮活动室" in text
    assert {"12户", "3户", "9000余元", "3次"} <= {one["text"] for one in written.figures}
    for path in written.files:
        found = verify(local_operator(), path)
        assert found.ok, [one for one in found.figures if str(one.state) != "same"]
        assert found.signature == "valid"
        assert _states(found) == {"same"}


@pytest.mark.database
def test_a_correction_shows_as_changed(
    written: actions.Written, office: dict[str, RecordView]
) -> None:
    me = local_operator()
    visit = office["visit"]
    correct(actor=me, area="east", record_id=visit.id, new=replace(_visit(15), id=visit.id),
            reason="补记一栋")  # fmt: skip
    found = verify(me, written.files[0])
    assert found.ok
    changed = {(one.text, one.then, one.now) for one in found.figures if one.state == "changed"}
    assert changed == {("12户", Decimal(12), Decimal(15))}


def test_the_verdict_says_changed_apart_from_altered(
    written: actions.Written, office: dict[str, RecordView], tmp_path: Path
) -> None:
    me = local_operator()
    count = len(verify(me, written.files[0]).figures)
    sign = "文件内数据清单的签名有效"
    assert verdict(verify(me, written.files[0])) == f"核对无误：共 {count} 处，{sign}。"
    visit = office["visit"]
    correct(actor=me, area="east", record_id=visit.id, new=replace(_visit(15), id=visit.id),
            reason="补记一栋")  # fmt: skip
    found = verify(me, written.files[0])
    changed = sum(str(one.state) == "changed" for one in found.figures)
    assert verdict(found) == (f"文件里的数据没有被改动，{sign}；有 {changed} 处数据后来有了变化。")
    document = docx.Document(str(written.files[0]))
    element = next(one for one in document.element.body.iter(qn("w:t")) if one.text == "9000余元")
    element.text = "9900余元"
    document.save(str(tmp_path / "altered.docx"))
    found = verify(me, tmp_path / "altered.docx")
    assert not found.ok
    assert verdict(found) == (
        f"{count} 处里有 1 处不符，另有 {changed} 处数据后来有了变化。{sign}，但它只保清单，不保正文。"
    )
    first = listed(found)[0]
    assert (str(first.state), first.text) == ("altered", "9900余元")
    assert "募集捐款9900余元" in place(first)
    assert not place(listed(found)[-1])


@pytest.mark.parametrize("whole", [True, False])
def test_a_deleted_number_is_a_fault_of_a_sealed_file(
    whole: bool, written: actions.Written, tmp_path: Path
) -> None:
    document = docx.Document(str(written.files[0]))
    element = next(one for one in document.element.body.iter(qn("w:t")) if one.text == "9000余元")
    link = element.getparent().getparent()
    link.getparent().remove(link)
    path = tmp_path / "deleted.docx"
    document.save(str(path))
    if not whole:  # an editor that drops the seal: no one knows any more what stood there
        _drop_the_seal(path)
    found = verify(local_operator(), path)
    gone = [one for one in found.figures if not one.text]
    if not whole:
        assert (found.ok, found.signature, gone) == (True, "absent", [])
        return
    assert (found.ok, found.signature) == (False, "valid")
    assert [(one.then, one.now, str(one.state)) for one in gone] == [(9000, 9000, "altered")]
    assert words(gone[0]) == "（已删去：9000余元）"
    assert listed(found)[0] == gone[0]


def _drop_the_seal(path: Path) -> None:
    kept = path.with_name("kept.docx")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(kept, "w") as new:
        for name in old.namelist():
            if not re.fullmatch(r"customXml/item\d+\.xml", name):
                new.writestr(name, old.read(name))
    kept.replace(path)


def test_a_withdrawn_record_shows_as_changed(
    written: actions.Written, office: dict[str, RecordView]
) -> None:
    me = local_operator()
    withdraw(actor=me, area="east", record_id=office["gift"].id, reason="重复登记")
    found = verify(me, written.files[1])
    gone = [one for one in found.figures if one.text == "9000余元"]
    assert {str(one.state) for one in gone} == {"changed"}
    assert {one.now for one in gone} == {None}


def test_a_report_is_audited_with_what_was_signed(written: actions.Written) -> None:
    entry = Entry.objects.get(action="reports.write")
    assert entry.subject == str(written.report)
    assert trail.verify().ok
    report = queries.reports(local_operator(), "east")[0]
    assert report.id == str(written.report)


def test_a_number_leads_to_its_binding(
    written: actions.Written, office: dict[str, RecordView]
) -> None:
    me = local_operator()
    line = next(one for one in written.figures if one["indicator"] == "base.visited_households")
    bound = queries.binding(me, line["key"])
    assert (bound.text, bound.indicator, bound.ref.period) == ("12户", "base.visited_households",
                                                               "2010Q1")  # fmt: skip
    line = next(one for one in written.figures if one["record"] == str(office["gift"].id))
    assert queries.binding(me, line["key"]).record == str(office["gift"].id)
    assert [one.id for one in queries.telling(me, str(office["gift"].id))] == [str(written.report)]
    with pytest.raises(Refusal, match="没有编号"):
        queries.binding(me, "0000000000000")


def test_who_may_not_may_not(office: dict[str, RecordView], tmp_path: Path) -> None:
    assert office
    stranger = Actor(id="nobody", name="路人", grants=())
    with pytest.raises(Refusal) as refused:
        actions.write(actor=stranger, type="quarter", area="east", period="2010Q1", out=tmp_path)
    assert refused.value.code == "access.denied"
    assert not list(tmp_path.iterdir())


def test_a_period_without_records_is_refused(office: dict[str, RecordView], tmp_path: Path) -> None:
    assert office
    with pytest.raises(Refusal) as refused:
        actions.write(actor=local_operator(), type="annual", area="east", period="1999",
                      out=tmp_path)  # fmt: skip
    assert refused.value.code == "reports.empty"
    assert not Entry.objects.filter(action="reports.write").exists()


@pytest.mark.parametrize("below", ["", "2010"])
def test_a_file_is_no_folder_for_reports(
    below: str, office: dict[str, RecordView], tmp_path: Path
) -> None:
    assert office
    file = tmp_path / "总结.docx"
    file.write_text("旧稿", "utf-8")
    with pytest.raises(Refusal) as refused:
        actions.write(actor=local_operator(), type="quarter", area="east", period="2010Q1",
                      out=file / below)  # fmt: skip
    assert refused.value.code == "reports.out.file"
    assert f"{file} 是文件" in str(refused.value)
    assert file.read_text("utf-8") == "旧稿"
    assert not queries.reports(local_operator(), "east")


@pytest.mark.parametrize(
    ("type_", "period", "codes"),
    [
        ("quarter", "2010", "2010Q1、2010Q2、2010Q3、2010Q4"),
        ("half-year", "2010Q1", "2010H1、2010H2"),
        ("annual", "2009..2010", "2010"),
        ("annual", "1y@2010-03-31", "2010"),
    ],
)
def test_a_period_that_is_not_of_the_type_is_refused(
    type_: str, period: str, codes: str, office: dict[str, RecordView], tmp_path: Path
) -> None:
    assert office
    with pytest.raises(Refusal) as refused:
        actions.write(actor=local_operator(), type=type_, area="east", period=period, out=tmp_path)
    assert refused.value.code == "reports.period.unfit"
    assert f"期间 {period} 不是" in refused.value.sentence
    assert f"写成 {codes}，" in refused.value.way_out


@pytest.mark.parametrize(
    ("type_", "period"),
    [("quarter", "2010Q1"), ("quarter", "3m@2010-03-31"), ("half-year", "2010H2"),
     ("annual", "2010"), ("annual", "2010-01-01..2010-12-31"), ("briefing", "2010-01")],
)  # fmt: skip
def test_a_period_fits_by_its_days(type_: Any, period: str) -> None:
    refuse_unfit(type_, Period.parse(period))


def test_until_signs_on_that_day_and_leaves_out_what_came_later(
    office: dict[str, RecordView], tmp_path: Path
) -> None:
    assert office
    made = actions.write(actor=local_operator(), type="quarter", area="east", period="2010Q1",
                         until=date(2010, 3, 8), out=tmp_path)  # fmt: skip
    text = "\n".join(p.text for p in docx.Document(str(made.files[0])).paragraphs)
    assert "2010年3月8日" in text
    assert TALKS not in text
    assert "共12户" in text
    assert verify(local_operator(), made.files[0]).ok


def test_prose_of_a_person_is_bound_or_unverified(
    office: dict[str, RecordView], tmp_path: Path
) -> None:
    assert office
    prose = tmp_path / "prose.txt"
    prose.write_text("全季走访户次12户，另慰问老人88人。\n", encoding="utf-8")
    made = actions.write(actor=local_operator(), type="quarter", area="east", period="2010Q1",
                         out=tmp_path / "out", prose=prose)  # fmt: skip
    found = verify(local_operator(), made.files[0])
    assert not found.ok
    unbound = [one.text for one in found.figures if str(one.state) == "unbound"]
    assert unbound == ["88"]


def test_a_report_of_another_installation_is_unresolved(
    written: actions.Written, tmp_path: Path
) -> None:
    from linli.reports.models import Report

    copied = tmp_path / "kept.docx"
    shutil.copy(written.files[0], copied)
    Report.objects.all().delete()
    found = verify(local_operator(), copied)
    assert not found.ok
    assert _states(found) == {"unresolved"}
    assert found.signature == "valid"


def test_a_forged_payload_breaks_the_signature(written: actions.Written, tmp_path: Path) -> None:
    path = tmp_path / "forged.html"
    page = written.files[2].read_text("utf-8")
    assert '\\"text\\":\\"12户\\"' in page
    path.write_text(page.replace('\\"text\\":\\"12户\\"', '\\"text\\":\\"13户\\"', 1), "utf-8")
    found = verify(local_operator(), path)
    assert (found.ok, found.signature) == (False, "invalid")


def test_a_broken_file_is_refused_in_words(office: dict[str, RecordView], tmp_path: Path) -> None:
    assert office
    for name, content in (("a.docx", b"PK nothing"), ("a.pdf", b"%PDF-1.7"), ("a.xyz", b"x")):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(Refusal) as refused:
            verify(local_operator(), tmp_path / name)
        assert name in str(refused.value)
    with pytest.raises(Refusal, match="没有文件"):
        verify(local_operator(), tmp_path / "missing.docx")


def test_many_numbers_cost_no_more_queries(written: actions.Written, tmp_path: Path) -> None:
    def count(path: Path) -> int:
        with CaptureQueriesContext(connection) as seen:
            verify(local_operator(), path)
        return len(seen)

    once = count(written.files[0])
    document = docx.Document(str(written.files[0]))
    (paragraph, *_) = [p._p for p in document.paragraphs if p._p.findall(qn("w:hyperlink"))]
    for _ in range(40):
        paragraph.addnext(deepcopy(paragraph))
    document.save(str(tmp_path / "long.docx"))
    assert count(tmp_path / "long.docx") == once


@pytest.mark.database
def test_what_counts_all_time_is_traced_to_earlier_years(office: dict[str, RecordView]) -> None:
    me = local_operator()
    assert office
    for year in (2007, 2010):
        when = Occurred(date(year, 2, 1), date(year, 2, 1), Precision.DAY, "2月1日")
        fields = {"honour": f"{year}年先进", "level": "市"}
        new = new_record("base.honour", f"{year}年先进", when, fields=fields)
        record_one(actor=me, area="east", new=new)
    told = material(
        me, resolve("east"), Period.parse("2010Q1"), None, registry(),
        known_at=now(), signed=date(2010, 4, 2), ids=["base.honours_total"],
    )  # fmt: skip
    assert told.data["base.honours_total"].records == 2
    assert {one.title for one in told.trace("base.honours_total")} == {"2007年先进", "2010年先进"}
    assert "2007年先进" not in {one.title for one in told.items}
