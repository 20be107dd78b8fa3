"""The rows that a group of slots reads, one by one: what leaf sums and traces both start from."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

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
WHERE m.bit = 0 OR (b.mask & m.bit) <> 0
"""
_SINGLE = """
SELECT b.*, :slot AS slot, :choice AS choice, :own AS own, :rank_ AS rank_, :stated AS stated,
  :field_ AS field_
FROM base AS b
"""
BY_MEASURE = " AND m.measure = b.measure AND m.unit = b.unit"
# Whether a state stands is asked before whether it satisfies a condition: a shop that has signed
# since is no shop that has not.
_STANDING = """
SELECT * FROM (
  SELECT s.*, RANK() OVER (PARTITION BY {keys} ORDER BY s.last_day DESC) AS newness
  FROM rows AS s
) AS ranked WHERE grain <> 'observation' OR newness = 1
"""
_PICKED = """
SELECT * FROM (
  SELECT s.*, ROW_NUMBER() OVER (PARTITION BY {keys} ORDER BY {order}) AS place FROM rows AS s
) AS picked WHERE place = 1
"""
_ENTITIES = """
SELECT * FROM (SELECT s.*, :entity AS entity FROM rows AS s{calendar}) AS named
WHERE entity IS NOT NULL
"""
_CALENDAR = " LEFT JOIN calendar AS c ON c.day = s.first_day"
NO_DAY = "CAST('0001-01-01' AS DATE)"
_EDGES = {"first_day": "from_day", "last_day": "to_day"}
_EDGE = f"CASE WHEN grain = 'summary' THEN {{edge}} ELSE {NO_DAY} END"
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
    """Rows of the table that satisfy time, knowledge, state, place and the condition of all slots.

    ``mask`` has a bit for each condition of the row's kind that the row satisfies.
    """
    mask = _mask(group, question)
    query = exp.select("b.*", at_day(group, question).as_("at_day"), *_interval(group))
    query.select(mask.as_("mask"), copy=False)
    query.from_(_source(group, question), copy=False)
    slot = group.single
    if slot is not None and slot.where is not None:
        held = compile_predicate(slot.where, question.columns, question.digest)
        query.where(held, copy=False)
    return query


def _source(group: Group, question: Question) -> exp.Expr:
    """The rows in time, knowledge, state and place; of a stock the newest states of each thing."""
    rows: exp.Expr = (
        exp.select("*")
        .from_(exp.to_table(group.table))
        .where(all_of(_conditions(group, question)), copy=False)
    )
    if group.stands:
        keys = ["s.area", "s.kind", "s.grain", "s.subject"]
        keys += ["s.measure"] if group.table == "quantities" else []
        rows = shape(_STANDING.format(keys=", ".join(keys)), rows=rows)
    return exp.Subquery(this=rows, alias=exp.TableAlias(this=exp.to_identifier("b")))


def slotted(group: Group, question: Question, batch: Batch) -> exp.Expr:
    """``base`` with each row once for every slot that counts it, picked where one row decides."""
    rows = _given(group, question, batch)
    if group.mode in PICKING:
        keys = ", ".join(_partition(group))
        return shape(_PICKED.format(keys=keys, order=_ORDER[group.mode]), rows=rows)
    if group.mode == "distinct":
        dated = any("c." in _DATED.get(name, "") for name in group.fields)
        text = _ENTITIES.format(calendar=_CALENDAR if dated else "")
        return shape(text, rows=rows, entity=_entity(group, question))
    return rows


def _given(group: Group, question: Question, batch: Batch) -> exp.Expr:
    """Rows with their slots: looked up, unless all have the same."""
    slot = group.single
    if slot is None:
        measure = BY_MEASURE if group.table == "quantities" else ""
        text = _MAPPED.format(measure=measure)
        return shape(text, base=base(group, question), map=slot_map(group, batch))
    told = literals(slot, slot.ranks[0], batch, group)
    return shape(_SINGLE, base=base(group, question), **told)


def _partition(group: Group) -> list[str]:
    """By what rows compete to be picked; what all have in common is left out."""
    return ["s.area"] if group.single else ["s.slot", "s.area", "s.grain"]


def slot_map(group: Group, batch: Batch) -> exp.Expr:
    """Which rows belong to which slot, as VALUES."""
    rows = [
        {
            **literals(slot, pair, batch, group),
            "bit": exp.Literal.number(group.bit(slot, kind)),
            "kind": exp.Literal.string(kind),
            "measure": exp.Literal.string(slot.measure or ""),
            "unit": exp.Literal.string(slot.unit or ""),
        }
        for slot in group.slots
        for kind in slot.kinds
        for pair in slot.ranks
    ]
    names = [exp.to_identifier(name) for name in rows[0]]
    alias = exp.TableAlias(this=exp.to_identifier("v"), columns=names)
    tuples = [exp.Tuple(expressions=list(row.values())) for row in rows]
    return exp.select("*").from_(exp.Values(expressions=tuples, alias=alias), copy=False)


