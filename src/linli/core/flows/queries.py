"""Reads of matters and messages. Every read takes the actor, but for those that serve our writes.

A list costs the same few queries however long it is: heads, moves, titles, names.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from linli.core.access.queries import names, readable
from linli.core.access.rules import Actor, Permission
from linli.core.areas.queries import holds, keys_under, slugs
from linli.core.areas.rules import AreaRef, AreaView
from linli.core.flows.deadlines import Limit
from linli.core.flows.models import Case, Incoming, Move, Outgoing
from linli.core.flows.rules import (
    NOTE,
    START,
    Assignee,
    Moved,
    Sort,
    Standing,
    allowed,
    open_moves,
    standing,
)
from linli.core.flows.views import CaseView, ChoiceView, MessageView, MoveView
from linli.core.people.models import Body, Post
from linli.core.records.models import Record
from linli.core.records.queries import visible
from linli.core.records.rules import State
from linli.kernel.clock import now, today
from linli.kernel.errors import Refusal
from linli.packs.load import registry
from linli.packs.schema_flow import Flow, FlowMove

PAGE = 1000
_MOVED = (
    "seq", "name", "act", "step_from", "step_to", "round", "closing", "within", "unit", "occurred",
    "person_id", "body_id", "outcome", "id", "actor", "captured", "received", "reason",
)  # fmt: skip
_BUILT_IN = {START: "转入流程", NOTE: "来件"}


def cases(
    actor: Actor,
    area: AreaRef,
    *,
    flow: str | None = None,
    step: str | None = None,
    closed: bool = False,
    overdue: bool | None = None,
    mine: bool = False,
    at: datetime | None = None,
    limit: int | None = None,
    offset: int = 0,
) -> list[CaseView]:
    """Open matters of an area and all under it (`closed`: the closed ones), longest waiting first.

    `mine`: assigned to the actor or to a body in which the actor holds a post. `overdue` is decided
    at the instant `at` (None: now). Raises Refusal access.denied, areas.unknown.
    """
    place = readable(actor, area)
    moment = at or now()
    heads = _heads().filter(case__area__in=keys_under(place.key), closing=closed)
    if flow is not None:
        heads = heads.filter(case__flow=registry().flow(flow).id)
    if step is not None:
        heads = heads.filter(step_to=step)
    if mine:
        heads = heads.filter(_assigned_to(actor))
    ids = heads.order_by("occurred", "case_id").values_list("case_id", flat=True)
    end = None if limit is None else offset + limit
    if overdue is None:
        return list(_views(ids[offset:end], moment))
    found = (one for one in _views(ids, moment) if one.standing.overdue is overdue)
    return list(islice(found, offset, end))


def case(actor: Actor, case_id: UUID, *, at: datetime | None = None) -> CaseView:
    """One matter, by its own id or its record's. Raises Refusal flows.unknown, access.denied."""
    row = find(case_id)
    readable(actor, row.area_id)
    return next(_views([row.id], at or now()))


def moves(actor: Actor, case_id: UUID) -> list[MoveView]:
    """All moves of a matter, in their order."""
    row = find(case_id)
    readable(actor, row.area_id)
    made = moved([row.id])[row.id]
    flow = registry().flows.get(row.flow)
    people = names([one.actor for one in made])
    holders = _holders(one.assignee for one in made)
    return [
        MoveView(
            id=one.id or row.id,
            seq=one.seq,
            title=_move_title(flow, one.name),
            step=_step_title(flow, one.step_to),
            round=one.round,
            occurred=one.occurred,
            late=one.late,
            who=people.get(one.actor, "操作员"),
            assignee=holders.get(one.assignee, ""),
            outcome=one.outcome,
            reason=one.reason,
        )
        for one in made
    ]


def choices(actor: Actor, case_id: UUID) -> list[ChoiceView]:
    """The moves that the actor may make now, with what each asks for."""
    row = find(case_id)
    place = readable(actor, row.area_id)
    flow = registry().flow(row.flow)
    kind = registry().kind(flow.kinds[0])
    titles = {one.id: one.title for one in kind.fields}
    stands = standing(moved([row.id])[row.id], now())
    can = may_move(actor, place, stands)
    return [
        ChoiceView(
            name=move.id,
            title=move.title,
            act=move.act,
            step=_step_title(flow, move.to or stands.step),
            reason=move.needs_reason,
            assignee=move.needs_assignee,
            evidence=move.evidence,
            fields=tuple(titles[name] for name in move.needs),
        )
        for move in open_moves(flow, stands)
        if can(move)
    ]


