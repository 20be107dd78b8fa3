"""Moves of matters a second of processor, and what a list of open matters costs.

``python -m bench.child bench.flows:moves '{"home": "/tmp/flows", "count": 300}'`` makes an installation in
`home` if there is none. A matter takes four moves; each of them writes its record too.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from time import process_time
from typing import Any

from bench.child import digest
from bench.intake.ours import AREA, install, start

WAY: tuple[tuple[str, dict[str, str]], ...] = (
    ("assign", {"handler": "维修队"}),
    ("done", {"result": "已修好"}),
    ("close", {}),
)


def moves(home: str, count: int) -> dict[str, Any]:
    """Take so many findings through the flow of issues, then list them and derive their steps."""
    if not (Path(home) / "secret").exists():
        install(home)
    actor = start(Path(home))
    from linli.core.areas.queries import resolve
    from linli.core.flows import actions, facts, queries
    from linli.core.flows.rules import NewMove
    from linli.core.records.actions import record_one
    from linli.core.records.rules import new_record
    from linli.kernel.clock import now, today
    from linli.kernel.days import Occurred, Precision

    day = Occurred(today(), today(), Precision.DAY)
    made = [new_record("base.issue", f"第{number}处", day) for number in range(count)]
    place = resolve(AREA)
    where: dict[str, Any] = {"actor": actor, "area": place}

    def walk() -> None:
        for new in made:
            case = actions.start(**where, record_id=new.id, flow="base.issue_flow")
            for name, fields in WAY:
                asked = NewMove(name, case.seen, fields=fields)
                case = actions.move(**where, case_id=case.id, new=asked)

    recorded, _ = _spent(lambda: [record_one(**where, new=new) for new in made])
    walked, _ = _spent(walk)
    listing, closed = _spent(lambda: queries.cases(actor, AREA, closed=True))
    deriving, stays = _spent(lambda: list(facts.stays(place.key, now())))
    total = count * (len(WAY) + 1)
    rows = [(one.title, one.standing.step, one.standing.in_time) for one in closed]
    return {
        "seconds": {"record": recorded, "moves": walked, "list": listing, "facts": deriving},
        "answers": {"closed": digest(rows)},
        "said": {"moves": total, "moves_per_second": total / walked, "stays": len(stays)},
    }


def _spent(work: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds of processor, and what was found."""
    began = process_time()
    found = work()
    return process_time() - began, found
