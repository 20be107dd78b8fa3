"""A sheet as a stream of lines: merged cells stand for their rows, blanks and covers known."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from linli.work.intake.read import Merge, Row, Sheet, Value

_NO_ORIGINS: Mapping[int, int] = MappingProxyType({})


@dataclass(slots=True)
class Line:
    """One row. ``own``: what stands in its cells; ``cells``: with the values of merged cells above.

    ``origins`` maps a column to the row its inherited value stands in.
    """

    row: int
    own: Row
    cells: Row
    filled: int
    origins: Mapping[int, int]

    def texts(self) -> list[tuple[int, Value]]:
        """The cells with something of their own in them: (column, value)."""
        return [(i, cell) for i, cell in enumerate(self.own) if cell != ""]


class Lines:
    """The lines of a sheet in order, with any look-ahead; memory holds only what is looked at."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self._rows = enumerate(sheet.rows())
        self._ahead: deque[Line] = deque()
        self._merges = deque(m for m in sheet.merges if m.bottom > m.top)
        self._open: list[tuple[Merge, Value]] = []
        self.spans: dict[int, list[Merge]] = {}
        for merge in sheet.merges:
            if merge.right > merge.left:
                self.spans.setdefault(merge.top, []).append(merge)

    @classmethod
    def of(cls, lines: list[Line], sheet: Sheet, spans: dict[int, list[Merge]]) -> Lines:
        """Lines that were read before, as a stream of their own."""
        again = cls(Sheet(sheet.name))
        again.sheet, again.spans = sheet, spans
        again._ahead.extend(lines)
        return again

    def peek(self, ahead: int = 0) -> Line | None:
        """The line so many lines ahead, not taken; None beyond the end."""
        queue = self._ahead
        while len(queue) <= ahead:
            line = self._next()
            if line is None:
                return None
            queue.append(line)
        return queue[ahead]

    def take(self) -> Line | None:
        """The next line, taken."""
        if self._ahead:
            return self._ahead.popleft()
        return self._next()

    def put_back(self, line: Line) -> None:
        """Undo the last `take`."""
        self._ahead.appendleft(line)

    def _next(self) -> Line | None:
        for row, values in self._rows:
            cells = [v.strip() if type(v) is str else v for v in values]
            filled = len(cells) - cells.count("")
            if self._open or (self._merges and self._merges[0].top <= row):
                return self._merged(row, cells, filled)
            return Line(row, cells, cells, filled, _NO_ORIGINS)
        return None

    def _merged(self, row: int, cells: list[Value], filled: int) -> Line:
        self._open = [pair for pair in self._open if pair[0].bottom >= row]
        while self._merges and self._merges[0].top <= row:
            merge = self._merges.popleft()
            if merge.left < len(cells):
                self._open.append((merge, cells[merge.left]))
        whole = list(cells)
        origins: dict[int, int] = {}
        for merge, value in self._open:
            if merge.top < row and value != "" and whole[merge.left] == "":
                whole[merge.left] = value
                origins[merge.left] = merge.top
        return Line(row, cells, whole, filled, origins)

    def __iter__(self) -> Iterator[Line]:
        while (line := self.take()) is not None:
            yield line


def address(row: int, column: int) -> str:
    """The cell's name, ``D12``, from 0-based row and column."""
    return f"{letters(column)}{row + 1}"


_LETTERS: list[str] = []


def letters(column: int) -> str:
    """The column's letters from its 0-based number."""
    while len(_LETTERS) <= column:
        number, name = len(_LETTERS) + 1, ""
        while number:
            number, rest = divmod(number - 1, 26)
            name = chr(65 + rest) + name
        _LETTERS.append(name)
    return _LETTERS[column]
