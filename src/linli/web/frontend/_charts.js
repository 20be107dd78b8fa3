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

// Letters of a drawing follow the size that the reader chose for the page.
function sized(option) {
  const scale = parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;
  return JSON.parse(JSON.stringify(option), (key, value) => (key === "fontSize" ? value * scale : value));
}

export function drawCharts(root) {
  const places = root.matches?.("[data-chart]") ? [root] : root.querySelectorAll("[data-chart]");
  for (const place of places) {
    if (drawn.has(place)) continue;
    const source = document.getElementById(place.dataset.chart);
    if (!source) continue;
    const chart = echarts.init(place, null, { renderer: "svg" });
    const option = JSON.parse(source.textContent);
    chart.setOption(sized(option));
    chart.on("click", ({ data }) => { if (data?.href) window.location.assign(data.href); });
    drawn.set(place, chart);
    new ResizeObserver(() => { chart.setOption(sized(option)); chart.resize(); }).observe(place);
  }
}
