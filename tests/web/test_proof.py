"""Evidence on the page of a record, and naming who supplied a count."""

from __future__ import annotations

import re
from collections.abc import Callable
from hashlib import sha256
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from linli.core.evidence.rules import HEAD_BYTES, LIMIT_MB, check_proof
from linli.kernel.errors import Refusals
from tests.web.conftest import Office, said

PHOTO = b"\xff\xd8\xff\xe0" + b"a photo of the sign-in sheet" * 40


def _file(name: str = "签到表.jpg", content: bytes = PHOTO) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def _send(client: Client, at: str, **more: Any) -> Any:
    return client.post(at + "proof/", {"proves": "走访签到表", "file": _file()} | more)


@pytest.fixture
def at(office: Office) -> str:
    """The address of a record."""
    return f"/a/garden/records/{office.visit().id}/"


def test_a_photo_becomes_evidence_and_comes_back(director: Client, at: str) -> None:
    assert "还没有佐证" in said(director.get(at))
    assert _send(director, at).status_code == 302
    page = said(director.get(at))
    assert "已存为佐证：签到表.jpg" in page
    assert "走访签到表" in page
    assert sha256(PHOTO).hexdigest() in page
    (where,) = re.findall(rf'href="({at}proof/[^"]+/file)"', page)
    answer: Any = director.get(where)
    assert b"".join(answer.streaming_content) == PHOTO
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_a_phone_takes_a_photo(director: Client, at: str) -> None:
    page = said(director.get(at))
    assert 'name="photo" type="file" accept="image/*" capture="environment"' in page
    sent = {"proves": "现场", "photo": _file("IMG_1.HEIC"), "file": ""}
    assert director.post(at + "proof/", sent).status_code == 302
    assert "IMG_1.HEIC" in said(director.get(at))


def test_the_same_file_twice_is_said(director: Client, office: Office, at: str) -> None:
    _send(director, at)
    _send(director, at, file=_file("副本.jpg"))
    page = said(director.get(at))
    assert "没有再存一份" in page
    assert page.count("走访签到表") == 1
    other = f"/a/garden/records/{office.visit('另一次').id}/"
    _send(director, other, proves="另一次的签到表")
    page = said(director.get(other))
    assert "先前存过（“签到表.jpg”，走访签到表）" in page
    assert page.count("/proof/") == 2  # the file, and the form


def test_only_who_may_adds_and_only_who_may_sees(
    director: Client, as_user: Callable[[str], Client], at: str
) -> None:
    _send(director, at)
    (where,) = re.findall(r'href="([^"]+/file)"', said(director.get(at)))
    inspector, neighbour = as_user("inspector"), as_user("neighbour")
    answer: Any = inspector.get(where)
    assert b"".join(answer.streaming_content) == PHOTO
    assert "能证明什么" not in said(inspector.get(at))
    assert _send(inspector, at).status_code == 403
    for page in (where, where.replace("garden", "river")):
        assert neighbour.get(page).status_code == 404
    assert _send(neighbour, at).status_code == 404
    assert _send(neighbour, at.replace("garden", "river")).status_code == 404


def test_a_file_is_given_out_for_its_own_record_only(
    director: Client, office: Office, at: str
) -> None:
    _send(director, at)
    (where,) = re.findall(r'href="([^"]+/file)"', said(director.get(at)))
    other = str(office.visit("另一次").id)
    assert director.get(re.sub(r"records/[^/]+", f"records/{other}", where)).status_code == 404


def test_a_withdrawn_record_keeps_its_evidence(director: Client, at: str) -> None:
    _send(director, at)
    director.post(at + "withdraw/", {"reason": "登记错了"})
    page = said(director.get(at))
    assert "走访签到表" in page
    assert "存为佐证</button>" not in page


def test_all_that_is_wrong_with_a_file_is_said_at_once(director: Client, at: str) -> None:
    answer = _send(director, at, proves="", file=_file("程序.exe", b"MZ"))
    page = said(answer)
    assert answer.status_code == 422
    assert "不是可以作佐证的类型" in page
    assert "没有写明这个文件能证明什么" in page
    answer = _send(director, at, file="")
    assert "没有选择佐证文件" in said(answer)
    assert 'value="走访签到表"' in said(answer)
    assert "还没有佐证" in said(director.get(at))


