"""Sums at the areas where records lie, before anything climbs the tree."""

from __future__ import annotations

from sqlglot import exp

from linli.insight.compile.groups import PICKING, Group
from linli.insight.compile.question import MODULUS, Question
from linli.insight.compile.rows import base, slotted
from linli.insight.compile.skeleton import shape
from linli.insight.slots import Batch, Slot
from linli.kernel.quantities import FLAG, Qualifier

EXACT = FLAG[Qualifier.EXACT]

_ADD = """
SELECT m.slot, m.choice, m.role, m.own, m.rank_, g.area, g.at_day, g.grain, g.from_day, g.to_day,
  CASE WHEN m.stated AND g.grain = 'event' THEN CAST(0 AS BIGINT) ELSE g.n END AS n,
  CASE WHEN m.stated AND g.grain = 'event' THEN CAST(0 AS BIGINT) ELSE g.late END AS late,
  CASE WHEN m.stated AND g.grain = 'event' THEN CAST(0 AS BIGINT) ELSE g.x1 END AS x1,
  CASE WHEN m.stated AND g.grain = 'event' THEN CAST(0 AS BIGINT) ELSE g.x2 END AS x2,
  CAST(g.value - CASE WHEN m.stated AND g.grain = 'event' THEN g.n ELSE 0 END
    AS DECIMAL(38, 6)) AS value,
  CAST(g.lo - CASE WHEN m.stated AND g.grain = 'event' THEN g.n ELSE 0 END
    AS DECIMAL(38, 6)) AS lo,
  CAST(g.hi - CASE WHEN m.stated AND g.grain = 'event' THEN g.n ELSE 0 END
    AS DECIMAL(38, 6)) AS hi,
  g.flags
FROM sums AS g JOIN map AS m ON m.kind = g.kind AND m.grain = g.grain{measure}
"""
_BY_MEASURE = " AND m.measure = g.measure AND m.unit = g.unit"
_KEYS = "kind, grain, area, at_day, from_day, to_day"
_RECORD_SUMS = f"""
SELECT {_KEYS}, COUNT(*) AS n,
  CAST(SUM(CASE WHEN late THEN 1 ELSE 0 END) AS BIGINT) AS late,
  {{x1}} AS x1, {{x2}} AS x2,
  CAST(COUNT(*) AS DECIMAL(38, 6)) AS value, CAST(COUNT(*) AS DECIMAL(38, 6)) AS lo,
  CAST(COUNT(*) AS DECIMAL(38, 6)) AS hi, {EXACT} AS flags
FROM base AS b GROUP BY {_KEYS}
"""
_QUANTITY_SUMS = f"""
SELECT {_KEYS}, measure, unit,
  CAST(SUM(CASE WHEN nth = 0 THEN 1 ELSE 0 END) AS BIGINT) AS n,
  CAST(SUM(CASE WHEN nth = 0 AND late THEN 1 ELSE 0 END) AS BIGINT) AS late,
  {{x1}} AS x1, {{x2}} AS x2,
  CAST(SUM(value) AS DECIMAL(38, 6)) AS value, CAST(SUM(lo) AS DECIMAL(38, 6)) AS lo,
  CAST(SUM(hi) AS DECIMAL(38, 6)) AS hi,
  BIT_OR(flags) AS flags
FROM base AS b GROUP BY {_KEYS}, measure, unit
"""
_PICK = f"""
SELECT slot, choice, role, own, rank_, area, at_day, grain, from_day, to_day,
  CAST(1 AS BIGINT) AS n,
  CAST(CASE WHEN late THEN 1 ELSE 0 END AS BIGINT) AS late,
  key % {MODULUS} AS x1, (key % {MODULUS}) * (key % {MODULUS}) % {MODULUS} AS x2,
  value, lo, hi, flags
FROM rows AS r
"""
_PRESENCE = f"""
SELECT slot, choice, role, own, rank_, area, at_day, grain, from_day, to_day, COUNT(*) AS n,
  CAST(SUM(CASE WHEN late THEN 1 ELSE 0 END) AS BIGINT) AS late,
  CAST(SUM(key % {MODULUS}) AS BIGINT) AS x1,
  CAST(SUM((key % {MODULUS}) * (key % {MODULUS}) % {MODULUS}) AS BIGINT) AS x2,
  CAST(0 AS DECIMAL(38, 6)) AS value, CAST(0 AS DECIMAL(38, 6)) AS lo,
  CAST(0 AS DECIMAL(38, 6)) AS hi, {EXACT} AS flags
FROM rows AS r WHERE entity IS NOT NULL
GROUP BY slot, choice, role, own, rank_, area, at_day, grain, from_day, to_day
"""


