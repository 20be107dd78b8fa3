"""A workbook file becomes sheets of cell values, with merges and marks. Django-free."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path

import python_calamine as calamine

from linli.kernel.errors import Refusal
from linli.work.intake.delimited import decode, rows_of
from linli.work.intake.guard import Nature, inspect
from linli.work.intake.marks import Marks, marks_of
from linli.work.intake.xls_marks import xls_marks

Value = str | int | float | bool | date | datetime | time | timedelta
Row = Sequence[Value]
_FORMULA = re.compile(r'(?:^|[,;\t"])\s*[=@]', re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Merge:
    """A merged rectangle, 0-based and inclusive."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(slots=True)
class Sheet:
    """One sheet. ``rows()`` yields lists of equal length from column A and row 1 on, '' = empty."""

    name: str
    hidden: bool = False
    merges: tuple[Merge, ...] = ()
    marks: Marks = field(default_factory=Marks)
    garbled: bool = False  # somewhere stands text that was decoded wrongly
    formulas: bool = False  # somewhere stands text that a spreadsheet would run
    _source: calamine.CalamineSheet | list[list[Value]] = field(default_factory=list)

    def rows(self) -> Iterator[Row]:
        """Yield the rows; may be called again for another pass."""
        if isinstance(self._source, list):
            return iter(self._source)
        left = self._source.start[1] if self._source.start else 0
        rows = self._source.iter_rows()
        if not left:
            return rows
        margin: list[Value] = [""] * left
        return (margin + row for row in rows)

    @property
    def height(self) -> int:
        """Number of rows, empty ones above included."""
        if isinstance(self._source, list):
            return len(self._source)
        return self._source.total_height + 1 if self._source.start else 0


@dataclass(slots=True)
class Book:
    """A workbook: its file name and its sheets in order.

    ``blind``: of this sort of file neither error cells nor percent formats can be seen.
    """

    name: str
    sheets: list[Sheet]
    blind: bool = False


def read(path: Path) -> Book:
    """Open a workbook or a text table; refuse anything else with a sentence."""
    nature = inspect(path)
    if nature.sort == "text":
        text = decode(path)
        garbled = "\ufffd" in text or "锟斤拷" in text or "烫烫烫" in text or "Ã" in text
        rows: list[list[Value]] = [list(row) for row in rows_of(text)]
        formulas = _FORMULA.search(text) is not None
        return Book(path.name, [Sheet(path.stem, garbled=garbled, formulas=formulas, _source=rows)])
    return Book(path.name, _sheets(path, nature), nature.sort in ("ods", "xlsb"))


def _sheets(path: Path, nature: Nature) -> list[Sheet]:
    try:
        marks = xls_marks(path) if nature.sort == "xls" else marks_of(path, nature)
        book = calamine.load_workbook(str(path))
        return [
            _sheet(book, meta, marks.get(meta.name), nature)
            for meta in book.sheets_metadata
            if meta.typ == calamine.SheetTypeEnum.WorkSheet
        ]
    except calamine.PasswordError as fault:
        raise Refusal("intake.file.password", file=path.name) from fault
    except calamine.ZipError as fault:
        raise Refusal("intake.file.truncated", file=path.name) from fault
    except (calamine.CalamineError, ValueError, KeyError, SyntaxError) as fault:
        detail = str(fault).split("(")[0].strip() or "内容损坏"
        raise Refusal("intake.file.unreadable", file=path.name, detail=detail) from fault


def _sheet(
    book: calamine.CalamineWorkbook,
    meta: calamine.SheetMetadata,
    marks: Marks | None,
    nature: Nature,
) -> Sheet:
    source = book.get_sheet_by_name(meta.name)
    merges = source.merged_cell_ranges or []
    return Sheet(
        name=meta.name,
        hidden=meta.visible != calamine.SheetVisibleEnum.Visible,
        merges=tuple(
            sorted((Merge(*start, *end) for start, end in merges), key=lambda m: (m.top, m.left))
        ),
        marks=marks or Marks(),
        garbled=nature.garbled,
        formulas=nature.formulas,
        _source=source,
    )
