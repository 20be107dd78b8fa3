"""One fault of a pack: where it stands, what is wrong, and the nearest right word."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from difflib import get_close_matches


@dataclass(frozen=True, order=True, slots=True)
class Fault:
    """``file`` and ``key`` lead to the spot; ``did_you_mean`` is empty when nothing is near."""

    file: str
    key: str
    problem: str
    did_you_mean: str = ""

    def line(self) -> str:
        """Return the fault as a line for people."""
        hint = f"（是不是 {self.did_you_mean}？）" if self.did_you_mean else ""
        return f"{self.file}: {self.key}: {self.problem}{hint}"

    def as_json(self) -> dict[str, str]:
        """Return the fault as the object that ``pack check --json`` prints."""
        return asdict(self)


def nearest(word: str, known: Iterable[str]) -> str:
    """Return the known word that looks most like ``word``, or an empty string."""
    found = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return found[0] if found else ""
