"""Charts of documents: ECharts in an embedded V8 draws SVG; Typst turns SVG into PNG.

Without V8 (no wheel for Linux on ARM) or without the built ECharts a document simply has no chart:
its numbers stand in the text and table anyway.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import typst

from linli.reports import fonts
from linli.reports.draft import Chart

_ECHARTS = Path(__file__).parent.parent / "assets" / "echarts.js"
_WIDTH, _ROW, _HEAD = 620, 44, 70
_INK, _BAR = "#1c1b1a", "#a83224"
_STUBS = (
    "var window = undefined; var setTimeout = function () {}; var clearTimeout = function () {};"
)
_DRAW = """(function (option, width, height) {
  var chart = echarts.init(null, null, {renderer: 'svg', ssr: true, width: width, height: height});
  chart.setOption(option); var made = chart.renderToSVGString(); chart.dispose(); return made;
})"""
_PPI = 300.0


@lru_cache(maxsize=1)
def _engine() -> Any:
    try:
        from py_mini_racer import MiniRacer
    except ImportError:
        return None
    if not _ECHARTS.is_file():
        return None
    engine = MiniRacer()
    engine.eval(_STUBS)
    engine.eval(_ECHARTS.read_text(encoding="utf-8"))
    return engine


def option(chart: Chart) -> dict[str, Any]:
    """Return the ECharts option: horizontal bars, largest on top as the plan orders them."""
    style = {"fontFamily": "Noto Sans SC, sans-serif", "color": _INK, "fontSize": 15}
    return {
        "animation": False,
        "textStyle": style,
        "title": {
            "text": f"{chart.title}（{chart.unit}）",
            "left": "center",
            "textStyle": {**style, "fontSize": 17, "fontWeight": "normal"},
        },
        "grid": {"left": 12, "right": 70, "top": 48, "bottom": 8, "containLabel": True},
        "xAxis": {"show": False, "min": 0},
        "yAxis": {
            "type": "category",
            "inverse": True,
            "data": list(chart.labels),
            "axisTick": {"show": False},
            "axisLine": {"lineStyle": {"color": "#b9b3a6"}},
            "axisLabel": style,
        },
        "series": [
            {
                "type": "bar",
                "barWidth": 20,
                "data": [float(value) for value in chart.values],
                "itemStyle": {"color": _BAR},
                "label": {"show": True, "position": "right", **style},
            }
        ],
    }


def draw(charts: list[Chart]) -> dict[Chart, str]:
    """Return each chart as SVG; empty where charts cannot be drawn here."""
    engine = _engine() if charts else None
    if engine is None:
        return {}
    drawn: dict[Chart, str] = {}
    for chart in charts:
        height = _HEAD + _ROW * len(chart.labels)
        call = f"{_DRAW}({json.dumps(option(chart), ensure_ascii=False)}, {_WIDTH}, {height})"
        drawn[chart] = str(engine.eval(call))
    return drawn


def pictures(drawings: dict[Chart, str]) -> dict[Chart, bytes]:
    """Return the drawings as PNG of 300 dots an inch, letters drawn with the fonts of documents."""
    if not drawings:
        return {}
    book = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(folder) for folder in fonts.folders()[:2]],
    )
    made: dict[Chart, bytes] = {}
    with TemporaryDirectory(prefix="linli-chart-") as folder:
        for chart, svg in drawings.items():
            (Path(folder) / "chart.svg").write_text(svg, encoding="utf-8")
            source = Path(folder) / "chart.typ"
            source.write_text(
                "#set page(width: 150mm, height: auto, margin: 0pt)\n"
                '#image("chart.svg", width: 100%)',
                encoding="utf-8",
            )
            compiler = typst.Compiler(input=str(source), root=folder, font_paths=book)
            png = compiler.compile(format="png", ppi=_PPI)
            if isinstance(png, bytes):
                made[chart] = png
    return made
