"""The rows that a group of slots reads, one by one: what leaf sums and traces both start from."""

from __future__ import annotations

from sqlglot import exp

from linli.insight.compile.groups import PICKING, Group
from linli.insight.compile.predicate import compile_predicate, strings
from linli.insight.compile.question import Question
from linli.insight.compile.skeleton import all_of, shape
from linli.insight.layout import OPEN
from linli.insight.slots import NOT_DONE, Batch, Slot

_MAPPED = """
SELECT m.slot, m.choice, m.own, m.rank_, m.stated, m.field_, b.*
FROM base AS b JOIN map AS m ON m.kind = b.kind AND m.grain = b.grain{measure}
WHERE :holds
"""
_BY_MEASURE = " AND m.measure = b.measure AND m.unit = b.unit"
_NEWEST = """
SELECT * FROM (
  SELECT s.*, RANK() OVER (
    PARTITION BY s.slot, s.area, s.grain, s.kind, s.subject ORDER BY s.last_day DESC
  ) AS place FROM rows AS s
) AS ranked WHERE grain <> 'observation' OR place = 1
"""
_PICKED = """
SELECT * FROM (
  SELECT s.*, ROW_NUMBER() OVER (
    PARTITION BY s.slot, s.area, s.grain ORDER BY {order}
  ) AS place FROM rows AS s
) AS picked WHERE place = 1
"""
_ENTITIES = """
SELECT * FROM (
  SELECT s.*, :entity AS entity FROM rows AS s LEFT JOIN calendar AS c ON c.day = s.first_day
) AS named WHERE entity IS NOT NULL
"""
NO_DAY = "CAST('0001-01-01' AS DATE)"
_EDGES = ("from_day", "to_day")
_IN_SCOPE = "SELECT area FROM scope"
_ORDER = {
    "last": "s.last_day DESC, s.key DESC, s.nth, s.value DESC",
    "max": "s.value DESC, s.key DESC, s.nth",
    "min": "s.value, s.key DESC, s.nth",
}
_DATED = {
    "@day": "CAST(s.first_day AS VARCHAR)",
    "@week": "CAST(c.iso_year * 100 + c.iso_week AS VARCHAR)",
    "@month": "CAST(c.year * 100 + c.month AS VARCHAR)",
    "@quarter": "CAST(c.year * 100 + c.quarter AS VARCHAR)",
    "@year": "CAST(c.year AS VARCHAR)",
    "@area": "CAST(s.area AS VARCHAR)",
}


def base(group: Group, question: Question) -> exp.Select:
    """Rows of the table that satisfy time, knowledge, state and place."""
    query = exp.select(exp.Star(), at_day(group, question).as_("at_day"), *_interval(group))
    return query.from_(group.table).where(all_of(_conditions(group, question)), copy=False)


def slotted(group: Group, question: Question, batch: Batch) -> exp.Expr:
    """``base`` with each row once for every slot that counts it, picked where one row decides."""
    measure = _BY_MEASURE if group.table == "quantities" else ""
    rows = shape(
        _MAPPED.format(measure=measure),
        base=base(group, question),
        map=slot_map(group, batch),
        holds=_holds(group, question),
    )
    if group.mode in PICKING:
        return shape(_PICKED.format(order=_ORDER[group.mode]), rows=rows)
    if group.mode == "newest":
        return shape(_NEWEST, rows=rows)
    if group.mode == "distinct":
        return shape(_ENTITIES, rows=rows, entity=_entity(group, question))
    return rows


def slot_map(group: Group, batch: Batch) -> exp.Expr:
    """Which rows belong to which slot, as VALUES."""
    conditions = [where.model_dump_json() for where in group.conditions]
    rows = [
        exp.Tuple(expressions=_literals(slot, kind, grain, rank, batch, group, conditions))
        for slot in group.slots
        for kind in slot.kinds
        for grain, rank in slot.ranks
    ]
    names = "slot choice own rank_ stated cond field_ kind grain measure unit".split()
    alias = exp.TableAlias(
        this=exp.to_identifier("v"), columns=[exp.to_identifier(name) for name in names]
    )
    return exp.select("*").from_(exp.Values(expressions=rows, alias=alias), copy=False)


