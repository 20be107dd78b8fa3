"""What a file really is, found before any reader opens it, so that a bad one is refused in words.

Nothing here trusts a suffix, a declared size or the zip directory: what is decompressed is counted.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from lxml import etree

from linli.kernel.errors import Refusal, sentences

MAX_FILE = 100 * 2**20
MAX_PART = 600 * 2**20  # a sheet of a million rows is about 500 MB of XML
MAX_WHOLE = 1500 * 2**20
MAX_RATIO = 250  # sheets of equal rows compress about 60 times
MAX_ENTRIES = 5_000
MAX_DENSE = 40_000_000  # cells of the rectangle that a reader would allocate
_CHUNK = 1 << 20
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_AT = re.compile(rb'r="([A-Z]{1,3})(\d+)"')
_TWO_LETTERS = re.compile(rb'r="[A-Z]{2}')
_WIDE = re.compile(rb'<c (?:[^>]*? )?r="([A-Z]{2,3})\d+"(?:[^>]*[^/>])?>')
# Formulas, error values and hidden rows: worth a careful pass.
_MARKS = (b"<f", b't="e"', b'hidden="')
_LIVE = re.compile(rb"<t[^>]*>\s*[=@]")
_BUILT_IN_PERCENT = {"9", "10"}

sentences(
    {
        "intake.file.missing": ("找不到文件 {file}。", "请检查路径和文件名。"),
        "intake.file.empty": ("{file} 是空文件，一个字节也没有。", "请重新导出或另存后再导入。"),
        "intake.file.large": (
            "{file} 有 {size} MB，超过上限 {limit} MB。",
            "请按年份或工作表拆成几个文件分别导入。",
        ),
        "intake.file.truncated": (
            "{file} 不完整，像是没有下载完或复制中断。",
            "请重新取得这个文件，用 Excel 或 WPS 打开确认后再导入。",
        ),
        "intake.file.password": (
            "{file} 设了打开密码，读不了。",
            "请在 Excel 或 WPS 里取消密码，另存后再导入。",
        ),
        "intake.file.bomb": (
            "{file} 解压后大得不正常（{detail}），没有打开。",
            "请确认文件来源；真是台账的，请另存为新文件后再导入。",
        ),
        "intake.file.stray": (
            "{file} 里有一张表在第 {row} 行、第 {column} 列还有孤立的内容，中间空着上千万格。",
            "请在 Excel 里按 Ctrl+End 找到那一格，删掉多余的行和列，保存后再导入。",
        ),
        "intake.file.other": (
            "{file} 不是工作簿，而是{actual}。",
            "请用 Excel 或 WPS 另存为 .xlsx 或 .csv 后再导入。",
        ),
        "intake.file.unreadable": (
            "{file} 打不开：{detail}。",
            "请用 Excel 或 WPS 打开并另存后再导入。",
        ),
        "intake.file.encoding": (
            "{file} 的文字编码认不出来，从第 {row} 行起读不通。",
            "请用 Excel 或 WPS 打开，另存为 UTF-8 编码的 .csv 或 .xlsx 后再导入。",
        ),
    }
)


@dataclass(slots=True)
class Part:
    """What one pass over a worksheet's XML has seen."""

    name: str
    last_row: int = 0
    columns: int = 26
    suspicious: bool = False  # formulas, errors or hidden rows: worth a careful pass


@dataclass(slots=True)
class Nature:
    """The sort of a file: xlsx, xlsb, xls, ods or text; with worksheet parts for xlsx."""

    sort: str
    parts: dict[str, Part] = field(default_factory=dict)
    percent_styles: frozenset[str] = frozenset()
    garbled: bool = False
    formulas: bool = False


def inspect(path: Path) -> Nature:
    """Return what the file is; refuse what is no workbook or would harm the reader."""
    name = path.name
    if not path.is_file():
        raise Refusal("intake.file.missing", file=name)
    size = path.stat().st_size
    if size == 0:
        raise Refusal("intake.file.empty", file=name)
    if size > MAX_FILE:
        raise Refusal("intake.file.large", file=name, size=size >> 20, limit=MAX_FILE >> 20)
    with path.open("rb") as handle:
        head = handle.read(4096)
    if head.startswith(b"PK"):
        return _inspect_zip(path)
    if head.startswith(_OLE):
        return _inspect_ole(path)
    return _inspect_plain(path, head)


