"""The head of a table: title lines, remarks above the header, and one to three header rows."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from linli.kernel.days import read_date
from linli.kernel.lexer import canonical_unit, read_quantity
from linli.work.intake.forms import begins_form
from linli.work.intake.lines import Line, Lines
from linli.work.intake.read import Merge, Value
from linli.work.intake.words import Sort, Vocabulary, bare, unit_in_brackets

_LOOK_AHEAD = 15
_SAYS = re.compile(r"表|台账|统计|情况|记录|计划|一览|登记|汇总|名单|名册|清单|明细|结果|小组")
_LABEL = re.compile(r"^[（(]?[^：:，。；（(【]{1,12}[：:]")
_MONTH = re.compile(
    r"(?:\d{4}年)?(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])月份?|第?[一二三四1-4]季度|[上下]半年|全年|(?:19|20)\d\d年?度?"
)


@dataclass(frozen=True, slots=True)
class Place:
    """A text and where it stands (0-based)."""

    row: int
    column: int
    text: str


@dataclass(frozen=True, slots=True)
class HeadColumn:
    """A column with its header texts from the top row down, and the row of the lowest."""

    index: int
    texts: tuple[str, ...]
    row: int


@dataclass(slots=True)
class Head:
    """What stands above the body. ``columns`` is empty where no header was found."""

    titles: list[Place] = field(default_factory=list)
    columns: list[HeadColumn] = field(default_factory=list)
    key: tuple[Value, ...] = ()
    first_row: int = 0
    form: bool = False  # no header: labels beside their values

    @property
    def title(self) -> str:
        """The line that says what the table is: 台账, 统计表, …; else the first that is no remark."""
        texts = [p.text for p in self.titles if not is_label(p.text)]
        return next((t for t in texts if _SAYS.search(t)), texts[0] if texts else "")

    @property
    def labels(self) -> list[Place]:
        """Remarks above the header: ``单位：万元``, ``依据：…``, ``位置：…``."""
        return [p for p in self.titles if is_label(p.text)]


def is_label(text: str) -> bool:
    """Whether the text is of the form ``label：content``."""
    return _LABEL.match(text) is not None


def take_head(lines: Lines, words: Vocabulary) -> Head:
    """Take the lines of the head that begins at the next line."""
    head = Head()
    count = find_header(lines, words)
    first = lines.peek()
    head.form = count is None and _form_ahead(lines, words) is not None
    head.first_row = first.row if first else 0
    above = _LOOK_AHEAD if count is None else count
    for _ in range(above):
        line = lines.peek()
        if head.form and begins_form(lines, 0, words):
            break
        if line is None or (count is None and (not line.filled or _is_body(line))):
            break
        lines.take()
        head.titles += [Place(line.row, i, str(v)) for i, v in line.texts()]
    if count is not None:
        _take_header_rows(head, lines, words)
    return head


def _is_body(line: Line) -> bool:
    return line.filled > 1 and not all(is_label(str(v)) for _, v in line.texts())


def find_header(lines: Lines, words: Vocabulary) -> int | None:
    """How many lines stand before the header row; None where there is none in sight."""
    blanks = 0
    for ahead in range(_LOOK_AHEAD):
        line = lines.peek(ahead)
        if line is None:
            return None
        blanks = blanks + 1 if not line.filled else 0
        if blanks > 3:
            return None
        if line.filled > 1 and begins_form(lines, ahead, words):
            return None
        if line.filled > 1 and _titles_side_by_side(lines, ahead):
            continue
        if line.filled and looks_like_header(lines, ahead, words):
            return ahead
        if line.filled > 1 and _is_body(line) and not _only_title_pieces(line):
            return None
    return None


def _form_ahead(lines: Lines, words: Vocabulary) -> int | None:
    for ahead in range(_LOOK_AHEAD):
        line = lines.peek(ahead)
        if line is None:
            return None
        if line.filled > 1 and begins_form(lines, ahead, words):
            return ahead
        if line.filled > 1 and _is_body(line):
            return None
    return None


def _titles_side_by_side(lines: Lines, ahead: int) -> bool:
    """Several titles in a line: each stands over a group of cells set apart by an empty column."""
    line, below = lines.peek(ahead), lines.peek(ahead + 1)
    if line is None or below is None:
        return False
    titles = [i for i, v in line.texts() if isinstance(v, str)]
    segments: list[list[int]] = []
    for column, _ in below.texts():
        if segments and column == segments[-1][-1] + 1:
            segments[-1].append(column)
        else:
            segments.append([column])
    return len(titles) == line.filled == len(segments) >= 2 and all(
        len(s) >= 2 and s[0] <= t <= s[-1] for s, t in zip(segments, titles, strict=True)
    )


def _only_title_pieces(line: Line) -> bool:
    """Two or three texts beside each other above a table: title and date, office and unit."""
    values = [v for _, v in line.texts()]
    return len(values) <= 3 and any(isinstance(v, str) and is_label(v) for v in values)


def looks_like_header(lines: Lines, ahead: int, words: Vocabulary) -> bool:
    """Whether the line names columns: only short texts, most of them known column names."""
    line = lines.peek(ahead)
    if line is None:
        return False
    values = [v for _, v in line.texts()]
    if len(values) == 1:
        return _one_column(lines, ahead, words, values[0])
    if not all(_may_name_a_column(v, words) for v in values) or all(
        isinstance(v, str) and is_label(v) for v in values
    ):
        return False
    known = sum(1 for v in values if _names_a_column(v, words))
    if known >= 2 or known * 2 >= len(values) > 0:
        return True
    return len({str(v) for v in values}) == len(values) and _numbers_follow(lines, ahead, values)


def _one_column(lines: Lines, ahead: int, words: Vocabulary, value: Value) -> bool:
    follower = lines.peek(ahead + 1)
    return (
        isinstance(value, str)
        and words.is_role_word(value)
        and follower is not None
        and follower.filled == 1
        and len(follower.own) - follower.own.count("") == 1
        and not looks_like_header(lines, ahead + 1, words)
    )


def _may_name_a_column(value: Value, words: Vocabulary) -> bool:
    if isinstance(value, str):
        if len(value) > 40 or words.sort_of(value) in (Sort.NOTE, Sort.SIGNATURE):
            return False
        if _MONTH.fullmatch(bare(value)):
            return True
        if value[0].isdigit() and read_quantity(value) is not None:
            return False
        return not _is_a_day(value)
    return (
        isinstance(value, float | int)
        and not isinstance(value, bool)
        and (1990 <= value <= 2100 and float(value).is_integer())
    )


def _is_a_day(text: str) -> bool:
    if not text[0].isdigit():
        return False
    reading = read_date(text)
    return reading is not None and bool(reading.occurred or reading.needs)


def _names_a_column(value: Value, words: Vocabulary) -> bool:
    if not isinstance(value, str):
        return True
    plain = bare(value)
    return (
        words.is_role_word(value)
        or unit_in_brackets(value) is not None
        or _MONTH.fullmatch(plain) is not None
        or (words.sort_of(value) is Sort.TOTAL)
        or (len(plain) <= 8 and bool(words.roles(value)))
    )


def _numbers_follow(lines: Lines, ahead: int, values: list[Value]) -> bool:
    """Short unknown texts are a header where the next lines hold numbers or dates."""
    if not all(isinstance(v, str) and len(bare(v)) <= 12 for v in values):
        return False
    for step in (1, 2, 3):
        line = lines.peek(ahead + step)
        if line is not None and any(not isinstance(v, str) for _, v in line.texts()):
            return True
    return False


def heads_numbers(lines: Lines, ahead: int, words: Vocabulary) -> bool:
    """Whether a line of words, one of them a known column name, stands over a column of numbers.

    Enough below a blank line and a title, where a table's own rows would go on with their numbers.
    """
    line = lines.peek(ahead)
    if line is None or line.filled < 3 or not looks_like_header(lines, ahead, words):
        return False
    if not any(_names_a_column(v, words) for _, v in line.texts()):
        return False
    below = [lines.peek(ahead + step) for step in (1, 2)]
    rows = [one for one in below if one is not None and one.filled > 1]
    return bool(rows) and any(
        all(column < len(row.own) and not isinstance(row.own[column], str) for row in rows)
        for column, value in line.texts()
        if isinstance(value, str)
    )


def _take_header_rows(head: Head, lines: Lines, words: Vocabulary) -> None:
    top = lines.take()
    if top is None:
        return
    rows = [top]
    texts = {i: [str(v)] for i, v in _spread(lines, top, {})}
    while len(rows) < 3 and (below := lines.peek()) is not None:
        if not _continues_header(lines, rows[-1], below, words):
            break
        lines.take()
        inherited = {i for i in below.origins if below.own[i] == ""}
        for i, v in _spread(lines, below, texts):
            if i not in inherited and str(v) not in texts.get(i, ()):
                texts.setdefault(i, []).append(str(v))
        rows.append(below)
    head.key = tuple(top.own)
    head.columns = [HeadColumn(i, tuple(t), _lowest(rows, i)) for i, t in sorted(texts.items())]


def _lowest(rows: list[Line], column: int) -> int:
    return next((r.row for r in reversed(rows) if r.own[column] != ""), rows[0].row)


def _spread(lines: Lines, line: Line, above: dict[int, list[str]]) -> list[tuple[int, Value]]:
    """The line's texts, each also over the columns that a horizontal merge covers."""
    found: dict[int, Value] = dict(line.texts())
    for merge in lines.spans.get(line.row, ()):
        value = line.own[merge.left] if merge.left < len(line.own) else ""
        if value != "" and merge.right - merge.left < len(line.own):
            for column in range(merge.left, min(merge.right + 1, len(line.own))):
                found.setdefault(column, value)
    if not lines.spans.get(line.row) and not above:
        _spread_unmerged(lines, line, found)
    return sorted(found.items())


