"""``pack check``: every fault of a pack at once; needs no installation."""

from __future__ import annotations

from pathlib import Path

from linli.packs.fault import Fault
from linli.packs.load import BASE, examine


def check(folder: Path) -> list[Fault]:
    """Return all faults of the pack in ``folder``, held against the base pack."""
    folders = [folder] if folder.resolve() == BASE.resolve() else [BASE, folder]
    _, faults = examine(folders)
    return sorted(set(faults))


__all__ = ["Fault", "check"]
