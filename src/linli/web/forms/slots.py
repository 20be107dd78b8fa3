"""A place of a form: its label, what stands in it, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(slots=True)
class Slot:
    """One input. `control` is text, area, date, select or hidden; `options` are (value, words)."""

    name: str
    label: str
    control: str = "text"
    value: str = ""
    options: Sequence[tuple[str, str]] = field(default=())
    help: str = ""
    unit: str = ""
    required: bool = False
    fault: str = ""

    @property
    def id(self) -> str:
        """The id that the label points at."""
        return "slot-" + self.name.replace(":", "-").replace(".", "-")
