"""200 random kills of entry and import; after each: nothing acknowledged is lost, nothing is there
twice, no import is there in half, the audit chain is whole.

    .venv/bin/python -m scripts.soak [kills] [seed]

Half of the kills strike at a named point and pass drawn by lot, half at a moment drawn by lot. The
installation lives on from kill to kill, as a real one does; every tenth round it starts afresh.
LINLI_TEST_DATABASE_URL runs it on PostgreSQL (scripts/with-postgres scripts/soak).
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from linli.core.audit.points import POINTS
from tests.core.killed import ENTRIES
from tests.core.test_kill import ROOT, ROWS, Env, Worlds, acknowledged, check, step

AFRESH = 10


def main() -> int:
    """Run the kills; 0 when everything held."""
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else time.time_ns() % 1_000_000
    chance = random.Random(seed)
    print(f"{kills} kills, seed {seed}", flush=True)
    with tempfile.TemporaryDirectory(prefix="linli-soak-") as folder:
        worlds = Worlds(Path(folder))
        outcomes: Counter[str] = Counter()
        world, acks = worlds.like("empty"), set[str]()
        for number in range(1, kills + 1):
            if number % AFRESH == 0:
                world, acks = worlds.like(chance.choice(["empty", "entered"])), set()
            what = chance.choice(["entry", "import"])
            if what == "entry" or chance.random() < 0.7:  # else: the same file once more
                world = world | {"LINLI_ROUND": str(number)}
            how, said, ended = _kill(world, what, chance)
            acks |= acknowledged(said)
            outcomes["killed" if ended == -signal.SIGKILL else "finished first"] += 1
            found = check(_look(world), acks)
            print(f"{number}/{kills} {what} {how}: {len(found['ids'])} records", flush=True)
    print(f"all held: {dict(outcomes)}")
    return 0


def _kill(world: Env, what: str, chance: random.Random) -> tuple[str, list[str], int]:
    if chance.random() < 0.5:
        prefix = ("entry", "evidence") if what == "entry" else ("import",)
        point = chance.choice([one for one in POINTS if one.startswith(prefix)])
        often = point.startswith(("entry", "evidence", "import.stage."))
        how = f"{point}:{chance.randint(1, 3) if often else 1}"
        return how, *_run(world | {"LINLI_KILL_AT": how}, what, None)
    moment = chance.uniform(0, 1.5)
    return f"after {moment:.3f} s", *_run(world, what, moment)


def _run(world: Env, what: str, moment: float | None) -> tuple[list[str], int]:
    """Run the work; with `moment`, kill it so many seconds after it has begun to write."""
    count = ENTRIES if what == "entry" else ROWS
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.core.killed", what, world["LINLI_HOME"], str(count)],
        env=world | {"LINLI_SAY_START": "1"},
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    if process.stdout is None:
        raise RuntimeError("no pipe")
    if moment is not None:
        process.stdout.readline()  # "begin": set up, nothing written
        time.sleep(moment)
        os.kill(process.pid, signal.SIGKILL)
    rest = process.stdout.read()
    return rest.splitlines(), process.wait()


def _look(world: Env) -> str:
    line = step(world, "look")[-1]
    json.loads(line)
    return line


if __name__ == "__main__":
    sys.exit(main())
