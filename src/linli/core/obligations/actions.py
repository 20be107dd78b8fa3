"""What people decide about obligations: an interval, a pause, a waiver; and reminding."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from linli.core.access.rules import Actor
from linli.core.areas.queries import resolve
from linli.core.areas.rules import LEVEL_NAMES, AreaRef, AreaView, Level
from linli.core.audit import trail
from linli.core.audit.action import action
from linli.core.audit.rules import Permission, merkle_root
from linli.core.obligations import queries
from linli.core.obligations.models import NamedInterval, Pause, Reminder, Waiver
from linli.core.obligations.obligation import Obligation
from linli.core.obligations.rules import Standing, State, reminder_seal, steps_due
from linli.kernel.clock import now, today
from linli.kernel.errors import Refusal
from linli.kernel.intervals import ANCHORED, Interval, read_interval
from linli.kernel.windows import Window
from linli.packs.load import registry
from linli.packs.schema_obligation import ObligationRule


@action("obligations.name_interval", permission=Permission.SCHEDULE)
def name_interval(
    *,
    actor: Actor,
    area: AreaRef,
    rule: str,
    interval: str,
    since: date | None = None,
    reason: str = "",
) -> None:
    """Say how often a thing is done here from a day on (None: today), in words; 不办 ends it.

    The past stands: an interval that already holds changes from today on at the earliest. Raises
    Refusal packs.unknown, obligations.unreadable, obligations.unstated, obligations.form,
    obligations.past.
    """
    place, known = resolve(area), registry().obligation(rule)
    trail.lock(place.key)
    day = since or today()
    read = _fitting(known, interval)
    held = queries.interval_on(known, place, day)
    if day < today() and held.every != "unstated":
        raise Refusal(
            "obligations.past", title=known.title, since=day, interval=held.words, today=today()
        )
    row = NamedInterval.objects.create(
        area_id=place.key,
        rule=known.id,
        interval=read.words,
        since=day,
        at=now(),
        by=actor.id,
        reason=reason.strip(),
    )
    trail.note(
        actor=actor,
        area=place.key,
        action="obligations.name_interval",
        subject=("interval", str(row.id)),
        payload=[known.id, read.words, day],
        facts={"rule": known.id, "interval": read.words, "since": day.isoformat()},
    )


def _fitting(rule: ObligationRule, words: str) -> Interval:
    """The interval, if it is one and of the form that the rule can take."""
    read = read_interval(words)
    if read is None or len(words) > 60:
        raise Refusal("obligations.unreadable", interval=words)
    if read.every == "unstated":
        raise Refusal("obligations.unstated", interval=words)
    anchored = rule.after is not None
    if read.every != "never" and anchored != (read.every in ANCHORED):
        wants = "要从一条记录的日子算起" if anchored else "要写多久一次"
        example = "5个工作日内" if anchored else "每月一次"
        raise Refusal(
            "obligations.form", title=rule.title, wants=wants, interval=words, example=example
        )
    return read


@action("obligations.pause", permission=Permission.SCHEDULE)
def pause(
    *,
    actor: Actor,
    area: AreaRef,
    rule: str,
    reason: str,
    since: date | None = None,
    until: date | None = None,
) -> UUID:
    """Stop the clock of a rule, or of one obligation by its code, from a day on (None: today).

    `until` is the first day on which it runs again; None: until it is resumed. Raises Refusal
    packs.unknown, obligations.none, obligations.reason, obligations.dates,
    obligations.paused_already.
    """
    place, why, day = resolve(area), _reason(reason), since or today()
    trail.lock(place.key)
    if until is not None and until <= day:
        raise Refusal("obligations.dates", since=day, until=until)
    known, name = _named(actor, place, rule)
    standing = Pause.objects.filter(area=place.key, rule=known.id, mark=name, until=None).first()
    if standing is not None:
        raise Refusal("obligations.paused_already", title=known.title, since=standing.since)
    row = Pause.objects.create(
        area_id=place.key,
        rule=known.id,
        mark=name,
        since=day,
        until=until,
        at=now(),
        by=actor.id,
        reason=why,
    )
    _note(actor, place, "obligations.pause", ("pause", row.id), row.rule, [name, day, until])
    return row.id


@action("obligations.resume", permission=Permission.SCHEDULE)
def resume(*, actor: Actor, area: AreaRef, pause_id: UUID, until: date | None = None) -> None:
    """Let a stopped clock run again; `until` is the first day on which it does (None: today)."""
    place, day = resolve(area), until or today()
    trail.lock(place.key)
    row = Pause.objects.filter(area=place.key, id=pause_id).first()
    if row is None:
        raise Refusal("obligations.decision", what="暂停", id=pause_id)
    if row.until is not None:
        raise Refusal("obligations.decided", what="暂停", day=row.until)
    if day <= row.since:
        raise Refusal("obligations.dates", since=row.since, until=day)
    row.until = day
    row.save(update_fields=["until"])
    _note(actor, place, "obligations.resume", ("pause", row.id), row.rule, [day])


@action("obligations.waive", permission=Permission.SCHEDULE)
def waive(*, actor: Actor, area: AreaRef, code: str, reason: str) -> UUID:
    """Say that one obligation need not be done, and why. What is done cannot be waived."""
    place, why = resolve(area), _reason(reason)
    trail.lock(place.key)
    found = queries.one(actor, place, code)
    if found.state is State.WAIVED:
        raise Refusal("obligations.waived_already", code=code)
    if found.state in (State.DONE, State.DONE_LATE):
        raise Refusal("obligations.done_already", code=code)
    row = Waiver.objects.create(
        area_id=place.key, rule=found.rule, mark=found.name, at=now(), by=actor.id, reason=why
    )
    _note(actor, place, "obligations.waive", ("waiver", row.id), row.rule, [found.name])
    return row.id


@action("obligations.lift", permission=Permission.SCHEDULE)
def lift(*, actor: Actor, area: AreaRef, waiver: UUID) -> None:
    """Take a waiver back: the obligation stands as if it had never been waived."""
    place = resolve(area)
    trail.lock(place.key)
    row = Waiver.objects.filter(area=place.key, id=waiver).first()
    if row is None:
        raise Refusal("obligations.decision", what="免办", id=waiver)
    if row.lifted_at is not None:
        raise Refusal("obligations.decided", what="免办", day=row.lifted_at.date())
    row.lifted_at, row.lifted_by = now(), actor.id
    row.save(update_fields=["lifted_at", "lifted_by"])
    _note(actor, place, "obligations.lift", ("waiver", row.id), row.rule, [row.mark])


@action("obligations.remind", permission=Permission.REMIND, idle=True)
def remind(*, actor: Actor, area: AreaRef, on: date | None = None) -> int:
    """Send the steps of reminding that are due in an area and all under it; return how many.

    Each step of an obligation is sent once, however often this runs. The rows of an area share one
    audit entry with their Merkle root.
    """
    place, day = resolve(area), on or today()
    trail.lock(place.key)
    wanted: dict[str, list[tuple[Obligation, str, str]]] = {}
    rules = registry().obligations
    for one in queries.due(actor, place, day, ahead=0):
        standing = Standing(Window(one.due, one.opens, one.name), one.state, one.due)
        sent = {step for step, _ in one.sent}
        for step in steps_due(standing, rules[one.rule].escalation, sent, day):
            to = one.owner if step.to == "责任人" else step.to
            wanted.setdefault(one.area, []).append((one, step.title, to))
    return sum(_send(actor, resolve(slug), steps, day) for slug, steps in sorted(wanted.items()))


def _send(
    actor: Actor, place: AreaView, steps: list[tuple[Obligation, str, str]], day: date
) -> int:
    trail.lock(place.key)
    moment = now()
    known = set(Reminder.objects.filter(area=place.key).values_list("rule", "mark", "step"))
    rows = [
        Reminder(
            area_id=place.key,
            rule=one.rule,
            mark=one.name,
            step=step,
            addressee=to,
            due=one.due,
            day=day,
            at=moment,
            by=actor.id,
            seal=reminder_seal(place.key, one.rule, one.name, step, to, one.due, day),
        )
        for one, step, to in steps
        if (one.rule, one.name, step) not in known  # sent by another run in the meantime
    ]
    if not rows:
        return 0
    made = Reminder.objects.bulk_create(rows)
    trail.note(
        actor=actor,
        area=place.key,
        action="obligations.remind",
        subject=("reminders", str(made[0].id)),
        facts={"first": made[0].id, "last": made[-1].id, "day": day.isoformat()},
        merkle_root=merkle_root(bytes(row.seal) for row in made),
        rows=len(made),
    )
    return len(made)


def _reason(reason: str) -> str:
    if not reason.strip():
        raise Refusal("obligations.reason")
    return reason.strip()[:200]


def _named(actor: Actor, place: AreaView, given: str) -> tuple[ObligationRule, str]:
    """The rule, and the window where a code names one obligation."""
    if "@" not in given:
        known = registry().obligation(given)
        if place.level != known.level:
            level = LEVEL_NAMES[Level(known.level)]
            raise Refusal("obligations.level", title=known.title, level=level, area=place.name)
        return known, ""
    found = queries.one(actor, place, given)
    return registry().obligation(found.rule), found.name


def _note(
    actor: Actor,
    place: AreaView,
    name: str,
    subject: tuple[str, UUID],
    rule: str,
    payload: list[object],
) -> None:
    trail.note(
        actor=actor,
        area=place.key,
        action=name,
        subject=(subject[0], str(subject[1])),
        payload=payload,
        facts={"rule": rule},
    )
