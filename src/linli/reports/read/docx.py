"""Read a .docx as Word or LibreOffice left it: body text, hyperlinks, and the seal if it is there.

Headers and footers are not read (page numbers). Deleted text of tracked changes is skipped,
inserted text counts. A hyperlink may be an element with a relationship or a HYPERLINK field.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from linli.kernel.errors import Refusal
from linli.reports.links import key_of
from linli.reports.read.page import Collector, ReadFile, ReadParagraph
from linli.reports.seal import NAMESPACE, Seal

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_PACKAGE = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_SKIPPED = {f"{_W}del", f"{_W}moveFrom", f"{_W}pPr", f"{_W}rPr", f"{_W}drawing", f"{_W}pict"}
_FIELD = re.compile(r'HYPERLINK\s+"([^"]+)"')
_MOST_BYTES = 200_000_000
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)


def _xml(package: zipfile.ZipFile, name: str) -> etree._Element | None:
    try:
        info = package.getinfo(name)
    except KeyError:
        return None
    if info.file_size > _MOST_BYTES:
        raise Refusal("reports.file.too_large", file=name)
    return etree.fromstring(package.read(info), _PARSER)


class _Reader:
    def __init__(self, targets: dict[str, str]) -> None:
        self.targets = targets
        self.field: list[str | None] = []  # open fields: None while the code is read, then the key
        self.code = ""

    def paragraph(self, element: etree._Element) -> ReadParagraph | None:
        collector = Collector()
        self._walk(element, None, collector)
        return collector.done()

    def _walk(self, element: etree._Element, key: str | None, into: Collector) -> None:
        for child in element:
            tag = child.tag
            if tag in _SKIPPED or not isinstance(tag, str):
                continue
            if tag == f"{_W}hyperlink":
                target = self.targets.get(child.get(f"{_R}id", ""), "")
                self._walk(child, key_of(target), into)
            elif tag == f"{_W}t":
                into.add(child.text or "", key or self._field_key())
            elif tag in (f"{_W}tab", f"{_W}br", f"{_W}cr"):
                into.add("\n")
            elif tag == f"{_W}noBreakHyphen":
                into.add("-", key)
            elif tag == f"{_W}fldChar":
                self._field_mark(child.get(f"{_W}fldCharType", ""))
            elif tag == f"{_W}instrText":
                self.code += child.text or ""
            elif tag != f"{_W}p":  # a paragraph inside (text box) is met on its own
                self._walk(child, key, into)

    def _field_key(self) -> str | None:
        return next((key for key in reversed(self.field) if key), None)

    def _field_mark(self, kind: str) -> None:
        if kind == "begin":
            self.field.append(None)
            self.code = ""
        elif kind == "separate" and self.field:
            found = _FIELD.search(self.code)
            self.field[-1] = key_of(found.group(1)) if found else None
        elif kind == "end" and self.field:
            self.field.pop()


def _targets(package: zipfile.ZipFile) -> dict[str, str]:
    root = _xml(package, "word/_rels/document.xml.rels")
    if root is None:
        return {}
    return {
        one.get("Id", ""): one.get("Target", "") for one in root.iter(f"{_PACKAGE}Relationship")
    }


def _seal(package: zipfile.ZipFile) -> Seal | None:
    names = [name for name in package.namelist() if re.fullmatch(r"customXml/item\d+\.xml", name)]
    for name in sorted(names):
        root = _xml(package, name)
        if root is None or root.tag != f"{{{NAMESPACE}}}report":
            continue
        figures = root.findtext(f"{{{NAMESPACE}}}figures") or ""
        signature = root.find(f"{{{NAMESPACE}}}signature")
        if signature is not None:
            return Seal("", figures.encode(), signature.text or "", signature.get("key", ""))
    return None


def _paragraphs(root: etree._Element, reader: _Reader) -> Iterator[ReadParagraph]:
    for element in root.iter(f"{_W}p"):
        found = reader.paragraph(element)
        if found is not None:
            yield found


def read(path: Path) -> ReadFile:
    """Return the paragraphs and table cells of the body, in order, and the seal."""
    try:
        with zipfile.ZipFile(path) as package:
            root = _xml(package, "word/document.xml")
            if root is None:
                raise Refusal("reports.file.unreadable", file=path.name, why="里面没有正文")
            reader = _Reader(_targets(package))
            return ReadFile(tuple(_paragraphs(root, reader)), _seal(package))
    except (zipfile.BadZipFile, etree.XMLSyntaxError, EOFError, NotImplementedError) as error:
        why = "不是完好的 .docx 文件"
        raise Refusal("reports.file.unreadable", file=path.name, why=why) from error
