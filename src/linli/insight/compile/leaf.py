"""Sums at the areas where records lie, before anything climbs the tree."""

from __future__ import annotations

from sqlglot import exp

from linli.insight.compile.groups import PICKING, Group
from linli.insight.compile.question import MODULUS, Question
from linli.insight.compile.rows import NO_DAY, at_day, base, is_constant, slot_map, slotted
from linli.insight.compile.skeleton import shape
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
SELECT m.slot, m.choice, m.own, m.rank_, m.stated, g.*{constants}
FROM sums AS g JOIN map AS m ON m.kind = g.kind AND m.grain = g.grain{measure}
"""
_BY_MEASURE = " AND m.measure = g.measure AND m.unit = g.unit"
_SUMS = "SELECT {keys}, {amounts} FROM rows AS r GROUP BY {keys}"
_RECORDS = f"""COUNT(*) AS n,
  CAST(SUM(CASE WHEN late THEN 1 ELSE 0 END) AS BIGINT) AS late,
  {{x1}} AS x1, {{x2}} AS x2,
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


def leaf(group: Group, question: Question, batch: Batch) -> exp.Expr:
    """Sums of a group at each area, day of the tree, grain and (for summaries) interval."""
    if group.mode in PICKING:
        return shape(_PICK, rows=slotted(group, question, batch))
    amounts = _amounts(group, question)
    if not group.grouped:
        keys = f"{_HEAD}, stated"
        rows = slotted(group, question, batch)
        mapped = shape(_SUMS.format(keys=keys, amounts=amounts), rows=rows)
        return shape(_GIVEN, mapped=mapped)
    measure = _BY_MEASURE if group.table == "quantities" else ""
    keys, constants = _keys(group, question)
    sums = shape(_SUMS.format(keys=keys, amounts=amounts), rows=base(group, question))
    text = _MAPPED.format(measure=measure, constants=constants)
    mapped = shape(
        text, sums=sums, map=slot_map(group, batch), at_day=at_day(group, question).as_("at_day")
    )
    return shape(_GIVEN, mapped=mapped)


def _keys(group: Group, question: Question) -> tuple[str, str]:
    """What rows are summed by, and what is the same for all: constants cost nothing to group."""
    keys, constants = ["kind", "grain", "area"], []
    if is_constant(group, question):
        constants.append(":at_day")
    else:
        keys.append("at_day")
    if group.intervals:
        keys += ["from_day", "to_day"]
    else:
        constants += [f"{NO_DAY} AS from_day", f"{NO_DAY} AS to_day"]
    if group.table == "quantities":
        keys += ["measure", "unit"]
    return ", ".join(keys), "".join(f", {one}" for one in constants)


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
