"""What stands against a move: who may, what it lacks, where it may be sent. Reads only."""

from __future__ import annotations

from uuid import UUID

from linli.core.access.queries import actor_of, names
from linli.core.access.rules import Permission
from linli.core.areas.models import Area
from linli.core.areas.queries import holds, resolve
from linli.core.flows.matters import Desk, Matter, declared
from linli.core.flows.queries import may_move, moved, open_parts
from linli.core.flows.rules import (
    SIDES,
    Assignee,
    NewMove,
    clock,
    open_moves,
    refuse_all,
    wants,
)
from linli.core.people.models import Body
from linli.core.records.models import Attachment, Record
from linli.kernel.clock import today
from linli.kernel.errors import Refusal
from linli.packs.diagram import ROLE_TITLES
from linli.packs.load import registry
from linli.packs.schema_flow import FlowMove


def chosen(at: Desk, matter: Matter, new: NewMove) -> FlowMove:
    """The move that is asked for, if it can be made from here, by this actor, with what was seen."""
    stands, last = matter.now_at, matter.moves[-1]
    if new.seen != stands.seq:
        title = matter.flow.move(last.name)
        raise Refusal(
            "flows.moved",
            who=_name(last.actor),
            when=clock(last.received or last.occurred),
            move=title.title if title else last.name,
        )
    here = {one.id: one for one in matter.flow.moves_from(matter.step.id)}
    wanted = here.get(new.name) or next((o for o in here.values() if o.title == new.name), None)
    if wanted is None:
        known = matter.flow.move(new.name)
        raise Refusal(
            "flows.not_here",
            step=matter.step.title,
            move=known.title if known else new.name,
            moves="、".join(one.title for one in open_moves(matter.flow, stands)) or "无",
        )
    may_make(at, matter, wanted)
    return wanted


def check(at: Desk, matter: Matter, wanted: FlowMove, new: NewMove, record: Record) -> None:
    """Raise everything that stands against the move, at once."""
    filled = {**record.fields, **new.fields}
    titles = {one.id: one.title for one in registry().kind(record.kind).fields}
    empty = [titles.get(name, name) for name in wanted.needs if not filled.get(name)]
    proven = not wanted.evidence or Attachment.objects.filter(record=record.id).exists()
    last = matter.moves[-1].occurred
    refuse_all(
        [
            *wants(wanted, new, empty=empty, proven=proven, last=last, at=at.at),
            *unfit(at, new.assignee),
            *(fault for part in new.parts for fault in unfit(at, part.assignee)),
            *(misdirected(at, wanted, new.to) if new.to else ()),
            *_out_of_turn(matter, wanted),
        ]
    )


def may_make(at: Desk, matter: Matter, wanted: FlowMove) -> None:
    """Raise Refusal flows.who unless the actor may make the move."""
    if not may_move(at.actor, at.place, matter.now_at)(wanted):
        allowed = "、".join(ROLE_TITLES[one] for one in wanted.who)
        raise Refusal("flows.who", move=wanted.title, allowed=allowed, name=at.actor.name)


def unfit(at: Desk, assignee: Assignee) -> list[Refusal]:
    """What is wrong with those to whom a matter is given."""
    if assignee.person is not None and assignee.body is not None:
        return [Refusal("flows.one_assignee")]
    if assignee.person is not None:
        person = actor_of(str(assignee.person))
        if not person.may(Permission.HANDLE, at.place):
            return [Refusal("flows.no_assignee", name=person.name, area=at.place.name)]
    if assignee.body is not None:
        known = Body.objects.filter(area=at.place.key, id=assignee.body, until=None)
        if not known.exists():
            return [Refusal("flows.no_body", area=at.place.name, id=assignee.body)]
    return []


def misdirected(at: Desk, wanted: FlowMove, slug: str) -> list[Refusal]:
    """What is wrong with the area that a matter is sent to. Raises Refusal areas.unknown."""
    to = resolve(slug)
    if to.key == at.place.key:
        return [Refusal("flows.own")]
    if not stands(to.key):
        return [Refusal("flows.ended", area=to.name)]
    above, below = to.key in at.place.path, at.place.key in to.path
    if (wanted.toward == "above" and not above) or (wanted.toward == "below" and not below):
        side = SIDES[wanted.toward]
        return [Refusal("flows.toward", to=to.name, area=at.place.name, side=side)]
    return []


def stands(area: int) -> bool:
    """Whether an area exists today."""
    return Area.objects.filter(holds(today()), key=area).exists()


def _out_of_turn(matter: Matter, wanted: FlowMove) -> list[Refusal]:
    """A clock stops once; a matter closes after its parts, and reopens after its whole."""
    stands, row = matter.now_at, matter.row
    found: list[Refusal] = []
    if wanted.act == "pause" and stands.paused:
        found.append(Refusal("flows.paused", when=clock(stands.paused)))
    if wanted.act == "resume" and not stands.paused:
        found.append(Refusal("flows.running"))
    ends = wanted.to is not None and declared(matter.flow, wanted.to).end
    if (ends or wanted.act == "join") and (count := open_parts(row.id)):
        found.append(Refusal("flows.parts_open", count=count))
    if wanted.act == "reopen" and row.parent_id is not None and _is_closed(row.parent_id):
        found.append(Refusal("flows.whole_closed"))
    if wanted.act == "reopen" and row.incoming_id is not None:
        found.append(Refusal("flows.answered"))
    return found


def _is_closed(case_id: UUID) -> bool:
    return moved([case_id])[case_id][-1].closing


def _name(actor_id: str) -> str:
    return names([actor_id]).get(actor_id, "操作员")
