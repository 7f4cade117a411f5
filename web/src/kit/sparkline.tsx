import { en } from '../words/kit.en';
import { zh } from '../words/kit.zh';
import { useWords } from '../words/words';
import { useFormat } from './format';

export interface TrendPoint {
  day: string;
  value: number | null;
}

const width = 160;
const height = 28;

/** A figure on past days, as a line; the first and last day and value stand beside it in words. */
export function Sparkline({ points, decimals = 0 }: { points: TrendPoint[] | undefined; decimals?: number }) {
  const words = useWords(zh, en);
  const format = useFormat();
  const known = (points ?? []).filter((point): point is { day: string; value: number } => point.value !== null);
  const first = known[0];
  const last = known.at(-1);
  if (!first || !last || known.length < 2) return <div className="sparkline" />;
  const low = Math.min(...known.map((point) => point.value));
  const span = Math.max(...known.map((point) => point.value)) - low || 1;
  const x = (index: number) => 3 + (index * (width - 6)) / (known.length - 1);
  const y = (value: number) => height - 4 - ((value - low) * (height - 8)) / span;
  const line = known.map((point, index) => `${index === 0 ? 'M' : 'L'}${x(index).toFixed(1)} ${y(point.value).toFixed(1)}`).join('');
  const label = words.trend(`${format.day(first.day)} ${format.number(first.value, decimals)}`, `${format.day(last.day)} ${format.number(last.value, decimals)}`);
  return (
    <div className="sparkline">
      <svg viewBox={`0 0 ${width} ${height}`} width={width} height={height} role="img" aria-label={label}>
        <title>{label}</title>
        <path d={line} fill="none" stroke="var(--accent)" strokeWidth="1.5" />
        <circle cx={x(known.length - 1)} cy={y(last.value)} r="2.5" fill="var(--accent)" />
      </svg>
      <span className="quiet">{format.number(first.value, decimals)}</span>
    </div>
  );
}
