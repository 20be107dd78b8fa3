"""What a backup holds, and a check of one that needs neither a database nor room to unpack it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from linli.life.archive import ABOUT, HOME, Reader, Tell


@dataclass(slots=True)
class Contents:
    """When the backup was made, how many files, how many audit entries hold."""

    made: str = ""
    files: int = 0
    entries: int = 0
    migrated: list[str] = field(default_factory=list)
    evidence: bool = True
    heads: dict[str, Any] = field(default_factory=dict)

    def take(self, about: dict[str, Any]) -> None:
        """Take what the backup says of itself."""
        self.made, self.evidence, self.heads = about["made"], about["evidence"], about["heads"]

    def as_json(self) -> dict[str, Any]:
        """What ``--json`` shows."""
        return {
            "made": self.made,
            "files": self.files,
            "audit_entries": self.entries,
            "migrated": self.migrated,
            "evidence": self.evidence,
        }


def check(file: Path, passphrase: str, *, tell: Tell = lambda _: None) -> Contents:
    """Read a backup to its end and hold every byte against its manifest; nothing is unpacked.

    Raises what `Reader` does.
    """
    done = Contents()
    with file.open("rb") as source:
        for member in Reader(source, passphrase, str(file)).members():
            if member.name == ABOUT:
                done.take(json.loads(member.read_all()))
            done.files += member.name.startswith(f"{HOME}/")
            tell(source.tell())
    return done
