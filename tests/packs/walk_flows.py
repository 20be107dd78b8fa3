"""The moves of an example, made through the real floor."""

from __future__ import annotations

from uuid import UUID

from linli.core.access.rules import Actor
from linli.core.flows.rules import NOBODY, START, Assignee, NewMove, NewPart
from linli.kernel.clock import BEIJING
from linli.packs.example_moves import ExampleMove, ExampleStanding
from linli.packs.examples import Example


def move_all(actor: Actor, example: Example, area: str, records: list[UUID]) -> None:
    """Make the moves one after another; the records of parts are added to ``records``."""
    for one in example.moves:
        _make(actor, area, one, records)


def _make(actor: Actor, area: str, one: ExampleMove, records: list[UUID]) -> None:
    from linli.core.flows import actions, queries
    from linli.core.flows.models import Case

    record = records[one.record - 1]
    seen = 0 if one.flow else queries.case(actor, record).seen
    new = NewMove(
        START if one.flow else one.move,
        seen,
        occurred=one.at.replace(tzinfo=BEIJING),
        assignee=_body(actor, area, one.body),
        fields=one.fields,
        reason=one.reason,
        parts=tuple(NewPart(title) for title in one.parts),
    )
    if one.flow:
        actions.start(actor=actor, area=area, record_id=record, flow=one.flow, new=new)
        return
    case = actions.move(actor=actor, area=area, case_id=record, new=new)
    if one.parts:
        rows = Case.objects.filter(parent=case.id).order_by("id")
        records += rows.values_list("record", flat=True)


def _body(actor: Actor, area: str, name: str) -> Assignee:
    from linli.core.people.actions import add_body

    return Assignee(body=add_body(actor=actor, area=area, name=name).id) if name else NOBODY


def standing(actor: Actor, wanted: ExampleStanding, records: list[UUID]) -> ExampleStanding:
    """Where the record stands, in the words of the example."""
    from linli.core.flows import queries

    case = queries.case(actor, records[wanted.record - 1])
    found = case.standing
    return ExampleStanding(
        record=wanted.record,
        step=case.step_title,
        closed=found.closed,
        in_time=found.in_time,
        round=found.round,
        returns=found.returns,
        outcome=found.outcome,
    )
