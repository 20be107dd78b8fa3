"""The process of one contender: call a function, add the peak of the memory, print one line.

Imports nothing beyond the standard library, for it also runs where only pandas is installed.
"""

from __future__ import annotations

import importlib
import json
import resource
import sys
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from typing import Any


def digest(rows: Iterable[tuple[Any, ...]]) -> str:
    """A word for the answer: rows as text, sorted; numbers without trailing zeros."""
    lines = sorted("|".join(_plain(value) for value in row) for row in rows)
    return f"{len(lines)} rows {sha256(chr(10).join(lines).encode()).hexdigest()[:24]}"


def _plain(value: Any) -> str:
    """Whole numbers as such, whatever type carries them; None empty."""
    if value is None or value != value:
        return ""
    if isinstance(value, str):
        return value
    whole = int(value)
    return str(whole) if whole == value else f"{float(value):.6f}"


def main() -> None:
    """``python -m bench.child module:function arguments``."""
    module, _, name = sys.argv[1].partition(":")
    line = getattr(importlib.import_module(module), name)(**json.loads(sys.argv[2]))
    print(json.dumps(line | {"peak_mb": _peak_kilobytes() / 1024}))


def _peak_kilobytes() -> int:
    """What this program held at most, by Linux's `VmHWM`.

    `ru_maxrss` would do elsewhere, but on Linux it starts at the peak of the process that started
    this one.
    """
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    (line,) = (one for one in status.read_text().splitlines() if one.startswith("VmHWM:"))
    return int(line.split()[1])


if __name__ == "__main__":
    main()
