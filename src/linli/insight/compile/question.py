"""What is asked of the snapshot, the shape of its SQL, and the compiled program."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from linli.insight.compile.predicate import Digest
from linli.insight.layout import FieldColumn

MODULUS = 2147483647
"""p of the fingerprints: 2³¹ − 1, prime, so that a squared remainder still fits a BIGINT."""

BEGINNING = date(1, 1, 1)
END = date(9999, 12, 31)


@dataclass(frozen=True, slots=True)
class Question:
    """For whom, when and as known when.

    ``targets``: keys of the areas to answer for; None means every area of the tree. ``known_at`` in
    microseconds since 1970 UTC; None means now. ``changes``: days on which the area tree changed,
    so that a record counts for the areas it belonged to on its day. ``prove`` adds fingerprints.
    """

    start: date
    end: date
    targets: tuple[int, ...] | None
    columns: Mapping[str, FieldColumn]
    digest: Digest
    known_at: int | None = None
    changes: tuple[date, ...] = ()
    prove: bool = True

    def values(self) -> dict[str, str | int]:
        """The named parameters of the SQL."""
        found: dict[str, str | int] = {
            "start": self.start.isoformat(),
            "end": self.end.isoformat(),
        }
        if self.known_at is not None:
            found["known_at"] = self.known_at
        return found | {f"change{n}": day.isoformat() for n, day in enumerate(self.changes)}


@dataclass(frozen=True, slots=True)
class Program:
    """Steps that each make a temporary table, then questions on them, all portable SQL.

    ``counted`` is a view on the steps: what counts for each target, never written out. Days and the
    instant are named parameters; the targets are a table ``asked``. ``results``: one row a slot and
    target. ``entities``: distinct things a slot and target. ``proofs``: fingerprints of indicators
    that join the records of several terms. ``behind``: target, slot and key of
    every record that is counted, for traces and proofs.
    """

    steps: tuple[tuple[str, str], ...]
    counted: str
    results: tuple[str, ...]
    entities: str | None
    proofs: str | None
    behind: str
