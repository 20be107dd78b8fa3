"""Reads of jobs."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from linli.core.access.queries import permit, readable
from linli.core.access.rules import Actor, Permission
from linli.core.areas.rules import AreaRef
from linli.core.jobs.models import Job, Worker
from linli.core.jobs.rules import GRACE, JobView, State
from linli.kernel.errors import Refusal
from linli.kernel.processes import alive, machine_now


def view(row: Job) -> JobView:
    """The row as others see it."""
    return JobView(
        id=row.id,
        kind=row.kind,
        area=row.area_id,
        actor=row.actor,
        parameters=row.parameters,
        state=State(row.state),
        done=row.done,
        total=row.total,
        words=row.words,
        attempts=row.attempts,
        asked=row.asked,
        started=row.started,
        ended=row.ended,
    )


def jobs(actor: Actor, area: AreaRef | None, *, limit: int = 50, offset: int = 0) -> list[JobView]:
    """Jobs of an area with their progress, newest first; None: those of the installation itself.

    Raises Refusal access.denied, areas.unknown.
    """
    if area is None:
        permit(actor, Permission.READ, None)
        found = Job.objects.filter(area=None)
    else:
        found = Job.objects.filter(area=readable(actor, area).key)
    return [view(row) for row in found.order_by("-asked", "-id")[offset : offset + limit]]


def job(actor: Actor, job_id: UUID) -> JobView:
    """One job. Raises Refusal jobs.unknown, access.denied."""
    row = Job.objects.filter(id=job_id).first()
    if row is None:
        raise Refusal("jobs.unknown", id=job_id)
    permit(actor, Permission.READ, row.area_id)
    return view(row)


def ready() -> QuerySet[Job]:
    """Jobs that may be begun now, oldest first: none whose twin is still running."""
    twin = Job.objects.filter(state=State.RUNNING, mark=OuterRef("mark"))
    due = Q(not_before=None) | Q(not_before__lte=machine_now())
    return Job.objects.filter(due, ~Exists(twin), state=State.WAITING).order_by("asked", "id")


def dead_workers() -> list[Worker]:
    """Workers whose process is gone, or that have been silent too long."""
    return [one for one in Worker.objects.all() if not lives(one)]


def lives(one: Worker) -> bool:
    """Whether a worker is still at work. A heartbeat from the future (a clock set back) counts."""
    return alive(one.process) and one.touched > machine_now() - GRACE


def working_since() -> datetime | None:
    """Since when a worker has been at work; None: nobody does jobs at the moment."""
    living = [one.started for one in Worker.objects.all() if lives(one)]
    return min(living, default=None)
