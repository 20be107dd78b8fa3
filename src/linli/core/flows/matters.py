"""A matter in hand: who acts where, its flow, its moves so far, and what its record says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from linli.core.access.rules import Actor
from linli.core.areas.rules import AreaView
from linli.core.flows.deadlines import Limit
from linli.core.flows.models import Case
from linli.core.flows.queries import case_views, find, moved
from linli.core.flows.rules import Moved, NewMove, Standing, seal, standing
from linli.core.flows.views import CaseView
from linli.core.records.models import Record
from linli.core.records.queries import current
from linli.core.records.rules import State
from linli.kernel.clock import now
from linli.kernel.errors import Refusal
from linli.packs.load import registry
from linli.packs.schema_flow import Flow, FlowStep


@dataclass(frozen=True, slots=True)
class Desk:
    """Who acts where, at which instant."""

    actor: Actor
    place: AreaView
    at: datetime


def desk(actor: Actor, place: AreaView) -> Desk:
    """The desk of an action that begins now."""
    return Desk(actor, place, now())


@dataclass(slots=True)
class Matter:
    """A matter in hand: its row, its flow, its moves so far and where it stands."""

    row: Case
    flow: Flow
    moves: list[Moved]
    now_at: Standing

    def goes_on(self, made: Moved, at: datetime) -> None:
        """Take in a move that has just been written."""
        self.moves.append(made)
        self.now_at = standing(self.moves, at)

    @property
    def step(self) -> FlowStep:
        """The step in which the matter stands. Raises Refusal flows.gone."""
        return declared(self.flow, self.now_at.step)


def declared(flow: Flow, step: str) -> FlowStep:
    """A step that today's pack declares. Raises Refusal flows.gone."""
    found = flow.step(step)
    if found is None:
        raise Refusal("flows.gone", flow=flow.title, step=step)
    return found


def in_hand(at: Desk, case_id: UUID) -> Matter:
    """The matter of the area; its chain must be locked. Raises Refusal flows.unknown."""
    row = find(case_id)
    if row.area_id != at.place.key:
        raise Refusal("flows.unknown", id=case_id)
    made = moved([row.id])[row.id]
    return Matter(row, registry().flow(row.flow), made, standing(made, at.at))


def standing_record(at: Desk, record_id: UUID) -> Record:
    """The version of a record that stands. Raises Refusal records.unknown, records.withdrawn."""
    row = current(record_id)
    if row is None or row.area_id != at.place.key:
        raise Refusal("records.unknown", id=record_id)
    if row.state == State.WITHDRAWN:
        raise Refusal("records.withdrawn", id=record_id)
    return row


def view_of(at: Desk, matter: Matter, record: Record) -> CaseView:
    """The matter as it stands after what was just done, without reading it again."""
    split = any(move.act == "split" for move in matter.moves)
    parts = Case.objects.filter(parent=matter.row).count() if split else 0
    return case_views(
        [(matter.row, matter.now_at, parts)],
        areas={at.place.key: at.place.slug},
        titles={record.id: record.title},
    )[0]


def plain(record: Record) -> dict[str, str]:
    """The fields that may leave the area: nothing personal."""
    declared = registry().kind(record.kind).fields
    return {
        one.id: record.fields[one.id]
        for one in declared
        if one.privacy == "plain" and record.fields.get(one.id)
    }


def limit_of(step: FlowStep) -> Limit | None:
    """The limit that a step declares today."""
    return Limit(step.deadline.within, step.deadline.unit) if step.deadline else None


def said_digest(new: NewMove, salt: bytes) -> bytes:
    """Digest of what the maker of a move asked for; a retry says the same."""
    parts = [(p.title, p.assignee, sorted(p.fields.items())) for p in new.parts]
    said = [new.name, new.seen, new.reason.strip(), new.assignee, sorted(new.fields.items())]
    return seal([salt.hex(), *said, parts, new.to])