def inbox(actor: Actor, area: AreaRef, *, waiting: bool = True) -> list[MessageView]:
    """What has arrived in an area, newest first; `waiting`: only what nobody has taken in yet."""
    place = readable(actor, area)
    rows = Incoming.objects.filter(area=place.key).select_related("case", "move")
    refused = Outgoing.objects.filter(reply_to=OuterRef("pk"), sort=Sort.REFUSAL)
    rows = rows.annotate(refused=Exists(refused))
    if waiting:
        rows = rows.filter(case=None, move=None, refused=False)
    found = list(rows.order_by("-received", "-id"))
    known = slugs({row.sender_id for row in found})
    return [
        MessageView(
            id=row.id,
            sort=Sort(row.sort),
            area=place.slug,
            other=known[row.sender_id],
            title=row.title,
            content=row.content,
            correlation=row.correlation,
            at=row.received,
            state=_state(row),
            case=_taken_into(row),
        )
        for row in found
    ]


def outbox(actor: Actor, area: AreaRef) -> list[MessageView]:
    """What an area has sent, newest first, and whether it has been carried over."""
    place = readable(actor, area)
    there = Incoming.objects.filter(id=OuterRef("pk"))
    rows = Outgoing.objects.filter(area=place.key).annotate(there=Exists(there))
    found = list(rows.select_related("move").order_by("-created", "-id"))
    known = slugs({row.to_id for row in found})
    return [
        MessageView(
            id=row.id,
            sort=Sort(row.sort),
            area=place.slug,
            other=known[row.to_id],
            title=row.title,
            content=row.content,
            correlation=row.correlation,
            at=row.created,
            state="delivered" if row.there else "waiting",
            case=row.move.case_id if row.move else None,
        )
        for row in found
    ]


def _state(row: Any) -> str:
    if _taken_into(row) is not None:
        return "accepted"
    return "refused" if row.refused else "delivered"


def _taken_into(row: Incoming) -> UUID | None:
    if hasattr(row, "case"):
        return row.case.id
    return row.move.case_id if hasattr(row, "move") else None


# -- for this app's own actions and facts -----------------------------------------------------------


def find(case_id: UUID) -> Case:
    """The row of a matter, by its own id or its record's. Raises Refusal flows.unknown."""
    row = Case.objects.filter(Q(id=case_id) | Q(record=case_id)).first()
    if row is None:
        raise Refusal("flows.unknown", id=case_id)
    return row


def moved(case_ids: Iterable[UUID]) -> dict[UUID, list[Moved]]:
    """The moves of several matters, each in its order; one query."""
    found: defaultdict[UUID, list[Moved]] = defaultdict(list)
    rows = Move.objects.filter(case__in=list(case_ids)).order_by("case_id", "seq")
    for case_id, *row in rows.values_list("case_id", *_MOVED):
        found[case_id].append(as_moved(row))
    return found


def as_moved(row: Iterable[Any]) -> Moved:
    """A stored move as the rules take it."""
    values = dict(zip(_MOVED, row, strict=True))
    within, unit = values.pop("within"), values.pop("unit")
    assignee = Assignee(values.pop("person_id"), values.pop("body_id"))
    limit = None if within is None else Limit(within, unit)
    return Moved(**values, limit=limit, assignee=assignee)


def bodies_of(actor: Actor) -> list[UUID]:
    """Bodies in which somebody of the actor's name holds a post today.

    Posts name their holders; only administrators name users, so that nobody chooses to be one.
    """
    if actor.operator:
        return []
    held = Post.objects.filter(holds(today()), holder=actor.name).exclude(holder="")
    return list(held.values_list("body_id", flat=True).distinct())


def _assigned_to(actor: Actor) -> Q:
    """A command's operator is no user: nothing can be assigned to it."""
    if actor.operator:
        return Q(pk=None)
    return Q(person=actor.id) | Q(body__in=bodies_of(actor))


