"""Whether two quantities contradict each other, whatever the truth behind their words."""

from __future__ import annotations

from linli.kernel.quantities import Qualifier, Quantity

_OPEN = (Qualifier.OVER, Qualifier.NEARLY)


def surely_greater(left: Quantity, right: Quantity) -> bool:
    """Whether the left one is greater however both are meant. Units must be the same to compare."""
    if left.unit != right.unit or left.lo is None or right.hi is None:
        return False
    if left.lo == right.hi:
        return left.qualifier in _OPEN or right.qualifier in _OPEN
    return left.lo > right.hi


def surely_differ(left: Quantity, right: Quantity) -> bool:
    """Whether no truth could satisfy both."""
    return surely_greater(left, right) or surely_greater(right, left)
