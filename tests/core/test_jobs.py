"""Long work: asked for once, done with the asker's permissions, taken up again after a kill."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from linli.core.access.rules import Actor, Permission
from linli.core.areas.rules import AreaView
from linli.core.jobs import rules
from linli.core.jobs.rules import Chore, JobKind, Progress, State
from linli.kernel.errors import Refusal
from tests.conftest import ROOT

pytestmark = pytest.mark.database
KIND = "test.count"
Run = Callable[[Actor, AreaView | None, Any, Progress], str]


@pytest.fixture(autouse=True)
def _quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """No beating thread inside a test's transaction, and no chores but a test's own."""
    from linli.core.jobs import worker

    @contextmanager
    def still(*_: object) -> Iterator[None]:
        yield

    monkeypatch.setattr(worker, "_heartbeat", still)
    monkeypatch.setattr(worker, "close_old_connections", lambda: None)
    for name in list(rules.CHORES):
        monkeypatch.delitem(rules.CHORES, name)


@pytest.fixture
def doing(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Says what a job of the kind `test.count` does."""

    def does(run: Run, permission: Permission = Permission.READ) -> None:
        monkeypatch.setitem(rules.KINDS, KIND, JobKind(KIND, "数数", permission, run))

    return does


def run_all(operator: Actor, stopping: threading.Event | None = None) -> int:
    from linli.core.jobs.worker import work

    return work(operator, stopping or threading.Event(), until_empty=True)


def ask(actor: Actor, area: AreaView | None, **parameters: Any) -> Any:
    from linli.core.jobs.actions import ask as put

    return put(actor=actor, area=area, kind=KIND, parameters=parameters)


def look(actor: Actor, area: AreaView | None) -> list[Any]:
    from linli.core.jobs.queries import jobs

    return jobs(actor, area)


def test_a_job_is_done_and_tells_how_far_it_is(
    operator: Actor, community: AreaView, doing: Callable[..., None]
) -> None:
    seen: list[tuple[int, int | None, str]] = []

    def count(actor: Actor, area: AreaView | None, given: Any, progress: Progress) -> str:
        assert actor.id == operator.id
        assert area == community
        for number in range(given["to"] + 1):
            progress(number, given["to"], f"第 {number} 个")
            (job,) = look(operator, community)
            seen.append((job.done, job.total, job.words))
        return "数完了"

    doing(count)
    asked = ask(operator, community, to=3)
    assert (asked.state, asked.done, asked.attempts) == (State.WAITING, 0, 0)
    assert run_all(operator) == 1
    (job,) = look(operator, community)
    assert (job.state, job.words, job.done, job.total) == (State.DONE, "数完了", 3, 3)
    assert seen[0] == (0, 3, "第 0 个")
    assert seen[-1] == (3, 3, "第 3 个"), "the last step is always kept"
    assert job.started is not None
    assert job.ended is not None


def test_the_same_request_waits_once_and_is_taken_again_when_it_runs(
    operator: Actor, community: AreaView, doing: Callable[..., None]
) -> None:
    again: list[Any] = []

    def asks_itself(*_: Any) -> str:
        if not again:
            again.append(ask(operator, community, n=1))
        return "好了"

    doing(asks_itself)
    first = ask(operator, community, n=1)
    assert ask(operator, community, n=1).id == first.id
    assert ask(operator, community, n=2).id != first.id
    assert run_all(operator) == 3, "what is asked for while it runs is done once more"
    assert again[0].id != first.id


def test_a_job_runs_with_the_permissions_its_asker_then_has(
    operator: Actor, community: AreaView, doing: Callable[..., None]
) -> None:
    from linli.core.access.actions import create_user, grant, revoke
    from linli.core.access.queries import actor_named

    create_user(actor=operator, login="wang", name="王", password=None)
    grant(actor=operator, user="wang", role="worker", area=community)
    asker = actor_named("wang")
    who: list[Actor] = []

    def note(actor: Actor, *_: Any) -> str:
        who.append(actor)
        return "好了"

    doing(note, Permission.RECORD)
    ask(asker, community)
    assert run_all(operator) == 1
    assert [(one.id, one.operator) for one in who] == [(asker.id, False)]
    ask(asker, community, later=True)
    revoke(actor=operator, user="wang", role="worker", area=community)
    assert run_all(operator) == 1
    assert len(who) == 1, "the second was refused before it began"
    refused = look(operator, community)[0]
    assert refused.state is State.FAILED
    assert "没有“登记”的权限" in refused.words


def test_who_may_not_ask_may_not_have_it_done(
    operator: Actor, community: AreaView, doing: Callable[..., None]
) -> None:
    from linli.core.access.actions import create_user, grant
    from linli.core.access.queries import actor_named
    from linli.core.jobs.actions import ask as put

    create_user(actor=operator, login="chen", name="陈", password=None)
    grant(actor=operator, user="chen", role="inspector", area=community)
    doing(lambda *_: "", Permission.RECORD)
    with pytest.raises(Refusal, match="登记"):
        ask(actor_named("chen"), community)
    with pytest.raises(Refusal, match=r"test\.count"):
        put(actor=operator, area=community, kind="test.coumt")


