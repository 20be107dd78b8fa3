"""What the indicators ask of a field: the values they name, whether they ask for its absence.

A simulated record answers with the words that somebody will look for, so that no condition of an
indicator is always false.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from linli.packs.registry import Registry
from linli.packs.schema import Indicator, Term
from linli.packs.schema_predicate import Predicate

Place = tuple[str, str]
"""Kind and field."""


class Asked:
    """Values and absences that indicators name, by kind and field; what they tally and list."""

    def __init__(self, registry: Registry) -> None:
        values: defaultdict[Place, dict[str, None]] = defaultdict(dict)
        absences: set[Place] = set()
        tallied: set[str] = set()
        for indicator in registry.all_indicators:
            for term in terms_of(indicator):
                if term.agg == "tally" and term.measure is not None:
                    tallied.add(term.measure)
                for kind in term.kinds:
                    for field, named in _named(term.where):
                        if named is None:
                            absences.add((kind, field))
                        else:
                            values[kind, field][named] = None
        self._values = {place: tuple(found) for place, found in values.items()}
        self._absences = absences
        self.tallied = frozenset(tallied)

    def values(self, kind: str, field: str) -> tuple[str, ...]:
        """The values that indicators name, in the order of the packs."""
        return self._values.get((kind, field), ())

    def wants_absence(self, kind: str, field: str) -> bool:
        """Whether an indicator counts records that leave the field blank."""
        return (kind, field) in self._absences


def terms_of(indicator: Indicator) -> Iterator[Term]:
    """All terms of an indicator, factors included."""
    for head in (indicator.numerator, indicator.denominator, indicator.declared):
        term = head
        while term is not None:
            yield term
            term = term.times


def _named(where: Predicate | None) -> Iterator[tuple[str, str | None]]:
    """(field, value) for each value that a condition names; None: the field is left blank."""
    if where is None:
        return
    for part in (*(where.and_ or ()), *(where.or_ or ()), *([where.not_] if where.not_ else ())):
        yield from _named(part)
    if where.is_null is not None:
        yield where.is_null, None
    for pair in (where.eq, where.ne):
        if pair is not None and not pair[0].startswith("@"):
            yield pair[0], str(pair[1])
    if where.in_ is not None and not where.in_[0].startswith("@"):
        for value in where.in_[1]:
            yield where.in_[0], str(value)
