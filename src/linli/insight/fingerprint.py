"""Set fingerprints: three small numbers that prove which records a figure counts.

Count, Σ id and Σ id² modulo the prime 2³¹−1 are the same on every engine and cost one pass; the
hash of the definition and the number of the snapshot say what was asked of what.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b
from typing import NamedTuple

from linli.insight.compile.question import MODULUS
from linli.packs.schema import Indicator


class Proof(NamedTuple):
    """Count and moments of a set of record keys."""

    n: int
    x1: int
    x2: int

    @classmethod
    def of(cls, keys: Iterable[int]) -> Proof:
        """The proof of a set, as SQL computes it."""
        rests = [key % MODULUS for key in keys]
        return cls(len(rests), sum(rests), sum(rest * rest % MODULUS for rest in rests))

    def text(self, predicate: str, snapshot: int) -> str:
        """The fingerprint as it is printed and stored."""
        return f"{self.n}-{self.x1 % MODULUS:08x}-{self.x2 % MODULUS:08x}-{predicate}@{snapshot}"


def predicate_hash(indicator: Indicator, area: str, start: str, end: str) -> str:
    """Eight digits for what was asked: definition with its version, area and days."""
    words = "|".join((indicator.model_dump_json(exclude={"title", "section"}), area, start, end))
    return blake2b(words.encode(), digest_size=4).hexdigest()
