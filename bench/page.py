"""docs/performance.md: written by the program, but for the text between two marks, which is kept."""

from __future__ import annotations

import os
import platform
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path

from bench.contender import OTHER_PYTHON, PYTHON
from bench.line import HEAD
from bench.suite import Outcome

BEGIN, STOP = "<!-- written by hand: begin -->", "<!-- written by hand: end -->"
_PACKAGES = ("duckdb", "pyarrow", "python-calamine", "Django", "sqlglot", "psycopg", "python-docx")
_OTHERS = ("pandas", "openpyxl")
_WHAT = """# Performance

Written by `make bench` (`python -m bench`); the text between the marks is kept from run to run.
Every line is a ratio of one run on one machine: the times alone mean little elsewhere. Each
contender runs in a process of its own, the median of alternating runs counts, and no ratio is printed
unless both gave equal answers. Peak memory is the `VmHWM` of that process; that of PostgreSQL and
LibreOffice lies in processes of their own.
"""


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def page(outcomes: Sequence[Outcome], day: str, kept: str) -> str:
    """The whole text."""
    lines = [line for outcome in outcomes for line in outcome.lines]
    missed = sum(line.kept is False for line in lines)
    aimed = sum(line.kept is not None for line in lines)
    pieces = [
        _WHAT,
        f"{day}; {machine()}. {aimed - missed} of {aimed} aims kept.\n",
        table(HEAD, [line.cells() for line in lines]),
        "",
        f"{BEGIN}\n{kept.strip()}\n{STOP}\n",
        "## Sizes and circumstances\n",
        *[f"- {note}" for outcome in outcomes for note in outcome.notes],
        f"- Versions: {versions()}.",
        "",
    ]
    for title, head, rows in (detail for outcome in outcomes for detail in outcome.details):
        pieces += [f"## {title}\n", table(head, rows), ""]
    return "\n".join(pieces)


def kept_text(path: Path) -> str:
    """What a person wrote between the marks."""
    if not path.exists():
        return "## What is missed, and why\n\nNot yet written.\n"
    text = path.read_text(encoding="utf-8")
    return text.partition(BEGIN)[2].partition(STOP)[0]


def machine() -> str:
    """Processor, cores, memory, system, and how busy it was."""
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    load = os.getloadavg()[2]
    return (
        f"{model}, {os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()}"
        f" {platform.release()}, load average of the last quarter of an hour {load:.1f}"
    )


def versions() -> str:
    """Python and what matters here."""
    own, other = _versions(PYTHON, _PACKAGES), _versions(OTHER_PYTHON, _OTHERS)
    return ", ".join([f"Python {platform.python_version()}", *own, *other])


def _versions(python: Path, names: Sequence[str]) -> list[str]:
    asked = "import sys\nfrom importlib.metadata import version\n"
    asked += "print(*[name + ' ' + version(name) for name in sys.argv[1:]], sep='\\n')"
    done = subprocess.run(
        [str(python), "-c", asked, *names], stdout=subprocess.PIPE, text=True, check=True
    )
    return done.stdout.splitlines()
