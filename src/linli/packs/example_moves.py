"""The moves of an example: how its records go through their flows, and where they stand then."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field as Slot

from linli.packs.schema import Model


class ExampleMove(Model):
    """One move. ``record`` counts the example's records from 1, then the parts that splits made.

    ``flow`` puts the record into it; ``move`` is the id or title of any later one. ``at`` is
    Beijing time. ``body`` is who it is given to, made if the community has none of that name.
    """

    record: Annotated[int, Slot(ge=1)] = 1
    flow: str = ""
    move: str = ""
    at: datetime
    fields: dict[str, str] = {}
    reason: str = ""
    body: str = ""
    parts: tuple[str, ...] = ()


class ExampleStanding(Model):
    """Where a record stands after all moves; ``step`` is the title of its step."""

    record: Annotated[int, Slot(ge=1)] = 1
    step: str
    closed: bool = True
    in_time: bool = True
    round: int = 1
    returns: int = 0
    outcome: str = ""
