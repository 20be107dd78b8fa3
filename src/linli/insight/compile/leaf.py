"""Sums at the areas where records lie, before anything climbs the tree.

Rows that are simply added are first summed by no more than tells them apart (area, and of kind,
grain, measure, interval, day of the tree and satisfied conditions what differs within the scan); the
few sums are then given to slots, however many slots there are.
"""

from __future__ import annotations

from sqlglot import exp

from linli.insight.compile.groups import PICKING, Group
from linli.insight.compile.question import MODULUS, Question
from linli.insight.compile.rows import (
    BY_MEASURE,
    at_day,
    base,
    is_constant,
    literals,
    no_day,
    slot_map,
    slotted,
)
from linli.insight.compile.skeleton import shape, union
from linli.insight.slots import Batch
from linli.kernel.quantities import FLAG, Qualifier

EXACT = FLAG[Qualifier.EXACT]

# What an event states counts for itself, less the one that the event was counted as already.
_STATED = "m.stated AND m.grain = 'event'"
_HEAD = "slot, choice, own, rank_, area, at_day, grain, from_day, to_day"
_GIVEN = f"""
SELECT m.slot, m.choice, m.own, m.rank_, m.area, m.at_day, m.grain, m.from_day, m.to_day,
  CASE WHEN {_STATED} THEN CAST(0 AS BIGINT) ELSE m.n END AS n,
  CASE WHEN {_STATED} THEN CAST(0 AS BIGINT) ELSE m.late END AS late,
  CASE WHEN {_STATED} THEN CAST(0 AS BIGINT) ELSE m.x1 END AS x1,
  CASE WHEN {_STATED} THEN CAST(0 AS BIGINT) ELSE m.x2 END AS x2,
  CAST(m.value - CASE WHEN {_STATED} THEN m.n ELSE 0 END AS DECIMAL(38, 6)) AS value,
  CAST(m.lo - CASE WHEN {_STATED} THEN m.n ELSE 0 END AS DECIMAL(38, 6)) AS lo,
  CAST(m.hi - CASE WHEN {_STATED} THEN m.n ELSE 0 END AS DECIMAL(38, 6)) AS hi,
  m.flags
FROM mapped AS m
"""
_MAPPED = """
SELECT m.slot, m.choice, m.own, m.rank_, m.stated, b.*
FROM sums AS b JOIN map AS m ON m.kind = b.kind AND m.grain = b.grain{measure}
WHERE m.bit = 0 OR (b.mask & m.bit) <> 0
"""
_AGAIN = f"""
SELECT {_HEAD}, stated, CAST(SUM(n) AS BIGINT) AS n, CAST(SUM(late) AS BIGINT) AS late,
  CAST(SUM(x1) AS BIGINT) AS x1, CAST(SUM(x2) AS BIGINT) AS x2,
  CAST(SUM(value) AS DECIMAL(38, 6)) AS value, CAST(SUM(lo) AS DECIMAL(38, 6)) AS lo,
  CAST(SUM(hi) AS DECIMAL(38, 6)) AS hi, BIT_OR(flags) AS flags
FROM rows AS r GROUP BY {_HEAD}, stated
"""
_SUMS = "SELECT {keys}, {amounts} FROM rows AS r GROUP BY {keys}"
_WITH = "SELECT s.*, {constants} FROM sums AS s"
_COUNTED = "COUNT(*) AS n, CAST(SUM(CASE WHEN late THEN 1 ELSE 0 END) AS BIGINT) AS late"
_RECORDS = f"""{_COUNTED}, {{x1}} AS x1, {{x2}} AS x2,
  CAST(COUNT(*) AS DECIMAL(38, 6)) AS value, CAST(COUNT(*) AS DECIMAL(38, 6)) AS lo,
  CAST(COUNT(*) AS DECIMAL(38, 6)) AS hi, {EXACT} AS flags
"""
_QUANTITIES = """CAST(SUM(CASE WHEN nth = 0 THEN 1 ELSE 0 END) AS BIGINT) AS n,
  CAST(SUM(CASE WHEN nth = 0 AND late THEN 1 ELSE 0 END) AS BIGINT) AS late,
  {x1} AS x1, {x2} AS x2,
  CAST(SUM(value) AS DECIMAL(38, 6)) AS value, CAST(SUM(lo) AS DECIMAL(38, 6)) AS lo,
  CAST(SUM(hi) AS DECIMAL(38, 6)) AS hi, BIT_OR(flags) AS flags
"""
_PICK = f"""
SELECT {_HEAD}, CAST(1 AS BIGINT) AS n,
  CAST(CASE WHEN late THEN 1 ELSE 0 END AS BIGINT) AS late,
  key % {MODULUS} AS x1, (key % {MODULUS}) * (key % {MODULUS}) % {MODULUS} AS x2,
  value, lo, hi, flags
FROM rows AS r
"""
_COUNTED_ONCE = f"{_COUNTED}, {{x1}} AS x1, {{x2}} AS x2"
_ENTITIES = f"SELECT {_HEAD}, entity, n, late, x1, x2 FROM sums AS s"
_OF_ENTITIES = f"""
SELECT {_HEAD}, CAST(SUM(n) AS BIGINT) AS n, CAST(SUM(late) AS BIGINT) AS late,
  CAST(SUM(x1) AS BIGINT) AS x1, CAST(SUM(x2) AS BIGINT) AS x2,
  CAST(SUM(n) AS DECIMAL(38, 6)) AS value, CAST(SUM(n) AS DECIMAL(38, 6)) AS lo,
  CAST(SUM(n) AS DECIMAL(38, 6)) AS hi, {EXACT} AS flags
FROM entities AS e GROUP BY {_HEAD}
"""


