"""Keyed digests: what a snapshot keeps of a text that could name somebody.

The key stays in the installation. Equal texts have equal digests, so they can be counted once and
compared; without the key nobody can try names against them.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b


@dataclass(frozen=True, slots=True)
class Pseudonyms:
    """Digests with one key."""

    key: bytes

    def text(self, value: str) -> str:
        """Return 16 hexadecimal digits for ``value``."""
        return blake2b(value.encode(), key=self.key, digest_size=8).hexdigest()

    def number(self, value: str) -> int:
        """Return a number from 0 to 2⁶²−1 for ``value``."""
        return int.from_bytes(blake2b(value.encode(), key=self.key, digest_size=8).digest()) >> 2


def pseudonyms(secret: str) -> Pseudonyms:
    """Return the pseudonyms of the installation with that secret."""
    return Pseudonyms(blake2b(secret.encode(), person=b"linli.snapshot", digest_size=32).digest())
