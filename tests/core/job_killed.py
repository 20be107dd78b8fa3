"""A worker whose job kills it in the middle, and a second one that takes the job up again.

python -m tests.core.job_killed die|again HOME
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from pathlib import Path
from typing import Any

from linli.config import setup
from linli.config.home import lay_out
from tests.core.killed import AREA, _rows, say

STEPS, KIND = 5, "test.enter"


def main() -> None:
    """Make the installation and die in the job, or look, work on and look again."""
    what, home = sys.argv[1], Path(sys.argv[2])
    lay_out(home)
    setup(home)
    from linli.core.access.queries import local_operator
    from linli.core.jobs import worker
    from linli.core.jobs.rules import CHORES, JobKind, Permission, register

    CHORES.clear()
    worker.SHOWN = 0.0
    register(JobKind(KIND, "登记", Permission.RECORD, enter))
    me = local_operator()
    if what == "die":
        prepare(me)
    else:
        look(me)
    worker.work(me, threading.Event(), until_empty=True)
    look(me)


def prepare(me: Any) -> None:
    from django.core.management import call_command

    from linli.core.areas.actions import create_area
    from linli.core.jobs.actions import ask

    call_command("migrate", verbosity=0, interactive=False)
    create_area(actor=me, slug=AREA, name="花园社区", level="community")
    ask(actor=me, area=AREA, kind=KIND, parameters={"die": True})


def enter(actor: Any, area: Any, _given: Any, progress: Any) -> str:
    """Record work that is not there yet; the process dies before the third record is committed."""
    from django.db import transaction

    from linli.core.records.actions import record_one
    from linli.core.records.queries import records

    there = {one.id for one in records(actor, area)}
    for number, new in enumerate(_rows(STEPS, "job")):
        if new.id in there:
            continue
        with transaction.atomic():
            record_one(actor=actor, area=area, new=new)
            if number == 2 and sys.argv[1] == "die":
                os.kill(os.getpid(), signal.SIGKILL)
        progress(number + 1, STEPS)
    return "都登记了"


def look(me: Any) -> None:
    """Say how the job stands and what is recorded."""
    from linli.core.audit import trail
    from linli.core.jobs.queries import jobs
    from linli.core.records.queries import records

    (job,) = jobs(me, AREA)
    found = {
        "state": job.state,
        "done": job.done,
        "records": len(list(records(me, AREA))),
        "chain": trail.verify().ok,
    }
    say(json.dumps(found | ({"attempts": job.attempts} if job.ended else {})))


if __name__ == "__main__":
    main()
