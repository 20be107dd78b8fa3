"""Charts as ECharts options, made here so that the page carries numbers and no program."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

# Named in full: ECharts measures its labels with these, and "inherit" measures as nothing.
FONTS = '"PingFang SC", "Microsoft YaHei", "Noto Sans SC", "Noto Sans CJK SC", "Source Han Sans SC", sans-serif'
INK, INK_2, LINE, ACCENT = "#1f1d1a", "#57534d", "#e4dfd6", "#a8322a"

_MOST = 12  # bars that can be told apart; what is smaller stands together as one more
_FEW, _MANY = 5, 9  # bars that need less, and more, than the usual height


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar or point: its name, its value, and the page it opens."""

    name: str
    value: int
    href: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """An option with the same numbers for a table beneath it."""

    id: str
    title: str
    unit: str
    rows: tuple[Bar, ...]
    option: dict[str, Any]
    tall: str = ""
    """The class that gives the drawing its height; empty: the usual one."""

    @property
    def summary(self) -> str:
        """The drawing in one sentence, for who cannot see it."""
        most = max(self.rows, key=lambda one: one.value, default=None)
        if most is None:
            return f"{self.title}：没有数据"
        return f"{self.title}：{len(self.rows)} 项，最多的是{most.name} {most.value}{self.unit}"


def _text(size: int = 13) -> dict[str, Any]:
    return {"color": INK_2, "fontSize": size}


def _frame(**more: Any) -> dict[str, Any]:
    return {
        "animation": False,
        "textStyle": {"fontFamily": FONTS},
        "aria": {"enabled": False},  # the figure has a sentence and a table of its own
        "tooltip": {"renderMode": "richText", "trigger": "axis", "axisPointer": {"type": "none"}},
        "grid": {"left": 16, "right": 44, "top": 14, "bottom": 8, "containLabel": True},
        **more,
    }


def _points(rows: Sequence[Bar]) -> list[dict[str, Any]]:
    return [{"value": one.value, "href": one.href} for one in rows]


def bars(chart_id: str, title: str, unit: str, rows: Sequence[Bar]) -> Chart:
    """Lying bars, the longest on top; beyond twelve, the rest as one. The table has them all."""
    ordered = tuple(sorted(rows, key=lambda one: -one.value))
    drawn = _most(ordered)[::-1]  # ECharts begins at the bottom
    option = _frame(
        xAxis={"type": "value", "show": False, "max": "dataMax"},
        yAxis={
            "type": "category",
            "data": [one.name for one in drawn],
            "axisLine": {"show": False},
            "axisTick": {"show": False},
            "axisLabel": _text() | {"interval": 0},
        },
        series=[
            {
                "type": "bar",
                "data": _points(drawn),
                "barMaxWidth": 16,
                "itemStyle": {"color": ACCENT, "borderRadius": [0, 2, 2, 0]},
                "label": {"show": True, "position": "right", "color": INK, "fontSize": 13},
                "cursor": "pointer",
            }
        ],
    )
    return Chart(chart_id, title, unit, ordered, option, _height(len(drawn)))


def _most(ordered: tuple[Bar, ...]) -> tuple[Bar, ...]:
    rest = ordered[_MOST:]
    if len(rest) < 2:  # one bar takes no more room than 其余 would
        return ordered
    return (*ordered[:_MOST], Bar(f"其余 {len(rest)} 类", sum(one.value for one in rest)))


def _height(bars_drawn: int) -> str:
    if bars_drawn <= _FEW:
        return "chart--short"
    return "chart--long" if bars_drawn > _MANY else ""


def line(chart_id: str, title: str, unit: str, rows: Sequence[Bar]) -> Chart:
    """A line through the rows in their order."""
    option = _frame(
        xAxis={
            "type": "category",
            "data": [one.name for one in rows],
            "boundaryGap": len(rows) == 1,
            "axisLine": {"lineStyle": {"color": LINE}},
            "axisTick": {"show": False},
            "axisLabel": _text() | {"hideOverlap": True},
        },
        yAxis={
            "type": "value",
            "minInterval": 1,
            "axisLabel": _text(12),
            "splitLine": {"lineStyle": {"color": LINE}},
        },
        series=[
            {
                "type": "line",
                "data": _points(rows),
                "symbolSize": 9,
                "lineStyle": {"color": ACCENT, "width": 2},
                "itemStyle": {"color": ACCENT},
                "areaStyle": {"color": ACCENT, "opacity": 0.07},
            }
        ],
    )
    return Chart(
        chart_id, title, unit, tuple(rows), option, "chart--short" if len(rows) <= _FEW else ""
    )