@pytest.mark.parametrize(
    ("name", "size", "head", "code"),
    [
        ("空.jpg", 0, b"", "evidence.empty"),
        ("长.mp4", LIMIT_MB * 1024 * 1024 + 1, b"\0\0\0 ftyp", "evidence.too_large"),
        ("页.html", 9, b"<html>", "evidence.type"),
        ("图.svg", 9, b"<svg>", "evidence.type"),
        ("包.zip", 9, b"PK\x03\x04", "evidence.type"),
        ("无后缀", 9, b"abc", "evidence.type"),
        ("照片.jpg", 9, b"MZ\x90\0", "evidence.disguised"),
        ("照片.png", 9, b"PK\x03\x04", "evidence.disguised"),
        ("说明.txt", 9, b"\xef\xbb\xbf  <!DOCTYPE html>", "evidence.disguised"),
        ("说明.PDF", 9, b"#!/bin/sh", "evidence.disguised"),
    ],
)
def test_what_is_no_evidence_is_refused(name: str, size: int, head: bytes, code: str) -> None:
    with pytest.raises(Refusals) as refused:
        check_proof(name, size, head[:HEAD_BYTES], "走访")
    assert [one.code for one in refused.value.problems] == [code]
    assert name in refused.value.problems[0].sentence


@pytest.mark.parametrize(
    ("name", "head"),
    [("表.xlsx", b"PK\x03\x04"), ("旧表.XLS", b"\xd0\xcf\x11\xe0"), ("照片.jpeg", PHOTO), ("a.txt", b"hi")],
)  # fmt: skip
def test_what_offices_have_is_taken(name: str, head: bytes) -> None:
    check_proof(name, len(head), head, "走访")


# 来源待补 -----------------------------------------------------------------------------------------


@pytest.fixture
def nameless(director: Client, office: Office) -> str:
    """The address of a count that waits for its source."""
    from datetime import date
    from decimal import Decimal

    from linli.core.records.actions import record_one
    from linli.core.records.rules import NewQuantity, State, new_record
    from linli.kernel.days import Occurred, Precision
    from linli.kernel.quantities import Quantity

    day = date(2010, 12, 31)
    new = new_record(
        "base.visit", "刑事案件数", Occurred(day, day, Precision.DAY, "2010年底"),
        quantities=[NewQuantity("base.visit.households", "件数", Quantity(Decimal(3), "户"))],
        state=State.SOURCE_WANTED,
    )  # fmt: skip
    made = record_one(actor=office.operator, area=office.garden, new=new)
    return f"/a/garden/records/{made.id}/"


def test_a_count_gets_its_source_where_it_is_missed(director: Client, nameless: str) -> None:
    overview = said(director.get("/a/garden/"))
    assert "1 条记录来源待补" in overview
    assert nameless + "source/" in overview
    assert nameless + "source/" in said(director.get(nameless))
    assert "提供单位" in said(director.get(nameless + "source/"))
    wrong = director.post(nameless + "source/", {"body": " "})
    assert wrong.status_code == 422
    assert "says--error" in said(wrong)
    assert director.post(nameless + "source/", {"body": "花园派出所"}).status_code == 302
    page = said(director.get(nameless))
    assert "花园派出所" in page
    assert "来源待补" not in page.replace("补明来源", "")
    assert "来源待补" not in said(director.get("/a/garden/"))
    assert director.get(nameless + "source/").status_code == 302  # nothing is missing any more


def test_naming_a_source_needs_the_right(as_user: Callable[[str], Client], nameless: str) -> None:
    inspector = as_user("inspector")
    assert "补来源" not in said(inspector.get(nameless))
    assert inspector.post(nameless + "source/", {"body": "派出所"}).status_code == 403
    assert UUID(nameless.split("/")[4])