def literals(
    slot: Slot, ranked: tuple[str, int], batch: Batch, group: Group
) -> dict[str, exp.Expr]:
    """What rows of a slot and grain are told, by column."""
    grain, rank = ranked
    return {
        "slot": exp.Literal.number(slot.number),
        "choice": exp.Literal.number(slot.choice),
        "own": exp.Boolean(this=batch.indicators[slot.indicator].rollup == "none"),
        "rank_": exp.Literal.number(rank),
        "stated": exp.Boolean(this=slot.form == "stated"),
        "field_": exp.Literal.number(group.fields.index(slot.field) if slot.field else 0),
        "grain": exp.Literal.string(grain),
    }


def _mask(group: Group, question: Question) -> exp.Expr:
    """The bits of the conditions that a row satisfies; only those of its own kind are tried."""
    if not group.masked:
        return _bits(())
    masks = [(kind, _tested(group, kind, question)) for kind in group.kinds]
    if len(masks) == 1:
        return _bits(masks[0][1])
    case = exp.Case(this=exp.column("kind", "b"))
    for kind, tested in masks:
        if tested:
            case = case.when(exp.Literal.string(kind), _bits(tested), copy=False)
    return case.else_(_bits(()), copy=False)


def _tested(group: Group, kind: str, question: Question) -> list[exp.Expr]:
    conditions = group.conditions(kind)
    return [compile_predicate(where, question.columns, question.digest) for where in conditions]


def _bits(tested: Sequence[exp.Expr]) -> exp.Expr:
    """1 if the first holds, plus 2 if the second does, and so on; nothing else adds anything."""
    nothing = exp.cast(exp.Literal.number(0), "BIGINT")
    bits: list[exp.Expr] = [
        exp.Case()
        .when(holds, exp.cast(exp.Literal.number(1 << place), "BIGINT"), copy=False)
        .else_(nothing.copy(), copy=False)
        for place, holds in enumerate(tested)
    ]
    return reduce(lambda a, b: exp.Add(this=a, expression=b), bits) if bits else nothing


def _entity(group: Group, question: Question) -> exp.Expr:
    """What is counted once, as text, by the field of the slot."""
    values = [
        shape(_DATED[name])
        if name in _DATED
        else exp.cast(exp.column(question.columns[name].name, "s"), "VARCHAR")
        for name in group.fields
    ]
    if len(values) == 1:
        return values[0]
    case = exp.Case(this=exp.column("field_", "s"))
    for number, value in enumerate(values):
        case = case.when(exp.Literal.number(number), value, copy=False)
    return case


def _conditions(group: Group, question: Question) -> list[exp.Expr]:
    found = [
        _among("kind", group.kinds),
        _among("grain", group.grains),
        exp.Not(this=exp.In(this=exp.column("state"), expressions=strings(NOT_DONE))),
        exp.LTE(this=exp.column("last_day"), expression=_asked_day("end")),
        *_known(question.known_at),
    ]
    if group.span == "period":
        found.append(exp.GTE(this=exp.column("first_day"), expression=_asked_day("start")))
    if group.table == "quantities":
        found += [_among("measure", group.measures), _among("unit", group.units)]
        found.append(exp.Not(this=exp.column("part")))
    if question.targets is not None:
        found.append(exp.In(this=exp.column("area"), query=exp.Subquery(this=shape(_IN_SCOPE))))
    return found


def _among(column: str, values: tuple[str, ...]) -> exp.Expr:
    """An equality where it says the same as a list, for engines skip more by it."""
    if len(values) == 1:
        return exp.EQ(this=exp.column(column), expression=exp.Literal.string(values[0]))
    return exp.In(this=exp.column(column), expressions=strings(values))


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
    return case.else_(shape(NO_DAY), copy=False)


def is_constant(group: Group, question: Question) -> bool:
    """Whether all rows of a group are of one day of the tree."""
    return group.is_stock or not question.changes


def no_day() -> exp.Expr:
    """The day that stands where there is none."""
    return shape(NO_DAY)


def _asked_day(name: str) -> exp.Expr:
    return exp.cast(exp.Placeholder(this=name), "DATE")


def _interval(group: Group) -> list[exp.Expr]:
    """A summary keeps its interval, for the test that one total lies inside another."""
    if not group.intervals:
        return [shape(NO_DAY).as_(name) for name in _EDGES.values()]
    if group.grains == ("summary",):
        return [shape(edge).as_(name) for edge, name in _EDGES.items()]
    return [shape(_EDGE.format(edge=edge)).as_(name) for edge, name in _EDGES.items()]