def test_a_refusal_is_the_answer_and_a_fault_is_tried_three_times(
    operator: Actor,
    community: AreaView,
    doing: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
    settings: Any,
) -> None:
    from linli.core.jobs import worker

    monkeypatch.setattr(worker, "PAUSE", timedelta(0))
    tries: list[int] = []

    def fail(_actor: Actor, _area: Any, given: Any, _progress: Progress) -> str:
        tries.append(1)
        raise Refusal("areas.unknown", slug="x", hint="") if given["refuse"] else KeyError("bug")

    doing(fail)
    ask(operator, community, refuse=True)
    ask(operator, community, refuse=False)
    assert run_all(operator) == 4
    fault, refusal = look(operator, community)
    assert len(tries) == 4
    assert (refusal.state, refusal.attempts) == (State.FAILED, 1)
    assert "没有名为“x”的辖区" in refusal.words
    assert (fault.state, fault.attempts) == (State.FAILED, 3)
    (log,) = (Path(settings.LINLI_HOME) / "logs").iterdir()
    assert str(log) in fault.words
    assert log.read_text("utf-8").count("KeyError: 'bug'") == 3


def test_a_worker_told_to_stop_puts_its_job_back(
    operator: Actor, community: AreaView, doing: Callable[..., None]
) -> None:
    stopping = threading.Event()

    def long(_actor: Actor, _area: Any, _given: Any, progress: Progress) -> str:
        progress(1, 9)
        stopping.set()
        progress(2, 9)
        return "never"

    doing(long)
    ask(operator, community)
    run_all(operator, stopping)
    (job,) = look(operator, community)
    assert (job.state, job.attempts) == (State.WAITING, 0), "this try does not count"
    assert "留待下次" in job.words


def test_a_dead_workers_job_is_taken_up_again_and_given_up_after_three(
    operator: Actor, community: AreaView, doing: Callable[..., None]
) -> None:
    from linli.core.jobs import actions
    from linli.core.jobs.models import Worker
    from linli.core.jobs.queries import working_since

    doing(lambda *_: "好了")
    ask(operator, community)
    words = []
    for _ in range(3):
        worker = actions.begin(actor=operator)
        taken = actions.take(actor=operator, worker=worker)
        assert taken is not None
        actions.advance(actor=operator, job=taken.id, worker=worker, done=30, total=100, words="")
        assert actions.revive(actor=operator) == 0, "a living worker keeps its job"
        host = Worker.objects.get(id=worker).process.partition("/")[0]
        Worker.objects.filter(id=worker).update(process=f"{host}/4194304")  # beyond any pid
        assert actions.revive(actor=operator) == 1
        (job,) = look(operator, community)
        words.append((job.state, job.words))
        with pytest.raises(rules.Taken):
            actions.advance(
                actor=operator, job=taken.id, worker=worker, done=31, total=100, words=""
            )
    assert [state for state, _ in words] == [State.WAITING, State.WAITING, State.FAILED]
    assert "30/100 时中断，将从头再做" in words[0][1]
    assert "已试过 3 次" in words[2][1]
    assert working_since() is None


def test_a_silent_worker_elsewhere_is_dead(operator: Actor) -> None:
    from linli.core.jobs import actions
    from linli.core.jobs.models import Worker
    from linli.core.jobs.queries import dead_workers
    from linli.kernel.processes import machine_now

    worker = actions.begin(actor=operator)
    Worker.objects.filter(id=worker).update(process="elsewhere/1")
    assert dead_workers() == []
    Worker.objects.filter(id=worker).update(touched=machine_now() - rules.GRACE)
    assert [one.id for one in dead_workers()] == [worker]


def test_chores_are_done_and_a_failing_one_stops_nobody(
    operator: Actor,
    community: AreaView,
    doing: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    done: list[str] = []

    def break_down(_: Actor) -> None:
        done.append("broken")
        raise OSError("no")

    monkeypatch.setitem(rules.CHORES, "a", Chore("a", timedelta(hours=1), break_down))
    monkeypatch.setitem(
        rules.CHORES, "b", Chore("b", timedelta(hours=1), lambda actor: done.append(actor.id))
    )
    doing(lambda *_: "好了")
    ask(operator, community)
    ask(operator, community, n=2)
    assert run_all(operator) == 2
    assert done == ["broken", operator.id], "once, not before every job"


def test_figures_are_computed_in_the_queue(operator: Actor, community: AreaView) -> None:
    from linli.core.jobs.actions import ask as put
    from linli.insight.queries import stored

    with pytest.raises(Refusal, match="没有写明期间"):
        put(actor=operator, area=community, kind="insight.fill")
    put(
        actor=operator,
        area=community,
        kind="insight.fill",
        parameters={"periods": ["2010", "2010Q1"]},
    )
    assert stored(operator, community, "2010Q1") is None
    assert run_all(operator) == 1
    (job,) = look(operator, community)
    assert (job.state, job.done, job.total) == (State.DONE, 2, 2), job.words
    kept = stored(operator, community, "2010Q1")
    assert kept is not None
    assert kept.fresh


def test_kill_in_mid_job(tmp_path: Path) -> None:
    """kill -9 after two of five steps: the next worker does the rest, nothing is there twice."""
    environment = {k: v for k, v in os.environ.items() if k != "LINLI_DATABASE_URL"}

    def run(what: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "tests.core.job_killed", what, str(tmp_path / "home")],
            env=environment | {"PYTHONPATH": str(ROOT)},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
            timeout=100,
        )

    killed = run("die")
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    done = run("again")
    assert done.returncode == 0, done.stderr
    before, after = (json.loads(line) for line in done.stdout.splitlines())
    assert before == {"state": "running", "done": 2, "records": 2, "chain": True}
    assert after == {"state": "done", "done": 5, "records": 5, "chain": True, "attempts": 2}