def _inspect_plain(path: Path, head: bytes) -> Nature:
    low = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    for magic, actual in (
        (b"%pdf", " PDF 文档"),
        (b"{\\rtf", " RTF 文档"),
        (b"\x89png", "图片"),
        (b"\xff\xd8\xff", "图片"),
        (b"gif8", "图片"),
        (b"rar!", "压缩包"),
        (b"7z\xbc\xaf", "压缩包"),
        (b"<!doctype html", "网页（改了后缀的 HTML）"),
        (b"<html", "网页（改了后缀的 HTML）"),
        (b"<table", "网页（改了后缀的 HTML）"),
        (b"<?xml", " XML 文件"),
    ):
        if low.startswith(magic):
            raise Refusal("intake.file.other", file=path.name, actual=actual)
    if b"<html" in low or b"<table" in low:
        raise Refusal("intake.file.other", file=path.name, actual="网页（改了后缀的 HTML）")
    utf16 = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    if b"\x00" in head and not utf16:
        raise Refusal("intake.file.other", file=path.name, actual="认不出的二进制文件")
    if path.suffix.lower() in (".xlsx", ".xlsm", ".xlsb", ".ods"):
        raise Refusal("intake.file.other", file=path.name, actual="改了后缀的文本文件")
    return Nature("text")


def _inspect_ole(path: Path) -> Nature:
    data = path.read_bytes()
    if len(data) < 1024 or (len(data) % 512 and len(data) < 1536):
        raise Refusal("intake.file.truncated", file=path.name)
    if _utf16("EncryptedPackage") in data:
        raise Refusal("intake.file.password", file=path.name)
    if _utf16("Workbook") in data or _utf16("Book") in data:
        return Nature("xls")
    for stream, actual in (
        ("WordDocument", " Word 文档（.doc）"),
        ("PowerPoint Document", "演示文稿（.ppt）"),
    ):
        if _utf16(stream) in data:
            raise Refusal("intake.file.other", file=path.name, actual=actual)
    raise Refusal("intake.file.truncated", file=path.name)


def _utf16(text: str) -> bytes:
    return text.encode("utf-16-le")


def _inspect_zip(path: Path) -> Nature:
    try:
        with zipfile.ZipFile(path) as archive:
            return _inspect_archive(path.name, archive)
    except (zipfile.BadZipFile, EOFError, zlib.error, OSError) as fault:
        raise Refusal("intake.file.truncated", file=path.name) from fault
    except (RuntimeError, NotImplementedError) as fault:  # zipfile: encrypted, odd compression
        raise Refusal("intake.file.password", file=path.name) from fault


def _inspect_archive(name: str, archive: zipfile.ZipFile) -> Nature:
    entries = archive.infolist()
    if len(entries) > MAX_ENTRIES:
        raise Refusal("intake.file.bomb", file=name, detail=f"{len(entries)} 个部件")
    sort = _office_sort(name, archive)
    declared = sum(entry.file_size for entry in entries)
    packed = max(sum(entry.compress_size for entry in entries), 1)
    if declared > MAX_WHOLE or (declared > 2**26 and declared / packed > MAX_RATIO):
        raise Refusal("intake.file.bomb", file=name, detail=f"解压后 {declared >> 20} MB")
    nature = Nature(sort)
    if sort == "xlsx":
        nature.percent_styles = percent_styles(archive)
        marks = (*_MARKS, *(f' s="{style}"'.encode() for style in nature.percent_styles))
        for entry in entries:
            if entry.filename.startswith("xl/worksheets/") and entry.filename.endswith(".xml"):
                nature.parts[entry.filename] = _scan(name, archive, entry, marks, nature)
            elif entry.filename == "xl/sharedStrings.xml":
                _look_at_strings(name, archive, entry, nature)
    return nature


