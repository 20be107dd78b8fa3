"""What a reader of values cannot see in .xlsx: formulas without a value, errors, percentages, hidden rows.

(For .xls see `xls_marks`.) Run only over sheets in which the guard's cheap pass saw something.
"""

from __future__ import annotations

import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from posixpath import normpath

from lxml import etree

from linli.work.intake.guard import Nature, xml_parser

_REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_REL = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"


@dataclass(slots=True)
class Marks:
    """By row (0-based): column → ``#REF!`` and the like, or ``formula`` for one without a value."""

    faults: dict[int, dict[int, str]] = field(default_factory=dict)
    percents: dict[int, set[int]] = field(default_factory=dict)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)


def marks_of(path: Path, nature: Nature) -> dict[str, Marks]:
    """Return the marks of each sheet that has any, by sheet name."""
    looked_at = {name for name, part in nature.parts.items() if part.suspicious}
    if not looked_at:
        return {}
    with zipfile.ZipFile(path) as archive:
        parts = _parts_by_sheet(archive)
        return {
            sheet: _read(archive, part, nature.percent_styles)
            for sheet, part in parts.items()
            if part in looked_at
        }


def _parts_by_sheet(archive: zipfile.ZipFile) -> dict[str, str]:
    book = etree.fromstring(archive.read("xl/workbook.xml"), xml_parser())
    links = etree.fromstring(archive.read("xl/_rels/workbook.xml.rels"), xml_parser())
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    found: dict[str, str] = {}
    for sheet in book.iterfind(".//{*}sheets/{*}sheet"):
        target = targets.get(sheet.get(_REL) or sheet.get(_STRICT_REL), "")
        inside = target[1:] if target.startswith("/") else normpath(f"xl/{target}")
        found[str(sheet.get("name"))] = inside
    return found


def _read(archive: zipfile.ZipFile, part: str, percent_styles: frozenset[str]) -> Marks:
    marks = Marks()
    with archive.open(part) as handle:
        rows = etree.iterparse(
            handle,
            tag=("{*}row", "{*}col"),
            resolve_entities=False,
            no_network=True,
            huge_tree=True,
        )
        for _, element in rows:
            if element.tag.endswith("}col"):
                _column(element, marks)
            else:
                _row(element, marks, percent_styles)
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
    return marks


def _column(element: etree._Element, marks: Marks) -> None:
    if element.get("hidden") in ("1", "true"):
        first, last = int(element.get("min", "1")), int(element.get("max", "1"))
        marks.hidden_columns.extend(range(first - 1, min(last, first + 50)))


def _row(element: etree._Element, marks: Marks, percent_styles: frozenset[str]) -> None:
    row = int(element.get("r", "0")) - 1
    if element.get("hidden") in ("1", "true") and len(element):
        marks.hidden_rows.append(row)
    for cell in element:
        style = cell.get("s")
        kind = cell.get("t", "n")
        if kind == "e":
            marks.faults.setdefault(row, {})[_at(cell)] = cell.findtext("{*}v") or "#N/A"
        elif style in percent_styles and kind == "n" and cell.findtext("{*}v"):
            marks.percents.setdefault(row, set()).add(_at(cell))
        if kind != "e" and cell.find("{*}f") is not None and not cell.findtext("{*}v"):
            # An Excel formula that yields "" writes <v></v> with t="str"; that one has its value.
            if kind != "str":
                marks.faults.setdefault(row, {})[_at(cell)] = "=" + (cell.findtext("{*}f") or "…")


def _at(cell: etree._Element) -> int:
    number = 0
    for letter in cell.get("r", "A"):
        if not letter.isalpha():
            break
        number = number * 26 + ord(letter) - 64
    return number - 1
