"""Writes of the registers. What is enough for one action is one function; the clerk is its hand."""

from __future__ import annotations

from linli.core.registers.actions.care import end_care, set_care
from linli.core.registers.actions.households import (
    form_household,
    join,
    occupy,
    part,
    split_household,
    unite_households,
    vacate,
)
from linli.core.registers.actions.merging import distinguish, merge, unmerge
from linli.core.registers.actions.persons import (
    correct,
    enrol,
    leave,
    part_ways,
    relate,
    reveal,
)
from linli.core.registers.actions.places import add_building, add_dwelling, divide, end_building
from linli.core.registers.actions.requests import (
    Erased,
    close_request,
    erase,
    export,
    open_request,
)
from linli.core.registers.actions.taking import take

__all__ = [
    "Erased",
    "add_building",
    "add_dwelling",
    "close_request",
    "correct",
    "distinguish",
    "divide",
    "end_building",
    "end_care",
    "enrol",
    "erase",
    "export",
    "form_household",
    "join",
    "leave",
    "merge",
    "occupy",
    "open_request",
    "part",
    "part_ways",
    "relate",
    "reveal",
    "set_care",
    "split_household",
    "take",
    "unite_households",
    "unmerge",
    "vacate",
]
