"""Whether one condition holds only where another does: then its records are among the other's."""

from __future__ import annotations

from linli.insight.slots import Batch, Slot
from linli.packs.schema_predicate import Predicate

_COMPARING = ("eq", "lt", "le", "between", "in")


def implies(one: Predicate | None, other: Predicate | None) -> bool:
    """True only if every row of ``one`` is a row of ``other``; False where we cannot tell."""
    if other is None or one == other:
        return True
    if one is None:
        return False
    if other.and_ is not None:
        return all(implies(one, part) for part in other.and_)
    if one.and_ is not None:
        return any(implies(part, other) for part in one.and_)
    return _known(other) is not None and _known(other) == _compared(one)


def holder(batch: Batch, place: int) -> Slot | None:
    """The slot whose records are all records behind an indicator, if there is such a one."""
    slots = [s for s in batch.slots if s.indicator == place and s.role != "declared"]
    if len({slot.number for slot in slots}) == 1:
        return slots[0]
    counting = [s for s in slots if s.agg == "count" and s.form == "records"]
    if len(counting) != len(slots):
        return None
    for slot in slots:
        if all(_among(other, slot) for other in slots):
            return slot
    return None


def _among(part: Slot, whole: Slot) -> bool:
    return (
        part.choice == whole.choice
        and part.span == whole.span == "period"
        and set(part.kinds) <= set(whole.kinds)
        and implies(part.where, whole.where)
    )


def _known(where: Predicate) -> str | None:
    """The field of which a condition says that it is there."""
    return where.not_.is_null if where.not_ is not None else None


def _compared(where: Predicate) -> str | None:
    """The field that a condition compares, so that it holds only where the field is there."""
    value = getattr(where, "in_" if where.op == "in" else where.op)
    return str(value[0]) if where.op in _COMPARING else None
