"""The tables of a sheet: heads found, bodies as streams of lines, ends seen in time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from linli.work.intake.forms import begins_form
from linli.work.intake.head import Head, heads_numbers, looks_like_header, take_head
from linli.work.intake.lines import Line, Lines
from linli.work.intake.read import Sheet
from linli.work.intake.words import Sort, Vocabulary

SAMPLE = 200


@dataclass(slots=True)
class Table:
    """One table: its head, a sample of the lines to come, and the lines themselves, once."""

    sheet: Sheet
    ordinal: int
    head: Head
    lines: Lines
    words: Vocabulary
    _done: bool = field(default=False)

    def sample(self) -> list[Line]:
        """The first lines of the body (not taken)."""
        found: list[Line] = []
        for ahead in range(SAMPLE):
            line = self.lines.peek(ahead)
            if line is None or self._ends_at(ahead, line):
                break
            if line.filled:
                found.append(line)
        return found

    def body(self) -> Iterator[Line]:
        """Take and yield the lines of the body: blank ones and repeated headers are left out."""
        lines, key, roles = self.lines, self.head.key, self.words.registry.roles
        while (line := lines.take()) is not None:
            # Nearly all lines are plainly of this table: only the others are worth a look ahead.
            first = line.own[0]
            if line.filled < 2 or (type(first) is str and first in roles):
                lines.put_back(line)
                if self._ends_at(0, line):
                    break
                lines.take()
            if line.filled and not (key and line.own[0] == key[0] and tuple(line.own) == key):
                yield line
        self._done = True

    def drain(self) -> None:
        """Take what a reader has left of the body."""
        if not self._done:
            for _ in self.body():
                pass

    def _ends_at(self, ahead: int, line: Line) -> bool:
        """Whether another table begins at this line: a title or header, after a blank or not."""
        if not line.filled:
            return self._another_after(ahead)
        if line.filled == 1:
            return self._title_of_another(ahead, line)
        first = next(iter(line.own))
        if type(first) is str and first in self.words.registry.roles:
            return self._other_header(ahead, line)
        return False

    def _another_after(self, ahead: int) -> bool:
        """After blank lines: a header, or a title over a header, begins another table."""
        blanks = 0
        line = self.lines.peek(ahead)
        while line is not None and not line.filled:
            blanks += 1
            line = self.lines.peek(ahead + blanks)
            if blanks > 1000:
                return False
        if line is None:
            return True
        start = ahead + blanks
        if line.filled == 1:
            return self._title_of_another(start, line) or self._title_of_numbers(start, line)
        if self.head.form != begins_form(self.lines, start, self.words):
            return True
        return looks_like_header(self.lines, start, self.words)

    def _title_of_another(self, ahead: int, line: Line) -> bool:
        text = next(v for v in line.own if v != "")
        if not isinstance(text, str) or self.words.sort_of(text) is not Sort.WORK:
            return False
        for step in range(1, 5):
            below = self.lines.peek(ahead + step)
            if below is None:
                return False
            if below.filled > 1:
                return self._other_header(ahead + step, below) or (
                    tuple(below.own) == self.head.key
                )
        return False

    def _title_of_numbers(self, ahead: int, line: Line) -> bool:
        """Below blank lines: a title, and right under it other names over columns of numbers."""
        text = next(v for v in line.own if v != "")
        below = self.lines.peek(ahead + 1)
        return (
            isinstance(text, str)
            and self.words.sort_of(text) is Sort.WORK
            and below is not None
            and tuple(below.own) != self.head.key
            and heads_numbers(self.lines, ahead + 1, self.words)
        )

    def _other_header(self, ahead: int, line: Line) -> bool:
        """A header in exact words that is not this table's own, repeated at a page's top."""
        if tuple(line.own) == self.head.key:
            return False
        texts = [v for _, v in line.texts()]
        exact = sum(1 for v in texts if isinstance(v, str) and self.words.is_role_word(v))
        return (
            exact >= 2
            and exact * 2 >= len(texts)
            and looks_like_header(self.lines, ahead, self.words)
        )


def tables(sheet: Sheet, words: Vocabulary) -> Iterator[Table]:
    """Yield the tables of the sheet, top to bottom; each is drained before the next is found."""
    lines = Lines(sheet)
    ordinal = 0
    while True:
        while (line := lines.peek()) is not None and not line.filled:
            lines.take()
        if line is None:
            return
        table = Table(sheet, ordinal, take_head(lines, words), lines, words)
        yield table
        table.drain()
        ordinal += 1
