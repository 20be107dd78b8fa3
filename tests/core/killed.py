"""What the kill tests run in a process of its own; its last breath is taken at a kill point.

    python -m tests.core.killed prepare|entry|import|again|look HOME COUNT

Prints `ack <id>` once a record or import has been acknowledged, unbuffered.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from uuid import UUID

from linli.config import setup

AREA = "garden"
ENTRIES = 3
ROUND = os.environ.get("LINLI_ROUND", "")
"""Makes the rows of one round others than those of the rounds before (soak)."""
ENTRY, FILE = f"entry{ROUND}", f"file{ROUND}"


def main() -> None:
    """Do the work named on the command line."""
    what, home, count = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    setup(home)
    if "LINLI_SAY_START" in os.environ:
        say("begin")
    work = {"prepare": prepare, "entry": enter, "import": bring_in, "again": again}
    work.get(what, lambda _: look())(count)


def say(*words: object) -> None:
    os.write(1, (" ".join(map(str, words)) + "\n").encode())


def prepare(_count: int) -> None:
    from linli.core.access.queries import local_operator
    from linli.core.areas.actions import create_area

    create_area(actor=local_operator(), slug=AREA, name="花园社区", level="community")


def _rows(count: int, mark: str) -> Iterator[object]:
    from linli.core.records.rules import NewQuantity, NewRecord
    from linli.kernel.days import Occurred, Precision
    from linli.kernel.quantities import Quantity

    day = date(2010, 3, 5)
    for number in range(count):
        digest = hashlib.blake2b(f"{mark}/{number}".encode(), digest_size=16).digest()
        yield NewRecord(
            id=UUID(bytes=digest),
            kind="base.visit",
            grain="event",
            occurred=Occurred(day, day, Precision.DAY),
            title=f"走访 {mark} {number}",
            quantities=(NewQuantity("m", "户数", Quantity(Decimal(number + 1), "户")),),
            identity=digest,
            sheet="表一",
            row=number,
            shape=f"shape-{mark}",
        )


def enter(count: int) -> None:
    """Store a file and record work by hand, one after another, each acknowledged."""
    from linli.core.access.queries import local_operator
    from linli.core.evidence.actions import store
    from linli.core.records.actions import attach, record_one
    from linli.core.records.rules import NewSource, SourceKind

    me = local_operator()
    source = NewSource(SourceKind.DOCUMENT, "来信")
    for new in _rows(count, ENTRY):
        file = store(actor=me, area=AREA, content=new.title.encode(), name="a.jpg")
        record_one(actor=me, area=AREA, new=new, source=source)
        say("ack", new.id)
        attach(actor=me, area=AREA, record_id=new.id, evidence=file.id)


def bring_in(count: int) -> None:
    """What an import does: sweep, look what stands, stage the rest, commit."""
    from linli.core.access.queries import local_operator
    from linli.core.records.actions import (
        begin_import,
        commit_import,
        imports,
        stage,
        sweep_imports,
    )
    from linli.core.records.queries import existing_identities
    from linli.core.records.rules import NewSource, SourceKind

    me = local_operator()
    imports.BATCH = 10
    sweep_imports(actor=me)
    standing = existing_identities(me, AREA, f"shape-{FILE}")
    rows = [new for new in _rows(count, FILE) if new.identity not in standing]
    if rows:
        source = NewSource(SourceKind.WORKBOOK, "台账.xlsx", "ab" * 32)
        one = begin_import(actor=me, area=AREA, source=source)
        # One row is corrected, so that a version is superseded too.
        first = next(iter(existing_identities(me, AREA, f"shape-{ENTRY}").values()), None)
        replaces = {first[0]: first[1]} if first else {}
        if first:
            rows.append(_corrected(first[0]))
        stage(actor=me, import_id=one, rows=rows, replaces=replaces)
        commit_import(actor=me, import_id=one)
    say("ack", FILE)


def _corrected(record_id: UUID) -> object:
    from dataclasses import replace

    old = next(iter(_rows(1, ENTRY)))
    return replace(
        old, id=record_id, title="走访，更正", identity=bytes(16), shape=f"shape-{ENTRY}"
    )


def again(count: int) -> None:
    """Start anew: say what is there, do the work as if nothing had happened, say what is there."""
    look()
    enter(ENTRIES)
    bring_in(count)
    look()


def look() -> None:
    """Say what is there, before and after the sweep."""
    import json

    from django.db import connection

    from linli.core.access.queries import local_operator
    from linli.core.audit import trail
    from linli.core.evidence import files
    from linli.core.records import queries
    from linli.core.records.actions import sweep_imports

    me = local_operator()
    visible = list(queries.records(me, AREA))
    sweep_imports(actor=me)
    report = trail.verify()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM records_record WHERE known_to IS NULL")
        standing = cursor.fetchone()[0]
        cursor.execute("SELECT count(*) FROM records_quantity")
        quantities = cursor.fetchone()[0]
        cursor.execute("SELECT count(*) FROM records_record")
        rows = cursor.fetchone()[0]
        cursor.execute("SELECT sha256 FROM evidence_evidence")
        hashes = [row[0] for row in cursor.fetchall()]
    say(
        json.dumps(
            {
                "ids": [str(one.id) for one in visible],
                "titles": [one.title for one in visible],
                "shown_without_quantity": sum(not one.quantities for one in visible),
                "after_sweep": sorted(str(one.id) for one in queries.records(me, AREA)),
                "ok": report.ok,
                "problem": report.problem,
                "standing": standing,
                "rows": rows,
                "quantities": quantities,
                "files_missing": [h for h in hashes if not files.path_of(h).exists()],
            }
        )
    )


if __name__ == "__main__":
    main()
