"""Text tables (.csv, .tsv, and text saved as .xls): encoding and separator found, then rows."""

from __future__ import annotations

import codecs
import csv
import io
from pathlib import Path

from linli.kernel.errors import Refusal

_SEPARATORS = (",", "\t", ";", "，", "|")


def decode(path: Path) -> str:
    """Return the file's text: BOM, then UTF-8, then GB 18030; refuse what reads in none."""
    data = path.read_bytes()
    for bom, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(bom):
            return _strictly(path, data, encoding)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _strictly(path, data, "gb18030")


def _strictly(path: Path, data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as fault:
        row = data.count(b"\n", 0, fault.start) + 1
        raise Refusal("intake.file.encoding", file=path.name, row=row) from fault


def rows_of(text: str) -> list[list[str | float]]:
    """Return the rows, all equally long; plain numbers as numbers, everything else as text."""
    separator = _separator(text)
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    width = max((len(row) for row in rows), default=0)
    return [[_value(cell) for cell in row] + [""] * (width - len(row)) for row in rows]


def _separator(text: str) -> str:
    """The separator that splits the most of the first lines, evenly; commas inside text lose."""
    lines = [line for line in text.splitlines()[:50] if line.strip()]
    best, score = ",", 0
    for separator in _SEPARATORS:
        counts = [line.count(separator) for line in lines]
        present = sum(1 for count in counts if count)
        usual = max(set(counts), key=counts.count) if counts else 0
        points = present * (2 if usual else 1) + (sum(1 for c in counts if c == usual and c) * 2)
        if points > score:
            best, score = separator, points
    return best


def _value(cell: str) -> str | float:
    """A number only where nothing is lost: not 007, not an 18-digit number, not 3.10."""
    text = cell.strip()
    if not text or not (text[0].isdigit() or text[0] == "-") or len(text) > 12:
        return text
    try:
        number = float(text)
    except ValueError:
        return text
    plain = str(int(number)) if number.is_integer() and "." not in text else repr(number)
    return number if plain == text else text
