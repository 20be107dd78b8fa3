"""What a person gives with a file, and its memory: taken up again for the same bytes, else proposed.

A file that is imported again unchanged is dated as it was the first time. A later file of the same
shape is of another year most often, so what served the earlier one is only named in the question.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from linli.kernel.periods import Period

KEPT = "given"
"""The key under which a remembered mapping holds what was given."""
_DATING = ("year:", "as_of:")  # answers about a file; the others are about what stood at the time


@dataclass(frozen=True, slots=True)
class Given:
    """What a person gives with a file."""

    year: int | None = None
    as_of: date | None = None
    period: Period | None = None
    mapping: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)

    def kept(self) -> dict[str, Any]:
        """What of it dates rows, as it is remembered; empty if nothing was given."""
        answers = {key: text for key, text in self.answers.items() if key.startswith(_DATING)}
        shown = {
            "year": self.year,
            "as_of": self.as_of.isoformat() if self.as_of else None,
            "period": self.period.text if self.period else None,
            "answers": answers,
        }
        return {name: value for name, value in shown.items() if value}

    def recalling(self, kept: Mapping[str, Any]) -> tuple[Given, str]:
        """This with what was given earlier where nothing is given now, and words for that part."""
        lacking = {
            name: value
            for name, value in kept.items()
            if name != "answers" and getattr(self, name, None) is None
        }
        answers = {k: v for k, v in kept.get("answers", {}).items() if k not in self.answers}
        if not lacking and not answers:
            return self, ""
        found = replace(
            self,
            year=lacking.get("year", self.year),
            as_of=date.fromisoformat(lacking["as_of"]) if "as_of" in lacking else self.as_of,
            period=Period.parse(lacking["period"]) if "period" in lacking else self.period,
            answers={**answers, **self.answers},
        )
        return found, words_of({**lacking, "answers": answers})


def words_of(kept: Mapping[str, Any]) -> str:
    """What was given, as it is given on the command line: --year 2010、--as-of 2010-12-31."""
    options = [
        f"--{name.replace('_', '-')} {kept[name]}"
        for name in ("year", "as_of", "period")
        if kept.get(name)
    ]
    answers = [f"--answer {key}={text}" for key, text in kept.get("answers", {}).items()]
    return "、".join([*options, *answers])


def digest_of(path: Path) -> str:
    """SHA-256 of a file's bytes; '' where there is no file to read."""
    digest = sha256()
    try:
        with path.open("rb") as handle:
            while piece := handle.read(1 << 20):
                digest.update(piece)
    except OSError:
        return ""
    return digest.hexdigest()