def leaf(groups: tuple[Group, ...], question: Question, batch: Batch) -> exp.Expr:
    """Sums of each slot at each area, day of the tree, grain and (for summaries) interval.

    Slots that count things once take theirs from the step ``entities``.
    """
    found = [_leaf(one, question, batch) for one in groups if one.mode != "distinct"]
    if len(found) < len(groups):
        found.append(shape(_OF_ENTITIES))
    return union(found)


def entities(groups: tuple[Group, ...], question: Question, batch: Batch) -> exp.Expr | None:
    """What records name at each area, each thing once, with how many records name it.

    None if no slot counts things once.
    """
    found = [_entities(one, question, batch) for one in groups if one.mode == "distinct"]
    return union(found) if found else None


def _entities(group: Group, question: Question, batch: Batch) -> exp.Expr:
    same = _of_scan(group, question)
    if group.single is not None:
        same |= literals(group.single, group.single.ranks[0], batch, group)
    amounts = _COUNTED_ONCE.format(x1=_proof(1, None, question), x2=_proof(2, None, question))
    keys = [*_HEAD.split(", "), "entity"]
    return shape(_ENTITIES, sums=_summed(slotted(group, question, batch), keys, same, amounts))


def _leaf(group: Group, question: Question, batch: Batch) -> exp.Expr:
    if group.mode in PICKING:
        return shape(_PICK, rows=slotted(group, question, batch))
    amounts = _amounts(group, question)
    keys = ["kind", "grain", "area", "at_day", "from_day", "to_day", "mask"]
    keys += ["measure", "unit"] if group.table == "quantities" else []
    sums = _summed(base(group, question), keys, _of_scan(group, question), amounts)
    text = _MAPPED.format(measure=BY_MEASURE if group.table == "quantities" else "")
    mapped = shape(text, sums=sums, map=slot_map(group, batch))
    return shape(_GIVEN, mapped=shape(_AGAIN, rows=mapped) if group.masked else mapped)


def _summed(rows: exp.Expr, keys: list[str], same: dict[str, exp.Expr], amounts: str) -> exp.Expr:
    """Sums of rows by ``keys``; what is the ``same`` for all is told afterwards: it costs nothing."""
    told = ", ".join(name for name in keys if name not in same)
    sums = shape(_SUMS.format(keys=told, amounts=amounts), rows=rows)
    constants = {name: value for name, value in same.items() if name in keys}
    if not constants:
        return sums
    text = _WITH.format(constants=", ".join(f":{name} AS {name}" for name in constants))
    return shape(text, sums=sums, **constants)


def _of_scan(group: Group, question: Question) -> dict[str, exp.Expr]:
    """What all rows of a scan have in common."""
    found: dict[str, exp.Expr] = {}
    choices = {
        "kind": group.kinds,
        "grain": group.grains,
        "measure": group.measures,
        "unit": group.units,
    }
    for name, values in choices.items():
        if len(values) == 1:
            found[name] = exp.Literal.string(values[0])
    if is_constant(group, question):
        found["at_day"] = at_day(group, question)
    if not group.intervals:
        found |= {"from_day": no_day(), "to_day": no_day()}
    if not group.masked:
        found["mask"] = exp.Literal.number(0)
    return found


def _amounts(group: Group, question: Question) -> str:
    first = "nth = 0" if group.table == "quantities" else None
    text = _QUANTITIES if first else _RECORDS
    return text.format(x1=_proof(1, first, question), x2=_proof(2, first, question))


def _proof(power: int, first: str | None, question: Question) -> str:
    if not question.prove:
        return "CAST(0 AS BIGINT)"
    rest = f"key % {MODULUS}"
    rest = rest if power == 1 else f"({rest}) * ({rest}) % {MODULUS}"
    value = f"CASE WHEN {first} THEN {rest} ELSE 0 END" if first else rest
    return f"CAST(SUM({value}) AS BIGINT)"
