import { BarChart, LineChart } from 'echarts/charts';
import { GridComponent, LegendComponent, MarkLineComponent, TitleComponent, TooltipComponent } from 'echarts/components';
import { init, use as register, type EChartsCoreOption, type EChartsType } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'react';

import { chartHeight, type Chart, type ChartAxis, type ChartTone } from './chart';
import { grouped } from './format';

register([BarChart, LineChart, GridComponent, LegendComponent, MarkLineComponent, TitleComponent, TooltipComponent, SVGRenderer]);

const ink = '#1f2328';
const quiet = '#57606a';
const hairline = '#d0d7de';
const lines: Record<ChartTone, { color: string; width: number; type: 'solid' | 'dashed' | [number, number] }> = {
  now: { color: '#0b4f9c', width: 2.5, type: 'solid' },
  before: { color: '#57606a', width: 2, type: [7, 4] },
  reference: { color: '#57606a', width: 1, type: [2, 3] },
};
const fills: Record<ChartTone, { color: string; borderColor: string; borderWidth: number }> = {
  now: { color: '#0b4f9c', borderColor: '#0b4f9c', borderWidth: 1 },
  before: { color: '#e6ebf1', borderColor: '#57606a', borderWidth: 1 },
  reference: { color: '#ffffff', borderColor: '#57606a', borderWidth: 1 },
};

/** A chart drawn as SVG. It says what it shows to readers of the screen by its label; a table beside it has the numbers. */
export default function ChartCanvas({ chart, label }: { chart: Chart; label: string }) {
  const place = useRef<HTMLDivElement>(null);
  const drawn = useRef<EChartsType | null>(null);
  useEffect(() => {
    const container = place.current;
    if (!container) return undefined;
    const made = init(container, null, { renderer: 'svg' });
    drawn.current = made;
    const watch = new ResizeObserver(() => made.resize());
    watch.observe(container);
    return () => {
      watch.disconnect();
      made.dispose();
      drawn.current = null;
    };
  }, []);
  useEffect(() => {
    drawn.current?.setOption(optionOf(chart, textSize()), true);
    drawn.current?.resize();
  }, [chart]);
  return <div ref={place} className="chart" role="img" aria-label={label} style={{ height: `${chartHeight(chart) / 14}rem` }} />;
}

/** The chart as a file: with its title and its source, as wide as a page of a report. */
export function pictureOf(chart: Chart, title: string, source: string): string {
  const size = 14;
  const [width, height] = [860, chartHeight(chart) + 84];
  const made = init(null, null, { renderer: 'svg', ssr: true, width, height });
  const option = optionOf(chart, size);
  made.setOption({
    ...option,
    backgroundColor: '#ffffff',
    title: [
      { text: title, left: 16, top: 10, textStyle: { fontSize: 17, color: ink } },
      { text: source, left: 16, bottom: 6, textStyle: { fontSize: 11, fontWeight: 'normal', color: quiet } },
    ],
    grid: { ...(option['grid'] as object), top: 76, bottom: chart.kind === 'lines' ? 66 : 40 },
    legend: { ...(option['legend'] as object), top: 42 },
  });
  const drawing = made.renderToSVGString();
  made.dispose();
  return drawing;
}

/** Charts follow the text size of the page. */
function textSize(): number {
  return parseFloat(getComputedStyle(document.documentElement).fontSize) || 14;
}

// single quotes: a drawing as a file has this inside double ones
const family = "'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif";

function optionOf(chart: Chart, size: number): EChartsCoreOption {
  const common = {
    animation: false,
    textStyle: { fontFamily: family, fontSize: size, color: ink },
    legend: { top: 0, left: 0, icon: 'path://M0 4h24v6h-24z', itemWidth: 24, itemHeight: 8, textStyle: { fontSize: size, color: ink } },
  };
  const tooltip = { renderMode: 'richText', confine: true, backgroundColor: '#ffffff', borderColor: quiet, textStyle: { fontSize: size, color: ink } };
  if (chart.kind === 'bars') {
    return {
      ...common,
      grid: { left: 8, right: size * 5, top: size * 2.4, bottom: size * 2.2, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
      tooltip: { ...tooltip, trigger: 'axis', axisPointer: { type: 'shadow' }, valueFormatter: (value: unknown) => written(chart.value, value) },
      xAxis: { ...axis(chart.value, size), type: 'value' },
      yAxis: { type: 'category', inverse: true, data: chart.categories, axisTick: { show: false }, axisLine: { lineStyle: { color: quiet } }, axisLabel: { fontSize: size, color: ink, interval: 0 } },
      series: chart.bars.map((bars) => ({
        type: 'bar', name: bars.name, data: bars.values, itemStyle: fills[bars.tone], barMaxWidth: size, barGap: '15%', barCategoryGap: '30%',
        label: { show: true, position: 'right', fontSize: size * 0.82, color: quiet, formatter: (at: { value: unknown }) => written(chart.value, at.value) },
      })),
    };
  }
  return {
    ...common,
    legend: { top: 0, left: 0, itemWidth: size * 2.4, textStyle: common.legend.textStyle },
    grid: { left: size * 1.2, right: size * 2, top: size * 4, bottom: size * 2.6, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
    tooltip: { ...tooltip, trigger: 'axis', valueFormatter: (value: unknown) => written(chart.y, value) },
    xAxis: { ...axis(chart.x, size), type: 'value', splitLine: { show: false }, nameLocation: 'middle', nameGap: size * 2.2 },
    yAxis: { ...axis(chart.y, size), type: 'value', nameLocation: 'end', nameTextStyle: { align: 'left', fontSize: size, color: quiet } },
    series: chart.lines.map((line, index) => ({
      type: 'line', name: line.name, data: line.points, symbol: 'none', lineStyle: lines[line.tone], itemStyle: { color: lines[line.tone].color }, silent: line.tone === 'reference',
      ...(index === 0 && chart.mark
        ? { markLine: { silent: true, symbol: 'none', animation: false, lineStyle: { color: '#9a3412', type: [6, 3] }, label: { formatter: chart.mark.name, color: '#9a3412', fontSize: size, position: 'insideEndTop', rotate: 0, align: 'left', offset: [8, 0] }, data: [{ xAxis: chart.mark.at }] } }
        : {}),
    })),
  };
}

function axis(of: ChartAxis, size: number) {
  return {
    name: of.title, nameTextStyle: { fontSize: size, color: quiet }, min: of.from, max: of.to,
    axisLine: { show: true, lineStyle: { color: quiet } }, splitLine: { lineStyle: { color: hairline } },
    axisLabel: { fontSize: size, color: quiet, hideOverlap: true, formatter: (value: number) => written({ ...of, decimals: 0 }, value, true) },
  };
}

/** A value as the axis has it; values of an axis show no more digits than they have. */
function written(of: ChartAxis, value: unknown, short = false): string {
  if (typeof value !== 'number' || Number.isNaN(value)) return '';
  if (of.percent === true) return `${short ? String(Math.round(value * 1000) / 10) : grouped(value * 100, of.decimals ?? 1)}%`;
  return short ? (Math.abs(value) >= 1000 ? grouped(value) : String(Math.round(value * 1000) / 1000)) : grouped(value, of.decimals ?? 0);
}
