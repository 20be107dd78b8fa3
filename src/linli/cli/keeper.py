"""Keeps one worker process running beside the site: starts it, starts it anew, stops it."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from types import TracebackType
from typing import Self

PATIENCE = 20.0
"""Seconds that a job in hand is given when the site stops; after that it is put back by the next."""
_BREATH = 3.0


class Keeper:
    """A worker process and the thread that watches it; used as a context."""

    def __init__(self) -> None:
        self._over = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._watch, name="keeper", daemon=True)

    def __enter__(self) -> Self:
        self._start()
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
        self._thread.join(PATIENCE)
        if self._process is not None and self._process.poll() is None:
            self._process.kill()

    def _start(self) -> None:
        words = [sys.executable, "-m", "linli.cli.main", "worker", "--with", str(os.getpid())]
        self._process = subprocess.Popen(  # noqa: S603  (our own program)
            words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, start_new_session=True
        )

    def _watch(self) -> None:
        """Start a worker that has died anew, not faster than one every few seconds."""
        while self._process is not None:
            self._process.wait()
            if self._over.wait(_BREATH if not self._over.is_set() else 0):
                return
            self._start()
