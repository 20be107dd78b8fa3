"""Charts: as many bars as can be told apart, all numbers in the table beneath."""

from __future__ import annotations

import pytest

from linli.web.charts import Bar, bars


def _drawn(many: int) -> tuple[list[str], list[int], int]:
    chart = bars("c", "各类工作", "条", [Bar(f"第{n}类", n) for n in range(1, many + 1)])
    option = chart.option
    values = [one["value"] for one in option["series"][0]["data"]]
    return option["yAxis"]["data"], values, len(chart.rows)


def test_beyond_twelve_the_rest_is_one_bar_and_nothing_is_lost() -> None:
    names, values, rows = _drawn(25)
    assert len(names) == 13
    assert names[0] == "其余 13 类"  # the first is drawn at the bottom
    assert names[-1] == "第25类"
    assert sum(values) == sum(range(1, 26))
    assert rows == 25


def test_thirteen_are_drawn_as_they_are() -> None:
    names, _, _ = _drawn(13)
    assert names[0] == "第1类"
    assert len(names) == 13


@pytest.mark.parametrize(
    ("many", "height"), [(3, "chart--short"), (8, ""), (12, "chart--long"), (40, "chart--long")]
)
def test_the_height_follows_the_bars(many: int, height: str) -> None:
    assert bars("c", "各类", "条", [Bar(str(n), n) for n in range(many)]).tall == height