def _spread_unmerged(lines: Lines, line: Line, found: dict[int, Value]) -> None:
    """A group name without a merge stands over the blanks to its right that are filled below."""
    below = lines.peek()
    if below is None or any(not isinstance(v, str) for _, v in below.texts()):
        return
    gaps = [i for i, _ in below.texts() if line.own[i] == ""]
    starts = sorted(found)
    for gap in gaps:
        left = [i for i in starts if i < gap]
        if left and all(below.own[i] != "" for i in range(left[-1], gap + 1)):
            found[gap] = line.own[left[-1]]


def _continues_header(lines: Lines, upper: Line, line: Line, words: Vocabulary) -> bool:
    values = line.texts()
    if not values or not all(
        isinstance(v, str) and _may_name_a_column(v, words) for _, v in values
    ):
        return False
    if _all_units(values):
        return True
    columns = {i for i, _ in values}
    spans = [m for m in lines.spans.get(upper.row, ()) if upper.own[m.left] != ""]
    if any(m.bottom == m.top and _under(m, columns) for m in spans):
        return all(any(m.left <= i <= m.right for m in spans) for i in columns)
    if len(values) == 1 and len(upper.texts()) > 2:
        return False
    joined = [i for i, row in line.origins.items() if row == upper.row and upper.own[i] != ""]
    if joined:
        return all(len(bare(str(v))) <= 15 for _, v in values) and bool(
            columns - {i for i, v in upper.texts()} or spans
        )
    return _fills_gaps(upper, columns, [str(v) for _, v in values], words)


def _under(merge: Merge, columns: set[int]) -> bool:
    return len([i for i in columns if merge.left <= i <= merge.right]) >= 2


def _all_units(values: list[tuple[int, Value]]) -> bool:
    return len(values) > 0 and all(
        canonical_unit(bare(str(v)).strip("（）()")) is not None for _, v in values
    )


def _fills_gaps(upper: Line, columns: set[int], values: list[str], words: Vocabulary) -> bool:
    """Without merges: sub-headers stand under blanks of the row above and their group's start."""
    named = {i for i, _ in upper.texts()}
    gaps = columns - named
    if not gaps or min(named) > min(gaps):
        return False
    starts = {max(i for i in named if i < gap) for gap in gaps}
    if not columns <= gaps | starts or (columns >= named | gaps and len(named) > len(starts)):
        return False
    known = sum(1 for v in values if _names_a_column(v, words))
    return known * 2 >= len(values)


def is_date_value(value: Value) -> bool:
    """Whether the cell holds a real date."""
    return isinstance(value, date)