def may_move(actor: Actor, place: AreaView, now_at: Standing) -> Callable[[FlowMove], bool]:
    """Tells of each move whether the actor may make it: by role, or as the one it is assigned to."""
    if actor.operator:
        return lambda _move: True
    roles = actor.roles(Permission.HANDLE, place)
    assigned = bool(roles) and is_assigned(actor, now_at.assignee)
    return lambda move: allowed(move, roles, assigned=assigned)


def is_assigned(actor: Actor, assignee: Assignee) -> bool:
    """Whether the matter is with the actor, or with a body in which the actor holds a post."""
    if assignee.person is not None:
        return str(assignee.person) == actor.id
    return assignee.body is not None and assignee.body in bodies_of(actor)


def open_parts(case_id: UUID) -> int:
    """How many parts of a matter are still open; parts whose record is withdrawn are not."""
    return _heads().filter(case__parent=case_id, closing=False).count()


def undelivered(limit: int) -> list[Outgoing]:
    """Messages that have not been carried over, oldest first, none before its predecessor."""
    there = Incoming.objects.filter(id=OuterRef("pk"))
    rows = Outgoing.objects.filter(~Exists(there)).select_related("to", "area")
    return list(rows.order_by("created", "correlation", "ordinal", "id")[:limit])


def _heads() -> QuerySet[Move]:
    """The last move of each matter whose record has not been withdrawn."""
    following = Move.objects.filter(case=OuterRef("case"), seq=OuterRef("seq") + 1)
    withdrawn = Record.objects.filter(visible(), id=OuterRef("case__record"), state=State.WITHDRAWN)
    return Move.objects.filter(~Exists(following), ~Exists(withdrawn))


def _views(case_ids: Iterable[UUID], at: datetime) -> Iterator[CaseView]:
    remaining = iter(case_ids)
    while page := list(islice(remaining, PAGE)):
        yield from _page(page, at)


def _page(case_ids: list[UUID], at: datetime) -> list[CaseView]:
    rows = {
        row.id: row for row in Case.objects.filter(id__in=case_ids).annotate(pieces=Count("parts"))
    }
    made = moved(case_ids)
    return case_views(
        [(rows[one], standing(made[one], at), rows[one].pieces) for one in case_ids],
        areas=slugs({row.area_id for row in rows.values()}),
        titles=_titles(row.record for row in rows.values()),
    )


def case_views(
    matters: Sequence[tuple[Case, Standing, int]],
    *,
    areas: Mapping[int, str],
    titles: Mapping[UUID, str],
) -> list[CaseView]:
    """Views of matters (row, standing, number of parts), with the names of who has them."""
    holders = _holders(stands.assignee for _, stands, _ in matters)
    flows = registry().flows
    return [
        CaseView(
            id=row.id,
            record=row.record,
            area=areas[row.area_id],
            title=titles[row.record],
            flow=row.flow,
            flow_title=_flow_title(flows, row.flow),
            step_title=_step_title(flows.get(row.flow), stands.step),
            assignee=holders.get(stands.assignee, ""),
            parent=row.parent_id,
            parts=parts,
            standing=stands,
        )
        for row, stands, parts in matters
    ]


def _titles(records: Iterable[UUID]) -> dict[UUID, str]:
    rows = Record.objects.filter(visible(), id__in=list(records))
    return dict(rows.values_list("id", "title"))


def _holders(assignees: Iterable[Assignee]) -> dict[Assignee, str]:
    """Names of persons and bodies, two queries at the most."""
    wanted = {one for one in assignees if one}
    persons = {str(one.person) for one in wanted if one.person}
    people = names(persons) if persons else {}
    bodies = {one.body for one in wanted if one.body}
    called = dict(Body.objects.filter(id__in=bodies).values_list("id", "name")) if bodies else {}
    return {
        one: people.get(str(one.person), "") or (called.get(one.body, "") if one.body else "")
        for one in wanted
    }


def _flow_title(flows: Mapping[str, Flow], flow_id: str) -> str:
    flow = flows.get(flow_id)
    return flow.title if flow else flow_id


def _step_title(flow: Flow | None, step_id: str) -> str:
    step = flow.step(step_id) if flow else None
    return step.title if step else step_id


def _move_title(flow: Flow | None, name: str) -> str:
    move = flow.move(name) if flow else None
    return move.title if move else _BUILT_IN.get(name, name)
