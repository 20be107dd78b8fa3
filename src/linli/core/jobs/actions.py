"""Writes of jobs: asking for one, and the steps of the worker that does it.

A worker owns a job from `take` on. Every later step of it names the worker, so that one that was
taken for dead and comes back finds its job gone instead of writing over another's.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from linli.core.access.queries import permit
from linli.core.access.rules import Actor
from linli.core.areas.queries import resolve
from linli.core.areas.rules import AreaRef
from linli.core.audit import trail
from linli.core.audit.action import action
from linli.core.audit.rules import INSTALLATION, Permission
from linli.core.jobs.models import Job, Worker
from linli.core.jobs.queries import dead_workers, ready, view
from linli.core.jobs.rules import KEPT, TRIES, JobView, State, Taken, kind_of, mark_of
from linli.kernel.clock import now
from linli.kernel.processes import machine_now, this_process


@action("jobs.ask", permission=Permission.READ, idle=True)
def ask(
    *,
    actor: Actor,
    kind: str,
    area: AreaRef | None = None,
    parameters: Mapping[str, Any] | None = None,
) -> JobView:
    """Put a job into the queue; the same request that still waits is not put there twice.

    It will run with the permissions that the actor then has. `parameters` are plain JSON: ids and
    periods, never names. Raises Refusal jobs.unknown_kind, jobs.parameters, access.denied.
    """
    sort = kind_of(kind)
    place = resolve(area) if area is not None else None
    permit(actor, sort.permission, place)
    given = dict(parameters or {})
    if sort.check is not None:
        sort.check(given)
    row, made = Job.objects.get_or_create(
        mark=mark_of(actor.id, place.key if place else None, kind, given),
        state=State.WAITING,
        defaults={
            "kind": kind,
            "area_id": place.key if place else None,
            "actor": actor.id,
            "parameters": given,
            "asked": now(),
        },
    )
    if made:
        _note(actor, "jobs.ask", row, payload=given)
    return view(row)


@action("jobs.begin", permission=Permission.ADMINISTER, on=None)
def begin(*, actor: Actor) -> UUID:
    """Announce this process as a worker; drop what has ended long ago."""
    Job.objects.filter(ended__lt=now() - KEPT).delete()
    moment = machine_now()
    row = Worker.objects.create(process=this_process(), started=moment, touched=moment)
    trail.note(actor=actor, area=INSTALLATION, action="jobs.begin", subject=("worker", str(row.id)))
    return row.id


@action("jobs.beat", permission=Permission.ADMINISTER, on=None, part_of="jobs.begin")
def beat(*, actor: Actor, worker: UUID) -> None:
    """Say that a worker lives."""
    del actor
    Worker.objects.filter(id=worker).update(touched=machine_now())


@action("jobs.leave", permission=Permission.ADMINISTER, on=None, part_of="jobs.begin")
def leave(*, actor: Actor, worker: UUID) -> None:
    """Take a worker off the list; it has no job in hand."""
    del actor
    Worker.objects.filter(id=worker).delete()


@action("jobs.take", permission=Permission.ADMINISTER, on=None, part_of="jobs.ask")
def take(*, actor: Actor, worker: UUID) -> JobView | None:
    """Give the worker the oldest job that may be begun; None if there is none."""
    del actor
    row = ready().select_for_update(skip_locked=True, of=("self",)).first()
    if row is None:
        return None
    row.state, row.worker_id, row.attempts = State.RUNNING, worker, row.attempts + 1
    row.started, row.done, row.total, row.words = now(), 0, None, ""
    row.save()
    return view(row)


@action("jobs.advance", permission=Permission.ADMINISTER, on=None, part_of="jobs.ask")
def advance(
    *, actor: Actor, job: UUID, worker: UUID, done: int, total: int | None, words: str
) -> None:
    """Keep how far a job is. Raises Taken if it is not this worker's any more."""
    del actor
    mine = Job.objects.filter(id=job, worker=worker, state=State.RUNNING)
    if not mine.update(done=done, total=total, words=words):
        raise Taken


@action("jobs.put_back", permission=Permission.ADMINISTER, on=None, part_of="jobs.ask")
def put_back(
    *, actor: Actor, job: UUID, worker: UUID, words: str, pause: timedelta | None = None
) -> None:
    """Put a job back into the queue. Without a `pause` (after a fault) this try does not count."""
    del actor
    row = _mine(job, worker)
    if pause is None:
        row.attempts -= 1
    _wait_again(row, words)
    if pause is not None:
        Job.objects.filter(id=row.id, state=State.WAITING).update(not_before=machine_now() + pause)


@action("jobs.end", permission=Permission.ADMINISTER, on=None)
def end(*, actor: Actor, job: UUID, worker: UUID, state: State, words: str) -> None:
    """Close a job with one sentence about what came of it."""
    row = _mine(job, worker)
    _close(actor, "jobs.end", row, state, words)


@action("jobs.revive", permission=Permission.ADMINISTER, on=None, atomic=False, idle=True)
def revive(*, actor: Actor) -> int:
    """Put back the jobs of dead workers, or give up those begun too often; return how many."""
    count = 0
    for one in dead_workers():
        with transaction.atomic():
            if not Worker.objects.select_for_update().filter(id=one.id).exists():
                continue  # another worker was quicker
            for row in Job.objects.filter(worker=one.id, state=State.RUNNING):
                _revive(actor, row)
                count += 1
            Worker.objects.filter(id=one.id).delete()
    return count


def _revive(actor: Actor, row: Job) -> None:
    share = f"{row.done}/{row.total}" if row.total else f"{row.done}"
    if row.attempts >= TRIES:
        words = f"后台程序做到 {share} 时中断，已试过 {row.attempts} 次，不再重试。请把这件事告诉管理员。"
        _close(actor, "jobs.revive", row, State.FAILED, words)
        return
    _wait_again(row, f"后台程序做到 {share} 时中断，将从头再做。")
    _note(actor, "jobs.revive", row)


def _mine(job: UUID, worker: UUID) -> Job:
    mine = Job.objects.select_for_update().filter(id=job, worker=worker, state=State.RUNNING)
    row = mine.first()
    if row is None:
        raise Taken
    return row


def _wait_again(row: Job, words: str) -> None:
    """Back into the queue; where the same request waits there already, this one is done with."""
    twin = Job.objects.filter(mark=row.mark, state=State.WAITING).exists()
    row.state, row.worker_id, row.words = State.WAITING, None, words
    if twin:
        row.state, row.ended, row.words = (
            State.FAILED,
            now(),
            "同样的任务已重新提交，由那一个来做。",
        )
    row.save()


def _close(actor: Actor, name: str, row: Job, state: State, words: str) -> None:
    row.state, row.words, row.worker_id, row.ended = state, words, None, now()
    row.save()
    _note(actor, name, row, state=str(state))


def _note(actor: Actor, name: str, row: Job, payload: Any = None, **facts: str) -> None:
    trail.note(
        actor=actor,
        area=row.area_id or INSTALLATION,
        action=name,
        subject=("job", str(row.id)),
        payload=payload,
        facts={"kind": row.kind, **facts},
    )
