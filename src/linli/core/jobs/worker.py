"""The worker: takes jobs one after another, does chores between them, and beats while it works.

It does each job with the permissions of whoever asked. Where it is killed in the middle, the next
worker finds it dead and puts its job back (`actions.revive`); what the job had committed by then
stands, what it had not is gone with the transaction.
"""

from __future__ import annotations

import threading
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, close_old_connections, connection

from linli.core.access.queries import actor_of, permit
from linli.core.access.rules import Actor
from linli.core.areas.queries import resolve
from linli.core.jobs import actions, queries
from linli.core.jobs.rules import (
    CHORES,
    GRACE,
    TRIES,
    Chore,
    Interrupted,
    JobView,
    State,
    Taken,
    kind_of,
)
from linli.kernel.clock import beijing, now
from linli.kernel.errors import Refusal, Refusals

LOOK = 1.0
"""Seconds between two looks at an empty queue; a look only reads."""
PAUSE = timedelta(seconds=30)
"""Before a job that failed by a fault of ours is tried again; longer each time."""
SHOWN = 0.5
"""Seconds between two writes of progress."""


def work(actor: Actor, stopping: threading.Event, *, until_empty: bool = False) -> int:
    """Do jobs until `stopping` is set (or the queue is empty); return how many were taken."""
    me = actions.begin(actor=actor)
    taken, due = 0, dict.fromkeys(CHORES, 0.0)
    with _heartbeat(actor, me):
        while not stopping.is_set():
            close_old_connections()
            try:
                actions.revive(actor=actor)
                _do_chores(actor, due)
                found = actions.take(actor=actor, worker=me) if queries.ready().exists() else None
            except DatabaseError as fault:  # locked, or the server is away: it comes back
                note_fault("jobs.worker", fault)
                found = None
            if found is not None:
                taken += 1
                Turn(actor, me, found, stopping).do()
            elif until_empty:
                break
            else:
                stopping.wait(LOOK)
    actions.leave(actor=actor, worker=me)
    return taken


class Turn:
    """One job in the hands of one worker."""

    def __init__(self, actor: Actor, worker: UUID, job: JobView, stopping: threading.Event) -> None:
        self._actor = actor
        self._worker = worker
        self._job = job
        self._stopping = stopping
        self._shown = 0.0

    def do(self) -> None:
        """Do the job and say what came of it; a job that was taken away is left alone."""
        try:
            self._do()
        except Interrupted:
            self._put_back("后台程序停止，任务留待下次。", None)
        except Taken:
            note_fault(self._job.kind, Taken("taken for dead; another worker does it"))

    def _do(self) -> None:
        job = self._job
        try:
            sort = kind_of(job.kind)
            asker = actor_of(job.actor)
            place = resolve(job.area) if job.area is not None else None
            permit(asker, sort.permission, place)
            words = sort.run(asker, place, job.parameters, self.progress)
        except (Interrupted, Taken):
            raise
        except (Refusal, Refusals) as refused:
            self._close(State.FAILED, str(refused))
        except Exception as fault:
            self._after(fault)
        else:
            self._close(State.DONE, words)

    def _after(self, fault: Exception) -> None:
        """Try again later, or give up: a fault of ours, or a database that was away."""
        log = note_fault(self._job.kind, fault)
        tries = self._job.attempts
        if tries < TRIES:
            self._put_back(f"程序出错（第 {tries} 次），稍后再试。", PAUSE * tries)
            return
        words = f"程序出错，试了 {tries} 次都没有完成。详情已写入 {log}，请交给管理员。"
        self._close(State.FAILED, words)

    def progress(self, done: int, total: int | None = None, words: str = "") -> None:
        """Keep how far the job is, twice a second at most; always the last step."""
        if self._stopping.is_set():
            raise Interrupted
        moment = time.monotonic()
        if moment - self._shown < SHOWN and done != total:
            return
        self._shown = moment
        actions.advance(
            actor=self._actor,
            job=self._job.id,
            worker=self._worker,
            done=done,
            total=total,
            words=words,
        )

    def _close(self, state: State, words: str) -> None:
        actions.end(
            actor=self._actor, job=self._job.id, worker=self._worker, state=state, words=words
        )

    def _put_back(self, words: str, pause: timedelta | None) -> None:
        actions.put_back(
            actor=self._actor, job=self._job.id, worker=self._worker, words=words, pause=pause
        )


def _do_chores(actor: Actor, due: dict[str, float]) -> None:
    for chore in CHORES.values():
        moment = time.monotonic()
        if moment >= due.get(chore.name, 0.0):
            due[chore.name] = moment + chore.every.total_seconds()
            _do_chore(actor, chore)


def _do_chore(actor: Actor, chore: Chore) -> None:
    """A chore that fails is logged and done again at its next turn: jobs must not wait for it."""
    try:
        chore.run(actor)
    except Exception as fault:
        note_fault(chore.name, fault)


@contextmanager
def _heartbeat(actor: Actor, worker: UUID) -> Iterator[None]:
    """Beat beside the work: a long question to the engine must not look like death."""
    over = threading.Event()

    def beat() -> None:
        while not over.wait(GRACE.total_seconds() / 6):
            try:
                actions.beat(actor=actor, worker=worker)
            except DatabaseError as fault:
                note_fault("jobs.beat", fault)
        connection.close()

    thread = threading.Thread(target=beat, name="heartbeat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def note_fault(what: str, fault: Exception) -> Path:
    """Write a fault into the log of the day and return the file."""
    moment = now()
    log = Path(settings.LINLI_HOME) / "logs" / f"{beijing(moment):%Y-%m-%d}.log"
    log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with log.open("a", encoding="utf-8") as file:
        file.write(f"== {moment.isoformat()} {what}\n")
        file.write("".join(traceback.format_exception(fault)))
    return log
