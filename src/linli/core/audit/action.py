"""The frame of every write: one verb, one transaction, one permission, at least one audit entry.

    @action("records.record", permission=Permission.RECORD)
    def record_one(*, actor, area, new, ...): ...

The decorated function takes keywords only. `on` names the keyword that holds the area on which the
permission is asked, or computes it from the keywords; None means the installation as a whole.
The registry lets house tests walk all actions.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any, ParamSpec, TypeVar

from django.db import transaction

from linli.core.audit import trail
from linli.core.audit.rules import Permission

P = ParamSpec("P")
R = TypeVar("R")

On = str | Callable[[Mapping[str, Any]], Any] | None
Gate = Callable[[Any, Permission, Any], object]


class Unaudited(RuntimeError):
    """An action finished without an audit entry: a fault of the program; nothing was written."""


@dataclass(frozen=True, slots=True)
class Registered:
    """An action as house tests see it."""

    name: str
    permission: Permission | None
    function: Callable[..., Any]
    part_of: str | None


ACTIONS: dict[str, Registered] = {}
_gate: list[Gate] = []


def install_gate(gate: Gate) -> None:
    """Say who decides on permissions; `core.access` does so when it starts."""
    _gate[:] = [gate]


def action(
    name: str,
    *,
    permission: Permission | None,
    on: On = "area",
    atomic: bool = True,
    part_of: str | None = None,
    idle: bool = False,
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make a function an action.

    `permission=None`: for what precedes all permissions.
    `atomic=False`: a walk of several short transactions, each of its own; it still has to leave an
    entry. `part_of` names the action that will leave the entry for a step whose writes stay
    invisible until then (staging). `idle=True`: it may find nothing to do, and then notes nothing.
    """

    def wrap(function: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(function)
        def run(*args: P.args, **kwargs: P.kwargs) -> R:
            if args:
                raise TypeError(f"{name} takes keywords only")
            actor = kwargs["actor"]
            with transaction.atomic() if atomic else nullcontext(), trail.watching() as noted:
                if permission is not None:
                    _ask(actor, permission, _place(on, kwargs))
                result = function(*args, **kwargs)
                if not noted and part_of is None and not idle:
                    raise Unaudited(f"{name} left no audit entry")
            return result

        if name in ACTIONS:
            raise ValueError(f"two actions are called {name}")
        ACTIONS[name] = Registered(name, permission, run, part_of)
        return run

    return wrap


def _place(on: On, kwargs: Mapping[str, Any]) -> Any:
    if callable(on):
        return on(kwargs)
    return None if on is None else kwargs.get(on)


def _ask(actor: Any, permission: Permission, area: Any) -> None:
    if not _gate:
        raise RuntimeError("no gate is installed: nothing may be done")
    _gate[0](actor, permission, area)
