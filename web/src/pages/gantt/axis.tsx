import type { Scale } from './scale';

/** The years and their parts above the bars, with the day looked at. */
export function Axis({ scale, asOf, height }: { scale: Scale; asOf: string; height: number }) {
  const today = scale.x(asOf);
  return (
    <svg className="gantt-axis" width={scale.width} height={height} viewBox={`0 0 ${scale.width} ${height}`} aria-hidden="true">
      {scale.ticks.map((tick) => (
        <g key={tick.at}>
          <line x1={tick.at} x2={tick.at} y1={tick.month === 1 ? 0 : height / 2} y2={height} className={tick.month === 1 ? 'gantt-year' : 'gantt-tick'} />
          {tick.month === 1 && <text x={tick.at + 4} y={height * 0.4} className="gantt-year-word">{tick.year}</text>}
          {scale.monthWidth >= 12 && <text x={tick.at + 4} y={height * 0.88} className="gantt-tick-word">{tick.month}</text>}
        </g>
      ))}
      <path d={`M${today - 5} ${height - 7}h10l-5 7z`} className="gantt-today-mark" />
    </svg>
  );
}
