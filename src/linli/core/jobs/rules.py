"""What a job is, and the registers of job kinds and chores. Plain Python.

A job kind is registered by the floor that can do the work, so that nothing here imports upwards:

    register(JobKind("insight.fill", "填算数据", Permission.READ, fill_figures))

Jobs are done at least once: one whose worker was killed is done again from its beginning. So its
function goes through actions that may be repeated, and skips what is already there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from difflib import get_close_matches
from enum import StrEnum
from hashlib import sha256
from typing import Any, Protocol
from uuid import UUID

from linli.core.access.rules import Actor, Permission
from linli.core.areas.rules import AreaView
from linli.core.audit.rules import canonical
from linli.kernel.errors import Refusal, sentences

sentences(
    {
        "jobs.unknown_kind": ("没有叫“{kind}”的后台任务。{hint}", "可用的有：{kinds}。"),
        "jobs.unknown": ("没有编号为 {id} 的后台任务。", "请核对编号；做完的任务只保留三十天。"),
        "jobs.parameters": ("后台任务“{title}”的参数不对：{why}。", "请更正参数后再提交。"),
    }
)
TRIES = 3
"""How often a job is begun before it is given up."""
GRACE = timedelta(minutes=2)
"""A worker silent for so long is dead; it beats six times as often."""
KEPT = timedelta(days=30)
"""How long a job that has ended can still be looked at."""


class State(StrEnum):
    """Where a job stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


STATE_NAMES = {
    State.WAITING: "等待",
    State.RUNNING: "进行中",
    State.DONE: "完成",
    State.FAILED: "未完成",
}


class Progress(Protocol):
    """Tells how far a job is. Raises Interrupted and Taken, which the job lets pass."""

    def __call__(self, done: int, total: int | None = None, words: str = "") -> None: ...


Run = Callable[[Actor, AreaView | None, Mapping[str, Any], Progress], str]
"""Does the work with the permissions of who asked for it; answers one sentence about the result."""


class Interrupted(Exception):
    """The worker is stopping; the job goes back to the queue as it was."""


class Taken(Exception):
    """The job is not this worker's any more: it was taken for dead, and another does the work."""


@dataclass(frozen=True, slots=True)
class JobKind:
    """A sort of long work. `permission` is asked when the job is asked for, and again at its start.

    `check` raises a Refusal for parameters that cannot work, before the job is taken on.
    """

    name: str
    title: str
    permission: Permission
    run: Run
    check: Callable[[Mapping[str, Any]], None] | None = None


@dataclass(frozen=True, slots=True)
class Chore:
    """What the worker does by itself every so often, as the operator of the machine."""

    name: str
    every: timedelta
    run: Callable[[Actor], object]


@dataclass(frozen=True, slots=True)
class JobView:
    """A job as others see it. `total` None: how much there is to do is not known yet."""

    id: UUID
    kind: str
    area: int | None
    actor: str
    parameters: Mapping[str, Any]
    state: State
    done: int
    total: int | None
    words: str
    attempts: int
    asked: datetime
    started: datetime | None
    ended: datetime | None

    @property
    def title(self) -> str:
        """What the job does, in words; its name if no floor knows it any more."""
        known = KINDS.get(self.kind)
        return known.title if known else self.kind

    def as_json(self) -> dict[str, Any]:
        """What ``--json`` shows."""
        return {
            "id": str(self.id),
            "kind": self.kind,
            "state": str(self.state),
            "done": self.done,
            "total": self.total,
            "words": self.words,
            "attempts": self.attempts,
            "asked": self.asked,
            "started": self.started,
            "ended": self.ended,
        }


KINDS: dict[str, JobKind] = {}
CHORES: dict[str, Chore] = {}


def register(one: JobKind | Chore) -> None:
    """Let the worker do a sort of job or a chore. Raises ValueError when the name is taken."""
    book: dict[str, Any] = KINDS if isinstance(one, JobKind) else CHORES
    if one.name in book:
        raise ValueError(f"two of {one.name}")
    book[one.name] = one


def kind_of(name: str) -> JobKind:
    """The kind of that name. Raises Refusal jobs.unknown_kind."""
    if name not in KINDS:
        near = get_close_matches(name, KINDS, n=1)
        hint = f"是不是“{near[0]}”？" if near else ""
        raise Refusal("jobs.unknown_kind", kind=name, hint=hint, kinds="、".join(sorted(KINDS)))
    return KINDS[name]


def mark_of(actor: str, area: int | None, kind: str, parameters: Mapping[str, Any]) -> str:
    """What two equal requests share: the second finds the first still waiting."""
    return sha256(canonical([actor, area, kind, dict(parameters)])).hexdigest()
