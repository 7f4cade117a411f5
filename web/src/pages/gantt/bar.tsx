import type { Bar, Scale } from './scale';
import { stateOf } from './scale';
import { useBarWords } from './words';

/** The day at which a milestone's diamond stands: that of its end where it has come, else that for which it is due. */
function placed(one: NonNullable<Bar['milestones']>[number], asOf: string): string {
  const { state } = stateOf(one, asOf);
  return state === 'met' || state === 'late' ? (one.met ?? one.due) : one.due;
}

/** Room of a percentage, and of a diamond on either side, in pixels. */
const percentRoom = 30;
const diamond = 6;

/** Where the percentage stands free: behind the bar, or behind the diamonds that stand there. */
function percentAt(from: number, taken: number[]): number {
  const next = [...taken].sort((a, b) => a - b).find((at) => at > from - diamond && at < from + percentRoom + diamond);
  return next === undefined ? from : percentAt(next + diamond + 2, taken.filter((at) => at > next));
}

/** One project on the line: the plan above, what happened below, and its milestones. Height is that of the row, in pixels. */
export function BarLine({ bar, scale, asOf, height, grid = false }: { bar: Bar; scale: Scale; asOf: string; height: number; grid?: boolean }) {
  const words = useBarWords(asOf);
  const planned = bar.start_planned !== undefined || bar.finish_planned !== undefined;
  const from = scale.x(bar.start_planned ?? bar.finish_planned ?? asOf);
  const to = Math.max(from + 2, scale.x(bar.finish_planned ?? bar.start_planned ?? asOf));
  const begun = bar.started === undefined ? null : scale.x(bar.started);
  const until = bar.stage === 'suspended' || bar.stage === 'terminated' ? (bar.stage_since ?? asOf) : (bar.finished ?? asOf);
  const ended = begun === null ? 0 : Math.max(begun + 2, scale.x(until < (bar.started ?? until) ? (bar.started ?? until) : until));
  const top = height * 0.2;
  const low = height * 0.52;
  const taken = (bar.milestones ?? []).map((one) => scale.x(placed(one, asOf)));
  return (
    <svg className="gantt-bar" width={scale.width} height={height} viewBox={`0 0 ${scale.width} ${height}`} role="img" aria-label={words.bar(bar)}>
      {grid && scale.ticks.map((tick) => <line key={tick.at} x1={tick.at} x2={tick.at} y1={0} y2={height} className={tick.month === 1 ? 'gantt-year' : 'gantt-tick'} />)}
      {grid && <line x1={scale.x(asOf)} x2={scale.x(asOf)} y1={0} y2={height} className="gantt-today" />}
      {planned && <rect x={from} y={top} width={to - from} height={height * 0.2} rx="1" className="gantt-planned" />}
      {(bar.phases ?? []).map((phase) => phase.start_planned !== undefined && phase.start_planned !== bar.start_planned && (
        <path key={phase.number} d={`M${scale.x(phase.start_planned)} ${top - 2}v${height * 0.2 + 4}`} className="gantt-phase"><title>{phase.name ?? phase.number}</title></path>
      ))}
      {begun !== null && <rect x={begun} y={low} width={ended - begun} height={height * 0.26} rx="1" className={bar.stage === 'suspended' || bar.stage === 'terminated' ? 'gantt-stopped' : 'gantt-actual'} />}
      {bar.physical !== undefined && begun !== null && <text x={percentAt(ended + 4, taken)} y={low + height * 0.23} className="gantt-percent">{Math.round(bar.physical)}%</text>}
      {(bar.milestones ?? []).map((one) => {
        const { state, moved } = stateOf(one, asOf);
        const due = scale.x(one.due);
        const at = scale.x(placed(one, asOf));
        const middle = height / 2;
        return (
          <g key={one.id} className={`gantt-milestone gantt-${state}`}>
            <title>{words.milestone(one)}</title>
            {moved && <path d={`M${scale.x(one.first_due)} ${middle - 4}v8M${scale.x(one.first_due)} ${middle}H${due}`} className="gantt-moved" />}
            {state === 'late' && <path d={`M${due} ${middle}H${at}`} className="gantt-slip" />}
            {state === 'missed' && <path d={`M${due} ${middle}H${scale.x(asOf)}`} className="gantt-slip" />}
            <path d={`M${at} ${middle - 5}l5 5l-5 5l-5 -5z`} />
          </g>
        );
      })}
    </svg>
  );
}
