"""Strategies: named, typed, refused with the nearest right word."""

from __future__ import annotations

import pytest

from linli.kernel.errors import Refusal
from linli.packs.strategies import Workdays, resolve


def test_a_strategy_takes_typed_options() -> None:
    assert resolve("deadline.workdays", {"days": 15}) == Workdays(days=15)


@pytest.mark.parametrize(
    ("name", "options", "hint"),
    [
        ("deadline.workday", {}, "deadline.workdays"),
        ("deadline.workdays", {"dayz": 3}, "days"),
        ("deadline.workdays", {"days": 0}, "days"),
        ("cadence.every", {"every": "fortnight"}, "every"),
    ],
)
def test_what_it_does_not_know_is_refused(name: str, options: dict[str, object], hint: str) -> None:
    with pytest.raises(Refusal) as refused:
        resolve(name, options)
    assert hint in str(refused.value)
