"""``python -m bench``: run all lines, print the table, write docs/performance.md."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from time import perf_counter

from bench.contender import OTHER_PYTHON, ROOT
from bench.line import HEAD
from bench.page import kept_text, page, table
from bench.suite import FOLDER, FULL, QUICK, SUITE, Outcome

PAGE = ROOT / "docs" / "performance.md"


def main(words: Sequence[str] | None = None) -> int:
    """Only a whole run of full size writes the page."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small sizes: does it run at all")
    parser.add_argument(
        "parts", nargs="*", help=f"of {', '.join(SUITE)}; without any all, and the page"
    )
    asked = parser.parse_args(words)
    if strange := set(asked.parts) - SUITE.keys():
        parser.error(f"there is no part {', '.join(sorted(strange))}")
    if not OTHER_PYTHON.exists():
        parser.error("pandas is not there: run `make bench`")
    scale = QUICK if asked.quick else FULL
    folder = FOLDER / "quick" if asked.quick else FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    outcomes: list[Outcome] = []
    began = perf_counter()
    for name in asked.parts or SUITE:
        outcome = SUITE[name](folder, scale)
        print(table(HEAD, [line.cells() for line in outcome.lines]), *outcome.notes, sep="\n")
        sys.stdout.flush()
        outcomes.append(outcome)
    print(f"{perf_counter() - began:.0f} s in all")
    if not asked.quick and not asked.parts:
        day = datetime.now(tz=UTC).date().isoformat()
        PAGE.write_text(page(outcomes, day, kept_text(PAGE)), encoding="utf-8")
        print(f"written: {PAGE.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
