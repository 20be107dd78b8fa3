"""`linli report` and `linli verify` as a person runs them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn

from tests.conftest import Ran

pytestmark = pytest.mark.slow


def _place(linli: Callable[..., Ran]) -> None:
    linli("init")
    linli("area", "add", "east", "--name", "东街社区", "--level", "community")


@pytest.mark.timeout(300)  # six commands, each a process of its own
def test_report_and_verify(linli: Callable[..., Ran], tmp_path: Path) -> None:
    _place(linli)
    book = tmp_path / "book.csv"
    rows = "3月5日,走访困难家庭,21\n3月9日,走访居民家庭,4\n"
    book.write_text(f"走访慰问台账\n日期,内容,户数\n{rows}", encoding="utf-8")
    linli("import", book, "--area", "east", "--year", "2010")
    out = tmp_path / "out"
    (row,) = linli(
        "report", "quarter", "--area", "east", "--period", "2010Q1", "--out", out, "--json"
    ).rows  # fmt: skip
    files = [Path(path) for path in row["files"]]
    assert [path.suffix for path in files] == [".docx", ".pdf", ".html"]
    assert {"25户", "21户", "4户"} <= {one["text"] for one in row["figures"]}
    (found,) = linli("verify", files[1], "--json").rows
    assert found["ok"] is True
    assert {one["state"] for one in found["figures"]} == {"same"}
    assert set(found["figures"][0]) == {"indicator", "text", "then", "now", "state"}
    document = docx.Document(str(files[0]))
    element = next(one for one in document.element.body.iter(qn("w:t")) if one.text == "25户")
    element.text = "35户"
    document.save(str(tmp_path / "changed.docx"))
    (found,) = linli("verify", tmp_path / "changed.docx", "--json", code=1).rows
    altered = [one for one in found["figures"] if one["state"] == "altered"]
    assert [(one["text"], one["then"], one["now"]) for one in altered] == [("35户", 25, 25)]


def test_wrong_words_are_refused(linli: Callable[..., Ran], tmp_path: Path) -> None:
    _place(linli)
    base = ("report", "quarter", "--area", "east", "--period", "2010Q1", "--out", tmp_path / "out")
    assert "没有输出格式" in linli(*base, "--format", "doc", code=2).err
    assert "没有可以写进报告的记录" in linli(*base, code=2).err
    assert "不在期间" in linli(*base, "--until", "2009-01-01", code=2).err
    assert not (tmp_path / "out").exists()
