"""A piece of a workbook around one cell, as the office wrote it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from pathlib import Path

from linli.kernel.errors import Refusal, sentences
from linli.work.intake.read import Sheet, Value, read

sentences(
    {
        "web.source.sheet": ("文件里没有名为“{sheet}”的工作表。", "请下载原文件查看。"),
    }
)

_ABOVE, _BELOW, _COLUMNS, _TOP, _LONG = 6, 8, 14, 3, 28
_CELL = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its text, and whether it is the one that was asked for."""

    text: str
    here: bool

    @property
    def long(self) -> bool:
        """Whether the text should wrap instead of widening its column."""
        return len(self.text) > _LONG


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Rows of (row number, cells); `gap` is the row before which rows are left out, or 0."""

    sheet: str
    letters: tuple[str, ...]
    rows: tuple[tuple[int, tuple[Cell, ...]], ...]
    gap: int


def excerpt(path: Path, sheet_name: str, cell: str, row: int) -> Excerpt:
    """The rows around a cell (or a row), under the first rows of the sheet."""
    sheet = _sheet(path, sheet_name)
    column, target = _target(cell, row)
    first = max(1, target - _ABOVE)
    left = max(0, column - _COLUMNS + 4)
    wanted = list(_rows(sheet, first, target + _BELOW))
    width = max((_width(values) for _, values in wanted), default=0)
    right = min(width, left + _COLUMNS)
    rows = tuple(
        (
            number,
            tuple(
                Cell(
                    _text(values[at]) if at < len(values) else "", number == target and at == column
                )
                for at in range(left, right)
            ),
        )
        for number, values in wanted
    )
    gap = first if first > _TOP + 1 else 0
    return Excerpt(sheet.name, tuple(_letters(at) for at in range(left, right)), rows, gap)


def _rows(sheet: Sheet, first: int, last: int) -> list[tuple[int, list[Value]]]:
    rows = enumerate(islice(sheet.rows(), last), start=1)
    return [(number, list(row)) for number, row in rows if number <= _TOP or number >= first]


def _sheet(path: Path, name: str) -> Sheet:
    sheets = read(path).sheets
    found = next((one for one in sheets if one.name == name), None)
    if found is None and len(sheets) == 1:  # a text table is named after its file
        found = sheets[0]
    if found is None:
        raise Refusal("web.source.sheet", sheet=name)
    return found


def _target(cell: str, row: int) -> tuple[int, int]:
    """0-based column (-1: none) and 1-based row of an address like C7."""
    match = _CELL.fullmatch(cell)
    if match is None:
        return -1, max(1, row)
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return column - 1, int(match[2])


def _letters(column: int) -> str:
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def _width(values: list[Value]) -> int:
    return max((at + 1 for at, value in enumerate(values) if value != ""), default=0)


def _text(value: Value) -> str:
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M").removesuffix(" 00:00")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return f"{value:.15g}"
    return str(value)
