"""Twenty named points at which a test may kill the process, to see what is left.

`LINLI_KILL_AT=import.commit.noted` kills the process (SIGKILL: no clean-up, no flush) when it
reaches that point for the first time; `import.stage.batch:3` when it reaches it for the third.
Without the variable a point costs one comparison. The points cover entry and import from the first
write to the acknowledgement; scripts/soak.py draws among them.
"""

from __future__ import annotations

import os
import signal
from collections import Counter

POINTS = (
    "entry.locked",  # the chain is locked, nothing written
    "entry.source",  # the source row stands
    "entry.record",  # the record row stands
    "entry.quantities",  # its quantities stand
    "entry.noted",  # the audit entry stands, not yet committed
    "entry.committed",  # committed, not yet acknowledged
    "evidence.written",  # the file is written under its temporary name
    "evidence.renamed",  # the file has its name, the folder is synced, no row yet
    "evidence.noted",  # row and audit entry stand, not yet committed
    "import.begun",  # the import's row is committed
    "import.stage.keys",  # row keys of a batch are taken
    "import.stage.records",  # records of a batch stand
    "import.stage.quantities",  # their quantities stand
    "import.stage.batch",  # a batch is committed, invisible
    "import.staged",  # all batches are committed
    "import.commit.locked",  # the chain is locked
    "import.commit.superseded",  # old versions are closed
    "import.commit.visible",  # the import has its instant, not yet committed
    "import.commit.noted",  # the audit entry stands, not yet committed
    "import.committed",  # committed, not yet acknowledged
)

_AT, _, _PASS = os.environ.get("LINLI_KILL_AT", "").partition(":")
_passed: Counter[str] = Counter()


def killpoint(name: str) -> None:
    """Die here if the environment asks for it."""
    if not _AT or name != _AT:
        return
    _passed[name] += 1
    if _passed[name] == int(_PASS or 1):
        os.kill(os.getpid(), signal.SIGKILL)
