"""Strategies: behaviour that a pack may name but never holds.

A strategy has an id and typed options. A pack writes ``{ id = "deadline.workdays", days = 15 }``;
``resolve`` refuses an unknown id or option with the nearest right word. The floor that owns the
behaviour looks the id up; this file only says which exist and what they take.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic import Field as Slot

from linli.kernel.errors import Refusal, sentences
from linli.packs.fault import nearest

sentences(
    {
        "packs.strategy.unknown": ("没有策略 {id}。", "{hint}"),
        "packs.strategy.options": ("策略 {id} 的选项有误：{problem}。", "{hint}"),
    }
)


class Options(BaseModel):
    """Base of every strategy's options."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Workdays(Options):
    """Due so many working days after it began (make-up days count, holidays do not)."""

    days: Annotated[int, Slot(ge=1, le=365)]


class Calendar(Options):
    """Due so many calendar days after it began."""

    days: Annotated[int, Slot(ge=1, le=3660)]


class AfterPeriod(Options):
    """Due so many working days after the end of its month, quarter, half-year or year."""

    every: Literal["month", "quarter", "half", "year"]
    days: Annotated[int, Slot(ge=0, le=120)] = 10


class Cadence(Options):
    """Expected so many times each day, week, month, …"""

    every: Literal["day", "week", "month", "quarter", "half", "year"]
    times: Annotated[int, Slot(ge=1, le=366)] = 1


class Festival(Options):
    """Expected each year at a festival, from so many days before it."""

    name: Annotated[str, Slot(min_length=1)]
    days_before: Annotated[int, Slot(ge=0, le=60)] = 7


class Yearly(Options):
    """Numbered anew each year: 2010-001."""

    width: Annotated[int, Slot(ge=1, le=8)] = 3
    prefix: str = ""


STRATEGIES: Mapping[str, type[Options]] = MappingProxyType(
    {
        "deadline.workdays": Workdays,
        "deadline.calendar": Calendar,
        "deadline.after_period": AfterPeriod,
        "cadence.every": Cadence,
        "cadence.festival": Festival,
        "number.yearly": Yearly,
    }
)
"""Every strategy by its id."""


def resolve(name: str, options: Mapping[str, Any] | None = None) -> Options:
    """Return the validated options of a strategy; refuse what it does not know."""
    model = STRATEGIES.get(name)
    if model is None:
        near = nearest(name, STRATEGIES)
        hint = f"是不是 {near}？" if near else f"可用的有：{'、'.join(STRATEGIES)}。"
        raise Refusal("packs.strategy.unknown", id=name, hint=hint)
    try:
        return model.model_validate(dict(options or {}))
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(step) for step in first["loc"])
        near = nearest(key, model.model_fields)
        extra = first["type"] == "extra_forbidden"
        raise Refusal(
            "packs.strategy.options",
            id=name,
            problem=f"{key} {'没有这一项' if extra else first['msg']}",
            hint=f"是不是 {near}？"
            if extra and near
            else f"可写：{'、'.join(model.model_fields)}。",
        ) from error
