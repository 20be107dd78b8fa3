"""The marks of an .xls workbook ([MS-XLS]): the reader of values shows error cells as blanks there.

Only BIFF8 (Excel 97 and later) is looked at; of an older or damaged file nothing is known. A formula
that was saved without its value cannot be told from one whose value is 0.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from struct import iter_unpack, unpack_from

from linli.work.intake.compound import Damaged, stream
from linli.work.intake.marks import Marks

_EOF, _SHEET, _XF, _FORMAT, _BOF = 0x000A, 0x0085, 0x00E0, 0x041E, 0x0809
_FORMULA, _NUMBER, _RK, _MANY_RK, _ERROR = 0x0006, 0x0203, 0x027E, 0x00BD, 0x0205
_TEXTS = (0x00FD, 0x0204)
_ROW, _COLUMNS = 0x0208, 0x007D
_BIFF8 = 0x0600
_HIDDEN_ROW = 0x20
_BUILT_IN_PERCENT = frozenset((9, 10))
_ERRORS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?",
    0x24: "#NUM!", 0x2A: "#N/A",
}  # fmt: skip


@dataclass(slots=True)
class _Book:
    """What stands before the sheets: where each begins, and which styles show percentages."""

    sheets: dict[str, int] = field(default_factory=dict)
    styles: list[int] = field(default_factory=list)
    formats: set[int] = field(default_factory=lambda: set(_BUILT_IN_PERCENT))

    def percents(self) -> frozenset[int]:
        """Numbers of the styles whose format is a percentage."""
        return frozenset(n for n, kept in enumerate(self.styles) if kept in self.formats)


def xls_marks(path: Path) -> dict[str, Marks]:
    """The marks of each sheet, by its name; nothing for a file that is older or damaged."""
    try:
        data = stream(path.read_bytes(), "Workbook")
        if data is None or unpack_from("<H", data, 4)[0] != _BIFF8:
            return {}
        book = _book(data)
        percents = book.percents()
        return {name: _marks(data, at, percents) for name, at in book.sheets.items()}
    except Damaged:
        return {}


def _records(data: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """The records of a substream, from its beginning to its end."""
    while at + 4 <= len(data):
        sort, length = unpack_from("<2H", data, at)
        yield sort, data[at + 4 : at + 4 + length]
        if sort == _EOF:
            return
        at += 4 + length


def _book(data: bytes) -> _Book:
    book = _Book()
    for sort, body in _records(data, 0):
        if sort == _SHEET:
            (at,) = unpack_from("<I", body)
            book.sheets[_text(body, 8, body[6], body[7])] = at
        elif sort == _XF:
            book.styles.append(unpack_from("<H", body, 2)[0])
        elif sort == _FORMAT:
            number, length, flags = unpack_from("<2HB", body)
            if "%" in _text(body, 5, length, flags):
                book.formats.add(number)
    return book


def _text(body: bytes, at: int, length: int, flags: int) -> str:
    if flags & 1:
        return body[at : at + 2 * length].decode("utf-16-le", "replace")
    return body[at : at + length].decode("latin-1")


def _marks(data: bytes, at: int, percents: frozenset[int]) -> Marks:
    marks = Marks()
    filled: set[int] = set()
    hidden: list[int] = []
    for sort, body in _records(data, at):
        if sort == _ROW:
            row, options = unpack_from("<H10xI", body)
            if options & _HIDDEN_ROW:
                hidden.append(row)
        elif sort == _COLUMNS:
            first, last, options = unpack_from("<2H4xH", body)
            if options & 1:
                marks.hidden_columns.extend(range(first, min(last + 1, first + 50)))
        elif sort in _TEXTS:
            filled.add(unpack_from("<H", body)[0])
        elif sort in (_FORMULA, _NUMBER, _RK, _ERROR, _MANY_RK):
            filled.add(unpack_from("<H", body)[0])
            _cell(sort, body, percents, marks)
    marks.hidden_rows = [row for row in hidden if row in filled]
    return marks


def _cell(sort: int, body: bytes, percents: frozenset[int], marks: Marks) -> None:
    row, column, style = unpack_from("<3H", body)
    error = None
    if sort == _ERROR and body[7]:
        error = body[6]
    elif sort == _FORMULA and body[12:14] == b"\xff\xff":
        if body[6] != 2:
            return  # a text or a truth value
        error = body[8]
    if error is not None:
        marks.faults.setdefault(row, {})[column] = _ERRORS.get(error, "#N/A")
    elif sort == _MANY_RK:
        styles = iter_unpack("<H4x", body[4:-2])
        shown = {column + n for n, (one,) in enumerate(styles) if one in percents}
        if shown:
            marks.percents.setdefault(row, set()).update(shown)
    elif sort != _ERROR and style in percents:
        marks.percents.setdefault(row, set()).add(column)