def leaf(group: Group, question: Question, batch: Batch) -> exp.Expr:
    """Sums of a group at each area, day of the tree, grain and (for summaries) interval."""
    names = slot_map(group, batch)
    if group.mode in PICKING:
        return shape(_PICK, rows=slotted(group, question, names))
    if group.mode == "distinct":
        return shape(_PRESENCE, rows=entity_rows(group, question, names))
    first = "nth = 0" if group.table == "quantities" else None
    sums = _QUANTITY_SUMS if first else _RECORD_SUMS
    text = sums.format(x1=_proof(1, first, question), x2=_proof(2, first, question))
    measure = _BY_MEASURE if group.table == "quantities" else ""
    return shape(
        _ADD.format(measure=measure), sums=shape(text, base=base(group, question)), map=names
    )


def entity_rows(group: Group, question: Question, names: exp.Expr) -> exp.Expr:
    """Rows of a *distinct* group with what is to be counted once, as text."""
    rows = slotted(group, question, names)
    if group.field == "@week":
        return shape(
            "SELECT r.*, CAST(c.iso_year * 100 + c.iso_week AS VARCHAR) AS entity"
            " FROM rows AS r LEFT JOIN calendar AS c ON c.day = r.first_day",
            rows=rows,
        )
    return shape(
        "SELECT r.*, :entity AS entity FROM rows AS r",
        rows=rows,
        entity=_entity(group.field or "", question),
    )


def slot_map(group: Group, batch: Batch) -> exp.Expr:
    """Which rows belong to which slot, as VALUES."""
    rows = [
        exp.tuple_(*_literals(slot, kind, grain, rank, batch))
        for slot in group.slots
        for kind in slot.kinds
        for grain, rank in slot.ranks
    ]
    names = ["slot", "choice", "role", "own", "rank_", "stated", "kind", "grain", "measure", "unit"]
    return exp.select("*").from_(exp.values([tuple(r.expressions) for r in rows], "v", names))


def _literals(slot: Slot, kind: str, grain: str, rank: int, batch: Batch) -> list[exp.Expr]:
    return [
        exp.Literal.number(slot.number),
        exp.Literal.number(slot.choice),
        exp.Literal.string(slot.role),
        exp.Boolean(this=batch.indicators[slot.indicator].rollup == "none"),
        exp.Literal.number(rank),
        exp.Boolean(this=slot.form == "stated"),
        exp.Literal.string(kind),
        exp.Literal.string(grain),
        exp.Literal.string(slot.measure or ""),
        exp.Literal.string(slot.unit or ""),
    ]


def _proof(power: int, first: str | None, question: Question) -> str:
    if not question.prove:
        return "CAST(0 AS BIGINT)"
    rest = f"key % {MODULUS}"
    rest = rest if power == 1 else f"({rest}) * ({rest}) % {MODULUS}"
    value = f"CASE WHEN {first} THEN {rest} ELSE 0 END" if first else rest
    return f"CAST(SUM({value}) AS BIGINT)"


def _entity(name: str, question: Question) -> exp.Expr:
    match name:
        case "@day":
            return shape("CAST(r.first_day AS VARCHAR)")
        case "@month":
            return shape(
                "CAST(EXTRACT(YEAR FROM r.first_day) * 100 + EXTRACT(MONTH FROM r.first_day)"
                " AS VARCHAR)"
            )
        case "@quarter":
            return shape(
                "CAST(EXTRACT(YEAR FROM r.first_day) * 10 + EXTRACT(QUARTER FROM r.first_day)"
                " AS VARCHAR)"
            )
        case "@year":
            return shape("CAST(EXTRACT(YEAR FROM r.first_day) AS VARCHAR)")
        case "@area":
            return shape("CAST(r.area AS VARCHAR)")
        case _:
            column = exp.column(question.columns[name].name, "r")
            return exp.cast(column, "VARCHAR")
