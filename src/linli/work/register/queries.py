"""The queue of likely duplicates: rules say why, splink's weight says which to look at first."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from linli.core.access.rules import Actor
from linli.core.areas.rules import AreaRef
from linli.core.registers.likeness import REASONS, pairs
from linli.core.registers.queries.holdings import holdings
from linli.core.registers.queries.judgements import distinct


@dataclass(frozen=True, slots=True)
class Proposal:
    """Two persons who may be one, why, and how much speaks for it (bits, splink's match weight)."""

    first: UUID
    second: UUID
    names: tuple[str, str]
    reasons: tuple[str, ...]
    weight: float


def duplicates(actor: Actor, area: AreaRef, *, limit: int = 100) -> list[Proposal]:
    """Pairs of an area's register that nobody has judged yet, the likeliest first; needs `enrol`."""
    judged = distinct(actor, area)
    found = [
        pair
        for pair in pairs(holdings(actor, area))
        if (pair.first.person, pair.second.person) not in judged
    ]
    if not found:
        return []
    from linli.work.register.scoring import weights

    made = [
        Proposal(
            pair.first.person,
            pair.second.person,
            (pair.first.name, pair.second.name),
            tuple(REASONS[reason] for reason in pair.reasons),
            round(weight, 2),
        )
        for pair, weight in zip(found, weights(found), strict=True)
    ]
    return sorted(made, key=lambda one: (-one.weight, one.first))[:limit]