def _office_sort(name: str, archive: zipfile.ZipFile) -> str:
    names = set(archive.namelist())
    if "xl/workbook.bin" in names:
        return "xlsb"
    if any(n.startswith("xl/") for n in names):
        return "xlsx"
    if any(n.startswith("word/") for n in names):
        raise Refusal("intake.file.other", file=name, actual=" Word 文档（改了后缀的 .docx）")
    if any(n.startswith("ppt/") for n in names):
        raise Refusal("intake.file.other", file=name, actual="演示文稿（改了后缀的 .pptx）")
    if "mimetype" in names and b"spreadsheet" in archive.read("mimetype")[:200]:
        return "ods"
    raise Refusal("intake.file.other", file=name, actual="压缩包")


def chunks(name: str, handle: IO[bytes]) -> Iterator[bytes]:
    """Yield pieces of a decompressed part, refusing more than the declared limit allows."""
    size = 0
    while piece := handle.read(_CHUNK):
        size += len(piece)
        if size > MAX_PART:
            raise Refusal("intake.file.bomb", file=name, detail=f"一个部件超过 {MAX_PART >> 20} MB")
        yield piece


def _scan(
    name: str,
    archive: zipfile.ZipFile,
    entry: zipfile.ZipInfo,
    marks: tuple[bytes, ...],
    nature: Nature,
) -> Part:
    """One cheap pass: how large the reader's rectangle would be, and what needs a closer look."""
    part = Part(entry.filename)
    tail = b""
    with archive.open(entry) as handle:
        for piece in chunks(name, handle):
            text = tail + piece
            if _TWO_LETTERS.search(text):
                part.columns = max((part.columns, *map(_column, set(_WIDE.findall(text)))))
            part.suspicious = part.suspicious or any(mark in text for mark in marks)
            part.last_row = max(part.last_row, _last_row(text))
            if not piece.isascii() or b"<is" in text or b"&" in piece:
                _look_at(piece, nature)  # strings may stand in the sheet itself
            tail = piece[-64:]
    if part.last_row * part.columns > MAX_DENSE:
        raise Refusal("intake.file.stray", file=name, row=part.last_row, column=part.columns)
    return part


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _last_row(text: bytes) -> int:
    at = text.rfind(b'r="')
    while at >= 0:
        if found := _AT.match(text, at):
            return int(found.group(2))
        at = text.rfind(b'r="', 0, at)
    return 0


def percent_styles(archive: zipfile.ZipFile) -> frozenset[str]:
    """Indexes of cell styles that show a number as a percentage (0.97 shown as 97%)."""
    if "xl/styles.xml" not in archive.namelist():
        return frozenset()
    if archive.getinfo("xl/styles.xml").file_size > 2**24:
        return frozenset()
    root = etree.fromstring(archive.read("xl/styles.xml"), xml_parser())
    formats = {
        f.get("numFmtId")
        for f in root.iterfind(".//{*}numFmts/{*}numFmt")
        if "%" in (f.get("formatCode") or "")
    } | _BUILT_IN_PERCENT
    styles = root.iterfind(".//{*}cellXfs/{*}xf")
    return frozenset(str(i) for i, xf in enumerate(styles) if xf.get("numFmtId") in formats)


def xml_parser() -> etree.XMLParser:
    """A parser that resolves no entity and reaches no network."""
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)


def _look_at_strings(
    name: str, archive: zipfile.ZipFile, entry: zipfile.ZipInfo, nature: Nature
) -> None:
    """Whether strings hold marks of a wrong decoding, or text that a spreadsheet would run."""
    with archive.open(entry) as handle:
        for piece in chunks(name, handle):
            _look_at(piece, nature)


def _look_at(piece: bytes, nature: Nature) -> None:
    nature.garbled = nature.garbled or garbled_bytes(piece)
    nature.formulas = nature.formulas or _LIVE.search(piece) is not None


_MOJIBAKE = re.compile(rb"\xc3[\xa2-\xa9](?:\xc2[\x80-\xbf]|\xe2[\x80\x82]|\xc5|\xc6|\xcb)")


def garbled_bytes(piece: bytes) -> bool:
    """Whether UTF-8 bytes look like text that was decoded wrongly before it was saved."""
    return (
        (b"\xef" in piece and b"\xef\xbf\xbd" in piece)  # one byte is found far more quickly
        or (b"&" in piece and b"&#65533;" in piece)
        or "锟斤拷".encode() in piece
        or "烫烫烫".encode() in piece
        or (b"\xc3" in piece and _MOJIBAKE.search(piece) is not None)
    )
