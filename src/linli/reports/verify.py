"""Hold a finished file against this installation: every number, and every bound name and date."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from linli.core.access.rules import Actor
from linli.kernel.errors import Refusal
from linli.reports import queries
from linli.reports.check import Checked, check, deleted
from linli.reports.present import present
from linli.reports.read import docx, html, pdf, text
from linli.reports.read.page import ReadFile

_READERS = {
    ".docx": docx.read,
    ".html": html.read,
    ".htm": html.read,
    ".pdf": pdf.read,
    ".txt": text.read,
    ".md": text.read,
}

Signature = Literal["valid", "invalid", "absent"]


@dataclass(frozen=True, slots=True)
class Verification:
    """What verifying found. ``signature`` is that of the figures inside the file, if any."""

    ok: bool
    figures: tuple[Checked, ...]
    signature: Signature

    def as_json(self) -> dict[str, Any]:
        """The documented line of ``linli verify --json``."""
        figures = [
            {
                "indicator": one.indicator,
                "text": one.text,
                "then": one.then,
                "now": one.now,
                "state": str(one.state),
            }
            for one in self.figures
        ]
        return {"ok": self.ok, "signature": self.signature, "figures": figures}


def read(path: Path) -> ReadFile:
    """Read a file in any of the formats. Raises Refusal reports.file.*."""
    if not path.is_file():
        raise Refusal("reports.file.missing", file=path.name)
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise Refusal("reports.file.format", file=path.name)
    return reader(path)


def verify(actor: Actor, path: Path) -> Verification:
    """Hold a file against the figures of now. A broken signature is no matter of the numbers: it
    is told, and fails the file too. A file that carries its seal must hold every number of it; a
    copied paragraph carries none.
    """
    found = read(path)
    linked = {link.key for one in found.paragraphs for link in one.links}
    listed = found.seal.numbers() if found.seal is not None else {}
    bounds = queries.bounds(linked | listed.keys())
    now = present(actor, bounds.values())
    checked = check(found.paragraphs, bounds, now)
    gone = {key: number for key, number in listed.items() if key not in linked}
    checked.extend(deleted(gone, bounds, now))
    signature: Signature = "absent"
    if found.seal is not None:
        signature = "valid" if found.seal.holds() else "invalid"
    fine = not any(one.fault for one in checked)
    return Verification(fine and signature != "invalid", tuple(checked), signature)
