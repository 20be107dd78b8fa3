"""Files that are no workbook, or harm the reader: each a clear sentence, quickly, nothing opened."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
import xlwt
from django.template.loader import render_to_string

from linli.core.access.keys import make_keys
from linli.core.access.queries import local_operator
from linli.core.areas.actions import create_area
from linli.kernel.errors import Refusal
from linli.work.intake.actions import import_workbook
from linli.work.intake.read import read

CONTENT_TYPES = b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'


def good_bytes() -> bytes:
    book = openpyxl.Workbook()
    book.active.append(["日期", "内容"])
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def zipped(parts: dict[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return held.getvalue()


def ole(*streams: str) -> bytes:
    """The look of an OLE file that holds streams of these names."""
    names = b"".join(name.encode("utf-16-le") + b"\0\0" for name in streams)
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1016) + names + bytes(2048 - len(names))


def bomb() -> bytes:
    return zipped(
        {
            "[Content_Types].xml": CONTENT_TYPES,
            "xl/workbook.xml": b"<workbook/>",
            "xl/worksheets/sheet1.xml": b"0" * (80 * 2**20),
        }
    )


CASES: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "truncated": ("台账.xlsx", lambda: good_bytes()[:2500], "intake.file.truncated"),
    "empty": ("台账.xlsx", lambda: b"", "intake.file.empty"),
    "word": (
        "台账.xlsx",
        lambda: zipped({"[Content_Types].xml": CONTENT_TYPES, "word/document.xml": b"<w/>"}),
        "intake.file.other",
    ),
    "slides": (
        "台账.xlsx",
        lambda: zipped({"[Content_Types].xml": CONTENT_TYPES, "ppt/presentation.xml": b"<p/>"}),
        "intake.file.other",
    ),
    "old word": ("台账.xls", lambda: ole("WordDocument"), "intake.file.other"),
    "archive": ("台账.xlsx", lambda: zipped({"a.txt": b"a"}), "intake.file.other"),
    "password": (
        "台账.xlsx", lambda: ole("EncryptionInfo", "EncryptedPackage"), "intake.file.password",
    ),
    "html": ("台账.xls", lambda: b"<html><table><tr><td>1</td></tr></table>", "intake.file.other"),
    "text": ("台账.xlsx", "日期,内容\n".encode, "intake.file.other"),
    "binary": ("台账.csv", lambda: bytes(range(256)) * 9, "intake.file.other"),
    "pdf": ("台账.xlsx", lambda: b"%PDF-1.7\n", "intake.file.other"),
    "bomb": ("台账.xlsx", bomb, "intake.file.bomb"),
    "no encoding": (
        "台账.csv", lambda: "日期,内容\n".encode("gbk") + b"\xff\xff\xfe,\x81\n", "intake.file.encoding",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_a_bad_file_is_refused_in_a_sentence(case: str, tmp_path: Path) -> None:
    name, make, code = CASES[case]
    path = tmp_path / name
    path.write_bytes(make())
    with pytest.raises(Refusal) as refused:
        read(path)
    assert refused.value.code == code
    assert name in refused.value.sentence
    assert refused.value.way_out.endswith("。")
    assert "{" not in str(refused.value)


@pytest.mark.django_db(transaction=True)
def test_the_sentence_names_the_file_once_and_stops_once(tmp_path: Path) -> None:
    make_keys()
    create_area(actor=local_operator(), slug="east", name="东街社区", level="community")
    path = tmp_path / "empty.xlsx"
    path.write_bytes(b"")
    done = import_workbook(actor=local_operator(), area="east", path=path)
    (problem,) = done.problems
    assert done.blocked
    assert problem.value == "empty.xlsx"
    assert problem.line() == ("empty.xlsx 是空文件，一个字节也没有。请重新导出或另存后再导入。")
    page = render_to_string("web/parts/import_problems.html", {"groups": [("", [problem])]})
    assert page.count("empty.xlsx") == 1
    assert "。。" not in page


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal) as refused:
        read(tmp_path / "没有.xlsx")
    assert refused.value.code == "intake.file.missing"


def test_an_xls_cut_in_half_is_refused(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("走访")
    for row in range(500):
        sheet.write(row, 0, f"第{row}行的内容，写得长一些")
    path = tmp_path / "台账.xls"
    book.save(str(path))
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(Refusal) as refused:
        read(path)
    assert refused.value.code in ("intake.file.truncated", "intake.file.unreadable")


def rewritten(path: Path, change: Callable[[str], str]) -> Path:
    """A copy of the workbook with its first sheet's XML changed."""
    made = path.with_name(f"改-{path.name}")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name.endswith("sheet1.xml"):
                content = change(content.decode()).encode()
            new.writestr(name, content)
    return made


def test_a_million_empty_rows_cost_nothing(tmp_path: Path) -> None:
    path = tmp_path / "台账.xlsx"
    path.write_bytes(good_bytes())
    rows = "".join(f'<row r="{n}"><c r="A{n}" s="0"/></row>' for n in range(3, 300_000))
    path = rewritten(
        path,
        lambda xml: xml.replace(
            "</sheetData>", f'{rows}<row r="1048576"><c r="B1048576" s="0"/></row></sheetData>'
        ).replace("A1:B1", "A1:XFD1048576"),
    )
    assert read(path).sheets[0].height == 1


def test_a_lonely_far_cell_is_refused_before_the_reader_allocates(tmp_path: Path) -> None:
    path = tmp_path / "台账.xlsx"
    path.write_bytes(good_bytes())
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    path = rewritten(path, lambda xml: xml.replace("</sheetData>", far + "</sheetData>"))
    with pytest.raises(Refusal) as refused:
        read(path)
    assert refused.value.code == "intake.file.stray"
    assert "1048576" in refused.value.sentence


def test_declared_sizes_are_not_believed(tmp_path: Path) -> None:
    """A part that says it is small, and unpacks to more than is allowed, is stopped on the way."""
    data = bytearray(bomb())
    at = data.rfind(b"PK\x01\x02", 0, data.rfind(b"xl/worksheets/sheet1.xml"))
    struct.pack_into("<I", data, at + 24, 100)
    path = tmp_path / "台账.xlsx"
    path.write_bytes(bytes(data))
    with pytest.raises(Refusal) as refused:
        read(path)
    assert refused.value.code.startswith("intake.file.")
