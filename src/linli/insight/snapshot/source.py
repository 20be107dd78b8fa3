"""What a snapshot is made from: facts about records, plain and without names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Protocol

TreeRow = tuple[int, int, date | None, date | None]
"""area, ancestor (or itself), since, until: the day after the last; None is open."""


@dataclass(frozen=True, slots=True)
class QuantityFact:
    """One quantity of a record, in its canonical unit; ``part``: of a whole beside it."""

    measure: str
    unit: str
    value: Decimal
    lo: Decimal | None
    hi: Decimal | None
    flags: int
    part: bool = False


@dataclass(frozen=True, slots=True)
class RecordFact:
    """One version of a record. ``key`` names the version, ``record`` the record of all versions.

    ``known_from`` and ``known_to`` in microseconds since 1970 UTC; None: until now. ``subject``
    says what a state was observed of; it goes into the snapshot as a keyed digest only.
    """

    key: int
    record: int
    area: int
    kind: str
    grain: str
    start: date | None
    end: date | None
    precision: str
    state: str
    late: bool
    known_from: int
    known_to: int | None
    subject: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    quantities: tuple[QuantityFact, ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class Partition:
    """The records of the areas of one bucket (of so many) whose days begin in one year.

    Year 0: records without a day.
    """

    bucket: int
    year: int
    buckets: int = 1

    @property
    def name(self) -> str:
        """Name for files and the manifest."""
        return f"{self.bucket}-{self.year:04d}"


class Source(Protocol):
    """Where facts come from. Everything it returns was committed."""

    def mark(self) -> str:
        """A word that differs whenever a committed fact differs; cheap, asked on every figure."""
        ...

    def size(self) -> int:
        """How many versions of records there are, roughly; asked before the first snapshot."""
        ...

    def partitions(self, buckets: int) -> Mapping[Partition, str]:
        """All partitions, each with a word that differs whenever one of its facts differs.

        Areas are spread over at most so many ``buckets``.
        """
        ...

    def facts(self, partition: Partition) -> Iterator[RecordFact]:
        """All versions of the records of a partition."""
        ...

    def tree(self) -> Iterable[TreeRow]:
        """The areas with their ancestors, themselves included, with dates."""
        ...
