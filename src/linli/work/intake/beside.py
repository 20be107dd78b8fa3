"""Tables that stand side by side: split into one table each, by a gap or by a repeated header."""

from __future__ import annotations

from linli.work.intake.head import Head, HeadColumn, Place
from linli.work.intake.lines import Line, Lines
from linli.work.intake.tables import Table
from linli.work.intake.words import Vocabulary

_MOST = 5000  # longer tables are not split: they would have to be held in memory


def side_by_side(table: Table) -> list[Table]:
    """The table itself, or the tables that it turns out to be, left to right."""
    groups = _groups(table)
    if len(groups) < 2:
        return [table]
    lines = []
    for line in table.body():
        lines.append(line)
        if len(lines) > _MOST:
            break
    return [_part(table, group, lines, groups) for group in groups]


def _groups(table: Table) -> list[list[HeadColumn]]:
    columns = table.head.columns
    if len(columns) < 4 or table.sheet.height > _MOST:
        return []
    return _repeated(columns) or _apart(table)


def _repeated(columns: list[HeadColumn]) -> list[list[HeadColumn]]:
    """项目 | 数量 | 项目 | 数量: the same header again and again."""
    texts = [c.texts for c in columns]
    for times in range(2, len(columns) // 2 + 1):
        size, rest = divmod(len(columns), times)
        if not rest and all(texts[i] == texts[i % size] for i in range(len(texts))):
            return [columns[i * size : (i + 1) * size] for i in range(times)]
    return []


def _apart(table: Table) -> list[list[HeadColumn]]:
    """Groups of columns with an empty column between them; each names at least two columns."""
    filled = {i for line in table.sample() for i, _ in line.texts()}
    groups: list[list[HeadColumn]] = [[]]
    previous = -1
    for column in table.head.columns:
        between = set(range(previous + 1, column.index))
        if groups[-1] and between and not between & filled:
            groups.append([])
        groups[-1].append(column)
        previous = column.index
    if all(len(group) >= 2 and _named(group, table.words) for group in groups):
        return groups
    return []


def _named(group: list[HeadColumn], words: Vocabulary) -> bool:
    return any(words.is_role_word(text) for column in group for text in column.texts)


def _part(
    table: Table, group: list[HeadColumn], lines: list[Line], groups: list[list[HeadColumn]]
) -> Table:
    first, last = group[0].index, _last(group, groups)
    head = Head(
        titles=_titles(table.head.titles, first, last),
        columns=group,
        key=tuple(v if first <= i <= last else "" for i, v in enumerate(table.head.key)),
        first_row=table.head.first_row,
    )
    masked = [_masked(line, first, last) for line in lines]
    part = Lines.of([line for line in masked if line.filled], table.sheet, table.lines.spans)
    return Table(table.sheet, table.ordinal, head, part, table.words)


def _last(group: list[HeadColumn], groups: list[list[HeadColumn]]) -> int:
    following = [other[0].index for other in groups if other[0].index > group[-1].index]
    return min(following) - 1 if following else 10_000


def _titles(titles: list[Place], first: int, last: int) -> list[Place]:
    """The titles above the part; a single title stands for all parts."""
    own = [p for p in titles if first <= p.column <= last]
    rows = {p.row for p in own}
    shared = [p for p in titles if p.row not in rows and p.column < first]
    alone = [p for p in shared if sum(1 for other in titles if other.row == p.row) == 1]
    return sorted([*own, *alone], key=lambda p: (p.row, p.column))


def _masked(line: Line, first: int, last: int) -> Line:
    own = [v if first <= i <= last else "" for i, v in enumerate(line.own)]
    cells = [v if first <= i <= last else "" for i, v in enumerate(line.cells)]
    return Line(line.row, own, cells, len(own) - own.count(""), line.origins)
