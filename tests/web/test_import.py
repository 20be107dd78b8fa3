"""Importing on the site: upload, preview, questions, corrections, commit. Nothing before commit."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from linli.core.records import queries
from linli.web import uploads
from tests.web.conftest import Office, said

IMPORT = "/a/garden/import/"
ROWS = (
    ["走访慰问台账"],
    ["日期", "内容", "走访户数"],
    ["3月5日", "走访困难家庭", "20户"],
    ["3月12日", "看望老人", "5户"],
)


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    """A ledger that names no year."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "走访"
    for row in ROWS:
        sheet.append(row)
    path = tmp_path / "走访台账.xlsx"
    book.save(path)
    return path


def send(client: Client, path: Path, area: str = "garden") -> Any:
    """Choose the file and send it."""
    file = SimpleUploadedFile(path.name, path.read_bytes())
    return client.post(f"/a/{area}/import/", {"file": file})


def test_question_answer_commit(director: Client, office: Office, ledger: Path) -> None:
    at = send(director, ledger)["Location"]
    page = said(director.get(at))
    assert "还没有导入的" in said(director.get(IMPORT))
    assert "这份表格是哪一年的" in page
    assert "--year" not in page
    assert queries.count(office.operator, "garden") == 0
    blocked = director.post(at + "commit/")
    assert blocked["Location"] == at
    assert queries.count(office.operator, "garden") == 0

    director.post(at, {"year": "2010"})
    page = said(director.get(at))
    assert "将新增" in page
    assert "2010年3月5日" in page
    assert director.post(at + "commit/")["Location"] == "/a/garden/"
    kept = list(queries.records(office.operator, "garden"))
    assert [one.quantities[0].quantity.value for one in kept] == [20, 5]
    assert kept[0].file == "走访台账.xlsx"
    assert director.get(at).status_code == 404  # the upload is gone


def test_the_same_file_again_adds_nothing(director: Client, office: Office, ledger: Path) -> None:
    for _ in range(2):
        at = send(director, ledger)["Location"]
        director.post(at, {"year": "2010"})
        director.post(at + "commit/")
    assert queries.count(office.operator, "garden") == 2


def test_an_upload_is_its_owners_only(
    as_user: Callable[[str], Client], director: Client, ledger: Path
) -> None:
    at = send(director, ledger)["Location"]
    colleague = as_user("worker")
    assert colleague.get(at).status_code == 404
    assert colleague.post(at + "commit/").status_code == 404
    assert ledger.name in said(director.get(IMPORT))
    assert ledger.name not in said(colleague.get(IMPORT))


def test_an_upload_belongs_to_its_area(
    as_user: Callable[[str], Client], office: Office, ledger: Path
) -> None:
    from linli.core.access.actions import grant

    grant(actor=office.operator, user="worker", role="worker", area=office.river)
    worker = as_user("worker")
    at = send(worker, ledger)["Location"]
    assert worker.get(at.replace("garden", "river")).status_code == 404


def test_a_correction_of_the_mapping_is_used_and_remembered(
    director: Client, office: Office, ledger: Path
) -> None:
    at = send(director, ledger)["Location"]
    page = said(director.get(at))
    names = dict(re.findall(r'name="(t0[^"]*\.was|t0\.key)" value="([^"]*)"', page))
    form = {"year": "2010", "t0.key": names["t0.key"], "t0.kind.was": names["t0.kind.was"]}
    assert director.post(at, form | {"t0.kind": "base.nothing"}).status_code == 404
    director.post(at, form | {"t0.kind": "base.donation"})
    director.post(at + "commit/")
    assert {one.kind for one in queries.records(office.operator, "garden")} == {"base.donation"}


def test_a_table_can_be_left_out(director: Client, office: Office, ledger: Path) -> None:
    at = send(director, ledger)["Location"]
    key = re.search(r'name="t0\.key" value="([^"]*)"', said(director.get(at)))
    assert key
    director.post(at, {"year": "2010", "t0.key": key[1], "t0.skip": "1"})
    assert "将新增" in said(director.get(at))
    director.post(at + "commit/")
    assert queries.count(office.operator, "garden") == 0


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("空.xlsx", b"", "空文件"),
        ("断.xlsx", b"PK\x03\x04 cut off", "不完整"),
        ("信.xlsx", b"%PDF-1.7", "不是工作簿"),
    ],
)
def test_a_bad_file_is_refused_in_words(
    director: Client, office: Office, tmp_path: Path, name: str, content: bytes, words: str
) -> None:
    (tmp_path / name).write_bytes(content)
    answer = send(director, tmp_path / name)
    page = said(director.get(answer["Location"]) if answer.status_code == 302 else answer)
    assert words in page
    assert "Traceback" not in page
    assert queries.count(office.operator, "garden") == 0
    assert "还没有导入的" not in said(director.get(IMPORT))


def test_no_file_and_too_large_a_file(
    director: Client, ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "没有选择文件" in said(director.post(IMPORT))
    monkeypatch.setattr(uploads, "LIMIT_MB", 0)
    assert "超过了 0 MB" in said(send(director, ledger))


@pytest.mark.parametrize(
    ("field", "value"), [("year", "零八"), ("as_of", "昨天"), ("period", "去年")]
)
def test_an_answer_that_means_nothing_is_said(
    director: Client, ledger: Path, field: str, value: str
) -> None:
    at = send(director, ledger)["Location"]
    director.post(at, {field: value})
    page = said(director.get(at))
    assert "says--error" in page
    assert value in page


def test_an_upload_can_be_thrown_away(director: Client, ledger: Path) -> None:
    at = send(director, ledger)["Location"]
    director.post(at, {"forget": "1"})
    assert director.get(at).status_code == 404
    assert "还没有导入的" not in said(director.get(IMPORT))


def test_old_uploads_are_swept(director: Client, ledger: Path, settings: Any) -> None:
    import os

    at = send(director, ledger)["Location"]
    (folder,) = (settings.LINLI_HOME / "uploads").glob("*/*")
    os.utime(folder, (0, 0))
    uploads.sweep()
    assert director.get(at).status_code == 404


def test_a_cell_is_shown_where_it_stands(director: Client, office: Office, ledger: Path) -> None:
    at = send(director, ledger)["Location"]
    director.post(at, {"year": "2010"})
    director.post(at + "commit/")
    kept = next(iter(queries.records(office.operator, "garden")))
    source = f"/a/garden/source/{kept.source}/"
    page = said(director.get(f"{source}?sheet=走访&cell={kept.quantities[0].cell}"))
    assert '<td class="here"><mark>20户</mark></td>' in page
    answer: Any = director.get(source + "file")
    assert b"".join(answer.streaming_content) == ledger.read_bytes()
    assert "attachment" in answer["Content-Disposition"]


def test_a_source_is_hidden_from_the_neighbour(
    as_user: Callable[[str], Client], director: Client, office: Office, ledger: Path
) -> None:
    at = send(director, ledger)["Location"]
    director.post(at, {"year": "2010"})
    director.post(at + "commit/")
    kept = next(iter(queries.records(office.operator, "garden")))
    neighbour = as_user("neighbour")
    for area in ("garden", "river"):
        for page in ("", "file"):
            assert neighbour.get(f"/a/{area}/source/{kept.source}/{page}").status_code == 404
