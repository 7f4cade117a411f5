/** An axis: its title, whether its values are shares, and its ends where the values do not decide them. */
export interface ChartAxis {
  title: string;
  percent?: boolean;
  decimals?: number;
  from?: number;
  to?: number;
}

/** A line of points. A reference line is dashed and has no dot. */
export interface ChartLine {
  name: string;
  points: [number, number][];
  tone: ChartTone;
}

/** A value for every category; null where there is none. */
export interface ChartBars {
  name: string;
  values: (number | null)[];
  tone: ChartTone;
}

/** The two tones of a chart, which differ in lightness and in stroke or outline as well, and the reference beside them. */
export type ChartTone = 'now' | 'before' | 'reference';

export type Chart =
  | { kind: 'lines'; x: ChartAxis; y: ChartAxis; lines: ChartLine[]; mark?: { name: string; at: number } }
  | { kind: 'bars'; value: ChartAxis; categories: string[]; bars: ChartBars[] };

/** The height a chart asks for, in pixels at the normal text size: bars grow with their categories. */
export function chartHeight(chart: Chart): number {
  return chart.kind === 'lines' ? 380 : 76 + chart.categories.length * (10 + 13 * chart.bars.length);
}
