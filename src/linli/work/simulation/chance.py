"""Chance from a seed: the same draws on every machine, whatever the clock or the hash seed.

SplitMix64 (Steele, Lea, Flood 2014): a counter and a mixer, both of whole numbers. Each stream has a
name, so that what one kind draws never moves what another draws.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from typing import TypeVar

T = TypeVar("T")

_MASK = 2**64 - 1
_GAMMA = 0x9E3779B97F4A7C15


class Chance:
    """A stream of draws, named by its seed and its purpose."""

    def __init__(self, *name: object) -> None:
        words = "/".join(map(str, name)).encode()
        self._state = int.from_bytes(blake2b(words, digest_size=8).digest())

    @classmethod
    def from_state(cls, state: int) -> Chance:
        """The stream that starts at a state, as published test values do."""
        made = cls()
        made._state = state
        return made

    def draw(self) -> int:
        """A whole number from 0 to 2⁶⁴ - 1."""
        self._state = (self._state + _GAMMA) & _MASK
        mixed = self._state
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9 & _MASK
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB & _MASK
        return mixed ^ (mixed >> 31)

    def below(self, count: int) -> int:
        """A whole number from 0 to `count` - 1."""
        return self.draw() * count >> 64

    def between(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both possible."""
        return low + self.below(high - low + 1)

    def hits(self, percent: int) -> bool:
        """True in so many of a hundred draws."""
        return self.below(100) < percent

    def among(self, choices: Sequence[T]) -> T:
        """One of the choices, all alike."""
        return choices[self.below(len(choices))]
