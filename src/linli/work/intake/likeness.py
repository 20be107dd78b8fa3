"""Which standing row a changed row was: by what they say, not by where they stand.

Three signs count: a like title, the same days, and that at least half of the rest is equal. Two of
them are enough, and so is an equal number of the file or case (编号). Among several the one with
more signs is taken, then the better title, the larger overlap and the nearer row: the same rows
always give the same pairs.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from operator import add
from uuid import UUID

from linli.core.records.rules import NewQuantity, NewRecord, QuantityView, RecordView

_NUMBERS = re.compile(r"编号|证号|文号|案号|单号|流水号|登记号|代码")
_NEAR = 3  # rows that are always looked at
_MOST = 50  # rows of an equal title or day that are looked at, the nearest first
_HALF = Fraction(1, 2)
_NOTHING = Fraction(0)

Piece = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Face:
    """What a row says, in the form in which rows are held against each other."""

    id: UUID
    shape: str
    row: int
    title: str
    days: tuple[str, str]
    pieces: frozenset[Piece]
    numbers: frozenset[Piece]


@dataclass(frozen=True, slots=True, order=True)
class Likeness:
    """How alike two rows are; the greater, the liker."""

    number: bool
    signs: int
    title: Fraction
    days: bool
    rest: Fraction
    nearness: int

    def words(self) -> str:
        """Why they are taken for one row."""
        said = ["编号相同"] if self.number else []
        if self.title >= _HALF:
            said.append("名称相同" if self.title == 1 else "名称相近")
        said += ["日期相同"] if self.days else []
        said += ["其余内容大半相同"] if self.rest >= _HALF else []
        return "、".join(said)


def face_of(record: NewRecord | RecordView, shape: str) -> Face:
    """The face of a new row, or of one that stands."""
    start, end = record.occurred.start, record.occurred.end
    fields = {(name, text) for name, text in record.fields.items() if text}
    return Face(
        record.id,
        shape,
        record.row or 0,
        record.title,
        (str(start), str(end)),
        frozenset({*fields, *map(_counted, record.quantities)}),
        frozenset((name, text) for name, text in fields if _NUMBERS.search(name)),
    )


def _counted(one: NewQuantity | QuantityView) -> Piece:
    said = one.quantity
    return one.measure, one.label, f"{said.value:f}", said.unit, str(said.qualifier)


def likeness(new: Face, old: Face) -> Likeness | None:
    """How alike a new row and a standing one are; None if they are two things."""
    number = not new.numbers.isdisjoint(old.numbers)
    title, rest = _shared(_pairs(new.title), _pairs(old.title)), _shared(new.pieces, old.pieces)
    days = new.days == old.days
    signs = (title >= _HALF) + days + (rest >= _HALF)
    if not number and signs < 2:
        return None
    return Likeness(number, signs, title, days, rest, -abs(new.row - old.row))


def _pairs(text: str) -> frozenset[str]:
    return frozenset(map(add, text, text[1:])) or frozenset((text,))


def _shared(left: frozenset[str] | frozenset[Piece], right: frozenset[object]) -> Fraction:
    """Twice what both have, over what each has."""
    size = len(left) + len(right)
    return Fraction(2 * len(left & right), size) if size else _NOTHING


def pair(news: Sequence[Face], olds: Iterable[Face]) -> dict[UUID, tuple[UUID, Likeness]]:
    """New row → the standing row that it was, and how alike they are; each is taken once."""
    index = _index(olds)
    ranked = sorted(
        (
            (found, new, old)
            for new in news
            for old in _candidates(new, index)
            if (found := likeness(new, old)) is not None
        ),
        key=lambda one: (one[0], -one[1].row, -one[2].row),
        reverse=True,
    )
    paired: dict[UUID, tuple[UUID, Likeness]] = {}
    taken: set[UUID] = set()
    for found, new, old in ranked:
        if new.id not in paired and old.id not in taken:
            paired[new.id] = old.id, found
            taken.add(old.id)
    return paired


def _index(olds: Iterable[Face]) -> Mapping[tuple[object, ...], list[Face]]:
    index: dict[tuple[object, ...], list[Face]] = defaultdict(list)
    for old in olds:
        for key in _keys(old):
            index[key].append(old)
        index[old.shape, "row", old.row].append(old)
    return index


def _keys(face: Face) -> Iterator[tuple[object, ...]]:
    yield face.shape, "title", face.title
    yield face.shape, "days", face.days
    for number in face.numbers:
        yield face.shape, "number", number


def _candidates(new: Face, index: Mapping[tuple[object, ...], list[Face]]) -> Iterable[Face]:
    found: dict[UUID, Face] = {}
    for key in _keys(new):
        nearest = sorted(index.get(key, ()), key=lambda old: (abs(old.row - new.row), old.row))
        found.update((old.id, old) for old in nearest[:_MOST])
    for row in range(new.row - _NEAR, new.row + _NEAR + 1):
        found.update((old.id, old) for old in index.get((new.shape, "row", row), ()))
    return found.values()
