"""Whether a record meets a condition of the closed language, record by record, in plain Python.

Three-valued as SQL is: a comparison with what is not stated is neither true nor false, and a record
is taken only where the whole is true. Numbers compare as numbers, everything else as its text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal, InvalidOperation

from linli.packs.schema_predicate import Predicate, Scalar

Read = Callable[[str], str | None]
"""The text of a field of the record at hand (``@grain @state @kind`` too); None: not stated."""


def holds(condition: Predicate | None, read: Read) -> bool:
    """Whether the condition is true of the record; no condition is true of every record."""
    return condition is None or _truth(condition, read) is True


def _truth(condition: Predicate, read: Read) -> bool | None:
    match condition.op:
        case "and":
            return _all(_truth(part, read) for part in condition.and_ or ())
        case "or":
            return _not(_all(_not(_truth(part, read)) for part in condition.or_ or ()))
        case "not" if condition.not_ is not None:
            return _not(_truth(condition.not_, read))
        case "is_null":
            return not read(str(condition.is_null))
        case _:
            return _comparison(condition, read)


def _comparison(condition: Predicate, read: Read) -> bool | None:
    if condition.in_ is not None:
        name, given = condition.in_
        value = read(name)
        return any(_order(value, one) == 0 for one in given) if value else None
    if condition.between is not None:
        name, low, high = condition.between
        value = read(name)
        return _order(value, low) >= 0 >= _order(value, high) if value else None
    pair = condition.eq or condition.ne or condition.lt or condition.le
    if pair is None:
        return None
    value = read(pair[0])
    if not value:
        return None
    order = _order(value, pair[1])
    return {"eq": order == 0, "ne": order != 0, "lt": order < 0}.get(condition.op, order <= 0)


def _order(value: str, other: Scalar) -> int:
    """Below, at or above nought as the value is less, equal or more."""
    text = {True: "是", False: "否"}[other] if isinstance(other, bool) else str(other)
    left, right = _number(value), _number(text)
    if left is not None and right is not None:
        return (left > right) - (left < right)
    return (value > text) - (value < text)


def _number(text: str) -> Decimal | None:
    try:
        found = Decimal(text)
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def _all(values: Iterable[bool | None]) -> bool | None:
    held = list(values)
    if False in held:
        return False
    return None if None in held else True


def _not(value: bool | None) -> bool | None:
    return None if value is None else not value
