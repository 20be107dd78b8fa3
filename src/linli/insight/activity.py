"""How many records there are of each kind in each month: what choosers and drawings need."""

from __future__ import annotations

from dataclasses import dataclass

from sqlglot import exp

from linli.core.access.queries import readable
from linli.core.access.rules import Actor
from linli.core.areas.queries import keys_under
from linli.core.areas.rules import AreaRef
from linli.insight.layout import OPEN
from linli.insight.reading import reading


@dataclass(frozen=True, slots=True)
class Activity:
    """Records of one kind and grain between two months (year, month); None: without days."""

    kind: str
    grain: str
    first: tuple[int, int] | None
    last: tuple[int, int] | None
    records: int


def activity(actor: Actor, area: AreaRef) -> list[Activity]:
    """The records of an area and all under it as they stand, counted; withdrawn ones left out."""
    place = readable(actor, area)
    keys = keys_under(place.key)
    with reading() as view:
        rows = view.engine.ask(_question(keys))
    return [
        Activity(kind, grain, _month(first), _month(last), count)
        for kind, grain, first, last, count in rows
    ]


def _question(keys: list[int]) -> str:
    columns = ["kind", "grain", _months("first_day"), _months("last_day")]
    places = exp.column("area").isin(*keys)
    known = exp.column("known_to").eq(exp.Literal.number(OPEN))
    stands = exp.column("state").neq(exp.Literal.string("withdrawn"))
    asked = exp.select(*columns, "COUNT(*) AS n").from_("records").where(places, known, stands)
    return asked.group_by("1", "2", "3", "4").order_by("1", "2", "3", "4").sql("duckdb")


def _months(day: str) -> str:
    """Months since year 0: one number that sorts and divides."""
    return f"YEAR({day}) * 12 + MONTH({day}) - 1"


def _month(number: int | None) -> tuple[int, int] | None:
    return None if number is None else (number // 12, number % 12 + 1)