def _literals(
    slot: Slot,
    kind: str,
    grain: str,
    rank: int,
    batch: Batch,
    group: Group,
    conditions: list[str],
) -> list[exp.Expr]:
    cond = -1 if slot.where is None else conditions.index(slot.where.model_dump_json())
    return [
        exp.Literal.number(slot.number),
        exp.Literal.number(slot.choice),
        exp.Boolean(this=batch.indicators[slot.indicator].rollup == "none"),
        exp.Literal.number(rank),
        exp.Boolean(this=slot.form == "stated"),
        exp.Literal.number(cond),
        exp.Literal.number(group.fields.index(slot.field) if slot.field else -1),
        exp.Literal.string(kind),
        exp.Literal.string(grain),
        exp.Literal.string(slot.measure or ""),
        exp.Literal.string(slot.unit or ""),
    ]


def _holds(group: Group, question: Question) -> exp.Expr:
    """The condition of the slot that a row is given to."""
    case = exp.Case(this=exp.column("cond", "m"))
    for number, where in enumerate(group.conditions):
        tested = compile_predicate(where, question.columns, question.digest)
        case = case.when(exp.Literal.number(number), tested, copy=False)
    if not group.conditions:
        return exp.true()
    return case.else_(exp.true(), copy=False)


def _entity(group: Group, question: Question) -> exp.Expr:
    """What is counted once, as text, by the field of the slot."""
    case = exp.Case(this=exp.column("field_", "s"))
    for number, name in enumerate(group.fields):
        if name in _DATED:
            value = shape(_DATED[name])
        else:
            value = exp.cast(exp.column(question.columns[name].name, "s"), "VARCHAR")
        case = case.when(exp.Literal.number(number), value, copy=False)
    return case


def _conditions(group: Group, question: Question) -> list[exp.Expr]:
    found = [
        exp.In(this=exp.column("kind"), expressions=strings(group.kinds)),
        exp.In(this=exp.column("grain"), expressions=strings(group.grains)),
        exp.Not(this=exp.In(this=exp.column("state"), expressions=strings(NOT_DONE))),
        exp.LTE(this=exp.column("last_day"), expression=_asked_day("end")),
        *_known(question.known_at),
    ]
    if group.span == "period":
        found.append(exp.GTE(this=exp.column("first_day"), expression=_asked_day("start")))
    if group.table == "quantities":
        found.append(exp.In(this=exp.column("measure"), expressions=strings(group.measures)))
        found.append(exp.Not(this=exp.column("part")))
    if question.targets is not None:
        found.append(exp.In(this=exp.column("area"), query=exp.Subquery(this=shape(_IN_SCOPE))))
    return found


def _known(known_at: int | None) -> list[exp.Expr]:
    known_to = exp.column("known_to")
    if known_at is None:
        return [exp.EQ(this=known_to, expression=exp.Literal.number(OPEN))]
    return [shape("known_from <= :known_at"), shape("known_to > :known_at")]


def at_day(group: Group, question: Question) -> exp.Expr:
    """The day on which the area tree is read for a row.

    Constant between two changes of the tree, so that rows can be summed before they climb it.
    """
    if group.is_stock:
        return _asked_day("end")
    if is_constant(group, question):
        return _asked_day("start")
    case = exp.Case()
    for number in reversed(range(len(question.changes))):
        change = _asked_day(f"change{number}")
        reached = exp.GTE(this=exp.column("last_day"), expression=change)
        case = case.when(reached, change.copy(), copy=False)
    return case.else_(shape("CAST('0001-01-01' AS DATE)"), copy=False)


def is_constant(group: Group, question: Question) -> bool:
    """Whether all rows of a group are of one day of the tree."""
    return group.is_stock or not question.changes


def _asked_day(name: str) -> exp.Expr:
    return exp.cast(exp.Placeholder(this=name), "DATE")


def _interval(group: Group) -> list[exp.Expr]:
    """A summary keeps its interval, for the test that one total lies inside another."""
    edges = ("first_day", "last_day") if group.intervals else (NO_DAY, NO_DAY)
    return [shape(edge).as_(name) for edge, name in zip(edges, _EDGES, strict=True)]
