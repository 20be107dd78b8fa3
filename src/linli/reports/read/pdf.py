"""Read a .pdf report: its lines of text, which of them lie under links, and the attached seal.

A character belongs to a link when the middle of its ink lies in the link's rectangle (the em box of
punctuation is squeezed at line ends). Lines that hold only a
page number between dashes are the foot of the page.
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import pypdfium2
from pypdfium2 import raw

from linli.kernel.errors import Refusal
from linli.reports.links import key_of
from linli.reports.read.page import ELSEWHERE, Collector, ReadFile, ReadParagraph
from linli.reports.seal import Seal, from_json

_FOOT = re.compile(r"\s*[—–-]\s*\d+\s*[—–-]\s*")
_MOST_PAGES = 2000


@dataclass(frozen=True, slots=True)
class _Box:
    left: float
    bottom: float
    right: float
    top: float
    key: str

    def holds(self, x: float, y: float) -> bool:
        return self.left <= x <= self.right and self.bottom <= y <= self.top


def _boxes(document: pypdfium2.PdfDocument, page: pypdfium2.PdfPage) -> list[_Box]:
    position, link = ctypes.c_int(0), raw.FPDF_LINK()
    found: list[_Box] = []
    while raw.FPDFLink_Enumerate(page.raw, ctypes.byref(position), ctypes.byref(link)):
        action = raw.FPDFLink_GetAction(link)
        length = raw.FPDFAction_GetURIPath(document.raw, action, None, 0) if action else 0
        if length <= 0:
            continue
        buffer = ctypes.create_string_buffer(length)
        raw.FPDFAction_GetURIPath(document.raw, action, buffer, length)
        key = key_of(buffer.value.decode("utf-8", "replace"))
        rectangle = raw.FS_RECTF()
        if key and raw.FPDFLink_GetAnnotRect(link, ctypes.byref(rectangle)):
            found.append(
                _Box(rectangle.left, rectangle.bottom, rectangle.right, rectangle.top, key)
            )
    return found


def _characters(page: pypdfium2.PdfPage, boxes: list[_Box]) -> Iterator[tuple[str, str | None]]:
    text = page.get_textpage()
    for index in range(text.count_chars()):
        code = raw.FPDFText_GetUnicode(text.raw, index)
        letter = chr(code) if code else ""
        if not letter.strip():
            yield (letter, None)
            continue
        left, bottom, right, top = text.get_charbox(index)
        x, y = (left + right) / 2, (bottom + top) / 2
        yield letter, next((box.key for box in boxes if box.holds(x, y)), None)


_Line = list[tuple[str, str | None]]


def _lines(document: pypdfium2.PdfDocument, page: pypdfium2.PdfPage) -> Iterator[_Line]:
    line: _Line = []
    for letter, key in _characters(page, _boxes(document, page)):
        if letter in "\r\n":
            yield list(_joined(line))
            line = []
        elif letter.strip() or letter == " ":
            line.append((letter, key))
    yield list(_joined(line))


def _body(line: _Line) -> bool:
    return not _FOOT.fullmatch("".join(letter for letter, _ in line))


def _paragraphs(lines: list[_Line]) -> Iterator[ReadParagraph]:
    """Every line is a paragraph. A link that was broken over lines (of a narrow cell, say) stands
    in pieces between other text: it is put together in a paragraph of its own, a mark in its place.
    """
    pieces: dict[str, list[str]] = {}
    for line in lines:
        for key, group in groupby(line, key=lambda one: one[1]):
            if key is not None:
                pieces.setdefault(key, []).append("".join(letter for letter, _ in group))
    for line in lines:
        collector = Collector()
        for key, group in groupby(line, key=lambda one: one[1]):
            words = "".join(letter for letter, _ in group)
            whole = key is None or len(pieces[key]) == 1
            collector.add(words if whole else ELSEWHERE, key if whole else None)
        if (done := collector.done()) is not None:
            yield done
    for key, parts in pieces.items():
        if len(parts) > 1:
            collector = Collector()
            collector.add("".join(parts), key)
            if (done := collector.done()) is not None:
                yield done


def _joined(line: _Line) -> Iterator[tuple[str, str | None]]:
    """A space between two characters of one link is the gap between scripts, not a space."""
    for place, (letter, key) in enumerate(line):
        if letter == " ":
            before = line[place - 1][1] if place else None
            after = line[place + 1][1] if place + 1 < len(line) else None
            if before is not None and before == after:
                continue
            if not _wide_gap(line, place):
                continue
        yield letter, key


def _wide_gap(line: _Line, place: int) -> bool:
    """A space between two digits stands between two cells; elsewhere it is a gap of scripts."""
    before = line[place - 1][0] if place else ""
    after = line[place + 1][0] if place + 1 < len(line) else ""
    return before.isdigit() and after.isdigit()


def _seal(document: pypdfium2.PdfDocument) -> Seal | None:
    for index in range(raw.FPDFDoc_GetAttachmentCount(document.raw)):
        attachment = document.get_attachment(index)
        if attachment.get_name() == "figures.json":
            return from_json(bytes(attachment.get_data()))
    return None


def read(path: Path) -> ReadFile:
    """Return the lines of the pages and the seal."""
    try:
        document = pypdfium2.PdfDocument(str(path))
    except pypdfium2.PdfiumError as error:
        raise Refusal("reports.file.unreadable", file=path.name, why="不是完好的 PDF") from error
    with document:
        if len(document) > _MOST_PAGES:
            raise Refusal("reports.file.too_large", file=path.name)
        lines = [line for page in document for line in _lines(document, page) if _body(line)]
        return ReadFile(tuple(_paragraphs(lines)), _seal(document))
