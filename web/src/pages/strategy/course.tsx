import type { Schemas } from '../../api/client';
import { en } from '../../words/strategy.en';
import { zh } from '../../words/strategy.zh';
import { useText, useWords } from '../../words/words';

export type Followed = Schemas['StrategyFollowed'];

/** Where the trend leads, as far as it can be: a straight line goes below nought, but persons, money and shares do not where none ever did. */
export function reachable({ forecast, series, target }: Followed): { value: number; low: number; high: number; on: string; cut: boolean } | null {
  if (forecast === null) return null;
  const least = [...(series ?? []), target].every((point) => point.value >= 0) ? 0 : -Infinity;
  const held = (value: number) => Math.max(value, least);
  return { on: forecast.on, value: held(forecast.value), low: held(forecast.low), high: held(forecast.high), cut: forecast.low < least };
}

const width = 180;
const height = 48;
const edge = 5;

/** The known values as a line, the forecast's interval as a bar, and the target as a circle, over time. */
export function Course({ indicator }: { indicator: Followed }) {
  const words = useWords(zh, en);
  const text = useText();
  const series = indicator.series ?? [];
  const forecast = reachable(indicator);
  const { target } = indicator;
  const at = (day: string) => Date.parse(day);
  const days = [...series.map((point) => at(point.on)), at(target.on)];
  const values = [...series.map((point) => point.value), target.value, ...(forecast ? [forecast.low, forecast.high] : [])];
  const [first, last, low, high] = [Math.min(...days), Math.max(...days), Math.min(...values), Math.max(...values)];
  const x = (day: string) => edge + ((at(day) - first) * (width - 2 * edge)) / (last - first || 1);
  const y = (value: number) => height - edge - ((value - low) * (height - 2 * edge)) / (high - low || 1);
  const label = words.courseLabel(text(indicator.title));
  return (
    <svg viewBox={`0 0 ${width} ${height}`} width={width} height={height} role="img" aria-label={label}>
      <title>{label}</title>
      <path d={series.map((point, index) => `${index === 0 ? 'M' : 'L'}${x(point.on).toFixed(1)} ${y(point.value).toFixed(1)}`).join('')} fill="none" stroke="var(--accent)" strokeWidth="1.5" />
      {series.map((point) => <circle key={point.on} cx={x(point.on)} cy={y(point.value)} r="1.8" fill="var(--accent)" />)}
      {forecast && <path d={`M${x(forecast.on)} ${y(forecast.low)}V${y(forecast.high)}`} stroke="var(--step-3)" strokeWidth="5" />}
      <circle cx={x(target.on)} cy={y(target.value)} r="3.5" fill="none" stroke="var(--ink)" strokeWidth="1.5" />
    </svg>
  );
}
