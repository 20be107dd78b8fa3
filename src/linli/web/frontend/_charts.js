// Draws every element that carries an ECharts option as JSON; the option is made in Python.
import * as echarts from "echarts/core";
import { BarChart, LineChart, PieChart } from "echarts/charts";
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import { SVGRenderer } from "echarts/renderers";

echarts.use([
  BarChart, LineChart, PieChart,
  AriaComponent, GridComponent, LegendComponent, TooltipComponent,
  SVGRenderer,
]);

const drawn = new WeakMap();

export function drawCharts(root) {
  const places = root.matches?.("[data-chart]") ? [root] : root.querySelectorAll("[data-chart]");
  for (const place of places) {
    if (drawn.has(place)) continue;
    const source = document.getElementById(place.dataset.chart);
    if (!source) continue;
    const chart = echarts.init(place, null, { renderer: "svg" });
    const option = JSON.parse(source.textContent);
    chart.setOption(option);
    chart.on("click", ({ data }) => { if (data?.href) window.location.assign(data.href); });
    drawn.set(place, chart);
    new ResizeObserver(() => chart.resize()).observe(place);
  }
}
