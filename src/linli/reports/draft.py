"""A report as written text: blocks of runs, each number, date and name with the way back.

A draft knows no file format. A run that carries a ``Ref`` came from data and becomes a link in
every rendering; a run marked ``unverified`` was typed by a person and matches no figure (未核).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum


class RefKind(StrEnum):
    """What a bound run leads back to."""

    FIGURE = "figure"
    RECORD = "record"
    PERIOD = "period"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Ref:
    """The way back of one run.

    ``subject``: ``indicator@version``, a record id, a period code or an area slug.
    ``part``: of a record, what the run shows: ``title``, ``occurred``, ``field:ID`` or
    ``quantity:MEASURE#N`` (the N-th quantity of that measure); of a figure, empty.
    ``key`` is empty until the draft is bound; it then resolves in the installation's bindings.
    """

    kind: RefKind
    subject: str
    part: str = ""
    area: str = ""
    period: str = ""
    known_at: str = ""
    value: Decimal | None = None
    unit: str = ""
    qualifier: str = ""
    value_max: Decimal | None = None
    words: str = ""
    fingerprint: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text; bound when it has a ref, ``unverified`` when typed and matched by none."""

    text: str
    ref: Ref | None = None
    unverified: bool = False


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 (一、), 2 （一） or 3 (1.); ``number`` is printed before the text."""

    level: int
    number: str
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Body text. ``prose``: typed by a person."""

    runs: tuple[Run, ...]
    prose: bool = False

    @property
    def text(self) -> str:
        """Return the words without their links."""
        return "".join(run.text for run in self.runs)


Cell = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A captioned table: plain head, cells of runs; ``widths`` are shares of the line."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    widths: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars of comparable figures of one unit; every bar's number also stands in the text."""

    title: str
    unit: str
    labels: tuple[str, ...]
    values: tuple[Decimal, ...]


@dataclass(frozen=True, slots=True)
class Signature:
    """Signing body and date (落款)."""

    body: tuple[Run, ...]
    date: tuple[Run, ...]


Block = Heading | Paragraph | Table | Chart | Signature


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the appendix (附录): a figure, what it means, and the records behind it."""

    title: Cell
    value: Cell
    definition: Cell
    records: tuple[Cell, ...]
    more: Cell = ()

    def cells(self) -> Iterator[Cell]:
        """Return its cells in reading order."""
        yield self.title
        yield self.value
        yield self.definition
        yield from self.records
        yield self.more

    def trail(self) -> Cell:
        """Return the records as one cell, parted by ；."""
        runs: list[Run] = []
        for cell in self.records:
            if runs:
                runs.append(Run("；"))
            runs.extend(cell)
        return (*runs, *self.more)


@dataclass(frozen=True, slots=True)
class Draft:
    """A whole report before it is rendered."""

    title: tuple[Run, ...]
    blocks: tuple[Block, ...]
    appendix: tuple[Entry, ...] = ()
    language: str = "zh-CN"
    subtitle: tuple[Run, ...] = field(default=())

    @property
    def title_text(self) -> str:
        """Return the title without its links."""
        return "".join(run.text for run in self.title)

    def runs(self) -> Iterator[Run]:
        """Return every run in reading order, the appendix last."""
        yield from self.title
        yield from self.subtitle
        for block in self.blocks:
            yield from _runs_of(block)
        for entry in self.appendix:
            for cell in entry.cells():
                yield from cell

    def refs(self) -> Iterator[tuple[str, Ref]]:
        """Return the text and ref of every bound run in reading order."""
        for run in self.runs():
            if run.ref is not None:
                yield run.text, run.ref


def _runs_of(block: Block) -> Iterator[Run]:
    match block:
        case Paragraph():
            yield from block.runs
        case Table():
            for row in block.rows:
                for cell in row:
                    yield from cell
        case Signature():
            yield from block.body
            yield from block.date
        case Heading() | Chart():
            return


@dataclass(slots=True)
class _Keys:
    make: Iterator[str]

    def run(self, run: Run) -> Run:
        if run.ref is None:
            return run
        return replace(run, ref=replace(run.ref, key=next(self.make)))

    def cell(self, cell: Cell) -> Cell:
        return tuple(self.run(run) for run in cell)

    def entry(self, entry: Entry) -> Entry:
        return replace(
            entry,
            title=self.cell(entry.title),
            value=self.cell(entry.value),
            definition=self.cell(entry.definition),
            records=tuple(self.cell(cell) for cell in entry.records),
            more=self.cell(entry.more),
        )

    def block(self, block: Block) -> Block:
        match block:
            case Paragraph():
                return replace(block, runs=self.cell(block.runs))
            case Table():
                rows = tuple(tuple(self.cell(cell) for cell in row) for row in block.rows)
                return replace(block, rows=rows)
            case Signature():
                return replace(block, body=self.cell(block.body), date=self.cell(block.date))
        return block


def with_keys(draft: Draft, keys: Iterator[str]) -> Draft:
    """Return the draft with a key on every ref, taken from ``keys`` in reading order."""
    give = _Keys(keys)
    return replace(
        draft,
        title=give.cell(draft.title),
        subtitle=give.cell(draft.subtitle),
        blocks=tuple(give.block(block) for block in draft.blocks),
        appendix=tuple(give.entry(entry) for entry in draft.appendix),
    )
