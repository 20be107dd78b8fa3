"""Commands in processes of their own, forked from one that has imported the libraries already.

A fresh interpreter spends most of a short command on importing Django, click and pydantic. The warm
process has done that once; each command is a child of it: with its own environment, its own
installation, its own exit code, and open to being killed. Nothing of an installation is read
before the fork. Tests that are about starting itself spawn a fresh interpreter.

    python -m tests.warm        answers one JSON line on stdin with one exit code on stdout
"""

from __future__ import annotations

import atexit
import importlib
import json
import os
import runpy
import signal
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LIBRARIES = (
    "chinese_calendar",
    "click",
    "cryptography.hazmat.primitives.asymmetric.ed25519",
    "django.contrib.auth.hashers",
    "django.core.management.commands.migrate",
    "django.db.backends.sqlite3.base",
    "django.db.models",
    "django.forms",
    "django.http",
    "django.template",
    "docx",
    "python_calamine",
    "sqlglot.optimizer",
    "xlsxwriter",
    "linli.cli.frame",
    "linli.kernel.workdays",
    "linli.packs.check",
    "typst",
)
"""What is slow to import, reads neither settings nor environment, and starts no thread.

(DuckDB and pyarrow start one each; a thread does not survive a fork, its locks do.)
"""


def run(
    *words: object, env: dict[str, str], cwd: Path = ROOT, timeout: int = 100
) -> subprocess.CompletedProcess[str]:
    """`python -m WORDS`, as subprocess.run does it; a child that takes longer dies of SIGALRM."""
    with tempfile.TemporaryDirectory(prefix="linli-ran-") as folder:
        out, err = Path(folder, "out"), Path(folder, "err")
        order = {
            "words": [str(word) for word in words],
            "env": env,
            "cwd": str(cwd),
            "out": str(out),
            "err": str(err),
            "timeout": timeout,
        }
        server = _server()
        assert server.stdin is not None
        assert server.stdout is not None
        server.stdin.write(json.dumps(order) + "\n")
        server.stdin.flush()
        code = int(server.stdout.readline())
        return subprocess.CompletedProcess(
            order["words"], code, out.read_text("utf-8"), err.read_text("utf-8")
        )


def run_cold(
    *words: object, env: dict[str, str], cwd: Path = ROOT, timeout: int = 100
) -> subprocess.CompletedProcess[str]:
    """The same in a fresh interpreter."""
    return subprocess.run(
        [sys.executable, "-m", *map(str, words)],
        env=env,
        cwd=cwd,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=timeout,
        check=False,
    )


@cache
def _server() -> subprocess.Popen[str]:
    """The warm process of this test process."""
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.warm"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )

    def close() -> None:
        server.communicate()

    atexit.register(close)
    return server


def _serve() -> dict[str, Any] | None:
    """Fork a child for each order; answers None in the parent at the end, the order in a child."""
    for name in LIBRARIES:
        importlib.import_module(name)
    for line in sys.stdin:
        order: dict[str, Any] = json.loads(line)
        child = os.fork()
        if child == 0:
            return order
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)  # noqa: T201  (the answer)
    return None


def _obey(order: dict[str, Any]) -> None:
    """Become the process that was ordered."""
    signal.alarm(order["timeout"])
    for handle, path in ((0, os.devnull), (1, order["out"]), (2, order["err"])):
        opened = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        os.dup2(opened, handle)
        os.close(opened)
    os.environ.clear()
    os.environ.update(order["env"])
    os.chdir(order["cwd"])
    module, *words = order["words"]
    sys.argv = [module, *words]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    mine = _serve()
    if mine is not None:
        _obey(mine)
