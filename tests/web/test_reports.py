"""Reports on the site: written, read with the way back of each number, held against the present."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.web.conftest import Office, said

FORM = {"type": "quarter", "period": "2010Q1", "until": "2010-03-31", "signer": "", "prose": ""}
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def written(director: Client, office: Office) -> str:
    """The address of a quarter's report that says 20 households."""
    office.visit("走访困难家庭", households=20)
    answer = director.post("/a/garden/reports/new/", FORM)
    assert answer.status_code == 302, said(answer)
    return str(answer["Location"])


def _numbers(page: str) -> dict[str, str]:
    """Text of each linked number → its address."""
    found = re.findall(r'<a class="f n" href="(/f/\w+)"[^>]*>([^<]+)</a>', page)
    return {text: at for at, text in found}


@pytest.mark.slow
def test_a_number_opens_its_records(director: Client, written: str) -> None:
    numbers = _numbers(said(director.get(written)))
    at = numbers["20户"]
    fragment = said(director.get(at, **HTMX))  # type: ignore[arg-type]
    assert "<html" not in fragment
    assert "走访困难家庭" in fragment
    whole = said(director.get(at))
    assert "<html" in whole
    assert "报告里的“20户”" in whole


@pytest.mark.slow
def test_a_report_is_its_areas_own(
    director: Client, as_user: Callable[[str], Client], written: str
) -> None:
    at = _numbers(said(director.get(written)))["20户"]
    neighbour = as_user("neighbour")
    for page in (written, written.replace("garden", "river"), at, written + "file/docx/"):
        assert neighbour.get(page).status_code == 404
    assert neighbour.get("/f/0000000000000").status_code == 404


@pytest.mark.slow
def test_files_are_downloaded_and_verified(director: Client, office: Office, written: str) -> None:
    for kind in ("docx", "pdf", "html"):
        answer: Any = director.get(f"{written}file/{kind}/")
        content = b"".join(answer.streaming_content)
        assert "attachment" in answer["Content-Disposition"]
        file = SimpleUploadedFile(f"总结.{kind}", content)
        page = said(director.post("/a/garden/reports/verify/", {"file": file}))
        assert "核对无误" in page
        assert "被改动" not in page
    assert director.get(written + "file/exe/").status_code == 404


@pytest.mark.slow
def test_a_changed_digit_is_found(director: Client, written: str) -> None:
    answer: Any = director.get(written + "file/html/")
    content = b"".join(answer.streaming_content).replace(
        "20户</a>".encode(), "30户</a>".encode(), 1
    )
    file = SimpleUploadedFile("总结.html", content)
    page = said(director.post("/a/garden/reports/verify/", {"file": file}))
    assert "处里有 1 处不符" in page
    assert page.index("被改动") < page.index("一致")
    assert "30户" in page[page.index('<span class="help">') :].partition("</span>")[0]


@pytest.mark.slow
def test_the_record_knows_the_report(director: Client, office: Office, written: str) -> None:
    from linli.core.records.queries import records

    first = next(iter(records(office.operator, "garden")))
    page = said(director.get(f"/a/garden/records/{first.id}/", **HTMX))  # type: ignore[arg-type]
    assert written in page
    assert "走访户次" in page


@pytest.mark.slow
def test_a_report_of_the_street_is_not_told_below(
    director: Client, as_user: Callable[[str], Client], office: Office
) -> None:
    made = office.visit("走访困难家庭")
    above = as_user("above")
    assert above.post("/a/street/reports/new/", FORM).status_code == 302
    at = f"/records/{made.id}/"
    assert "/a/street/reports/" in said(above.get("/a/street" + at, **HTMX))  # type: ignore[arg-type]
    answer = director.get("/a/garden" + at, **HTMX)  # type: ignore[arg-type]
    assert answer.status_code == 200
    assert "/a/street/" not in said(answer)


@pytest.mark.slow
def test_a_report_of_the_command_line_is_paper_too(
    director: Client, office: Office, tmp_path: Path
) -> None:
    from linli.reports.actions import write

    office.visit("走访困难家庭", households=20)
    made = write(actor=office.operator, type="quarter", area="garden", period="2010Q1",
                 out=tmp_path, formats=("docx",))  # fmt: skip
    assert [path.parent for path in made.files] == [tmp_path]
    made.files[0].unlink()  # what the office does with its copy is its own affair
    page = said(director.get(f"/a/garden/reports/{made.report}/"))
    assert "20户" in _numbers(page)
    answer: Any = director.get(f"/a/garden/reports/{made.report}/file/docx/")
    assert b"".join(answer.streaming_content)[:2] == b"PK"


def test_a_report_that_is_not_noted_leaves_no_file(
    office: Office, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from linli.reports import actions

    def full(**_: object) -> None:
        raise OSError("disk full")

    office.visit()
    monkeypatch.setattr(actions.trail, "note", full)
    with pytest.raises(OSError, match="disk full"):
        actions.write(actor=office.operator, type="quarter", area="garden", period="2010Q1",
                      formats=("html",))  # fmt: skip
    assert list((settings.LINLI_HOME / "reports").iterdir()) == []


def test_a_report_of_nothing_is_refused_and_what_was_typed_stays(director: Client) -> None:
    answer = director.post("/a/garden/reports/new/", FORM | {"prose": "# 其他\n一段话"})
    page = said(answer)
    assert answer.status_code == 422
    assert "一段话" in page
    assert 'value="2010Q1"' in page


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [("period", "春天", "不是期间"), ("until", "昨天", "不是日期"), ("type", "poem", "poem")],
)
def test_a_wrong_field_is_said(director: Client, field: str, value: str, words: str) -> None:
    answer = director.post("/a/garden/reports/new/", FORM | {field: value})
    assert answer.status_code == 422
    assert words in said(answer)


def test_verify_needs_a_file_that_is_one(director: Client) -> None:
    assert "没有选择" in said(director.post("/a/garden/reports/verify/"))
    file = SimpleUploadedFile("报告.exe", b"MZ")
    answer = director.post("/a/garden/reports/verify/", {"file": file})
    assert answer.status_code == 422
    assert "says--error" in said(answer)
