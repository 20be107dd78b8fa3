"""The rows that a group of slots reads, one by one: what leaf sums and traces both start from."""

from __future__ import annotations

from datetime import date

from sqlglot import exp

from linli.insight.compile.groups import PICKING, Group
from linli.insight.compile.predicate import compile_predicate, day, strings
from linli.insight.compile.question import BEGINNING, Question
from linli.insight.compile.skeleton import all_of, shape
from linli.insight.layout import OPEN
from linli.insight.slots import NOT_DONE

_NEWEST = """
SELECT * FROM (
  SELECT b.*, RANK() OVER (
    PARTITION BY b.area, b.kind, b.subject{measure} ORDER BY b.last_day DESC
  ) AS place FROM base AS b
) AS ranked WHERE grain <> 'observation' OR place = 1
"""
_SLOTTED = """
SELECT m.slot, m.choice, m.role, m.own, m.rank_, m.stated, b.*
FROM base AS b JOIN map AS m ON m.kind = b.kind AND m.grain = b.grain{measure}
"""
_BY_MEASURE = " AND m.measure = b.measure AND m.unit = b.unit"
_PICKED = """
SELECT * FROM (
  SELECT s.*, ROW_NUMBER() OVER (
    PARTITION BY s.slot, s.area, s.grain ORDER BY {order}
  ) AS place_in_area FROM rows AS s
) AS picked WHERE place_in_area = 1
"""
_IN_SCOPE = "SELECT area FROM scope"
_ORDER = {
    "last": "s.last_day DESC, s.key DESC, s.nth, s.value DESC",
    "max": "s.value DESC, s.key DESC, s.nth",
    "min": "s.value, s.key DESC, s.nth",
}


def base(group: Group, question: Question) -> exp.Expr:
    """Rows of the table that satisfy time, knowledge, state, place and condition."""
    query = exp.select("*").from_(group.table).where(all_of(_conditions(group, question)))
    query.set("expressions", [exp.Star(), _at_day(group, question).as_("at_day"), *_interval()])
    if group.mode == "newest":
        measure = ", b.measure, b.unit" if group.table == "quantities" else ""
        return shape(_NEWEST.format(measure=measure), base=query)
    return query


def slotted(group: Group, question: Question, names: exp.Expr) -> exp.Expr:
    """``base`` with each row once for every slot that counts it, picked where one row decides."""
    measure = _BY_MEASURE if group.table == "quantities" else ""
    rows = shape(_SLOTTED.format(measure=measure), base=base(group, question), map=names)
    if group.mode in PICKING:
        return shape(_PICKED.format(order=_ORDER[group.mode]), rows=rows)
    return rows


def _conditions(group: Group, question: Question) -> list[exp.Expr]:
    found = [
        exp.In(this=exp.column("kind"), expressions=strings(group.kinds)),
        exp.In(this=exp.column("grain"), expressions=strings(group.grains)),
        exp.Not(this=exp.In(this=exp.column("state"), expressions=strings(NOT_DONE))),
        exp.LTE(this=exp.column("last_day"), expression=day(question.end)),
        *_known(question.known_at),
    ]
    if group.span == "period":
        found.append(exp.GTE(this=exp.column("first_day"), expression=day(question.start)))
    if group.table == "quantities":
        found.append(exp.In(this=exp.column("measure"), expressions=strings(group.measures)))
        found.append(exp.Not(this=exp.column("part")))
    if group.where is not None:
        found.append(compile_predicate(group.where, question.columns, question.digest))
    if question.targets is not None:
        found.append(exp.In(this=exp.column("area"), query=exp.Subquery(this=shape(_IN_SCOPE))))
    return found


def _known(known_at: int | None) -> list[exp.Expr]:
    known_to = exp.column("known_to")
    if known_at is None:
        return [exp.EQ(this=known_to, expression=exp.Literal.number(OPEN))]
    moment = exp.Literal.number(known_at)
    return [
        exp.LTE(this=exp.column("known_from"), expression=moment),
        exp.GT(this=known_to, expression=moment),
    ]


def _at_day(group: Group, question: Question) -> exp.Expr:
    """The day on which the area tree is read for a row.

    Constant between two changes of the tree, so that rows can be summed before they climb it.
    """
    if group.is_stock:
        return day(question.end)
    first = question.start if group.span == "period" else BEGINNING
    changes = [c for c in question.changes if first < c <= question.end]
    if not changes:
        return day(first)
    return _steps(changes, first)


def _steps(changes: list[date], first: date) -> exp.Expr:
    case = exp.Case()
    for change in sorted(changes, reverse=True):
        reached = exp.GTE(this=exp.column("last_day"), expression=day(change))
        case = case.when(reached, day(change))
    return case.else_(day(first))


def _interval() -> list[exp.Expr]:
    """A summary keeps its interval, for the test that one total lies inside another."""
    return [
        shape(f"CASE WHEN grain = 'summary' THEN {edge} ELSE CAST('0001-01-01' AS DATE) END").as_(
            name
        )
        for edge, name in (("first_day", "from_day"), ("last_day", "to_day"))
    ]
