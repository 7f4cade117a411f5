import type { Schemas } from '../../api/client';

export type Bar = Schemas['BarView'];
export type ScaleName = 'year' | 'half' | 'quarter' | 'month';

/** How wide a month is on the screen, in pixels. */
export const monthWidths: Record<ScaleName, number> = { year: 8, half: 14, quarter: 26, month: 52 };

const dayMs = 86_400_000;
const monthDays = 365.2425 / 12;

/** The whole days of a date since 1970. */
export function daysOf(iso: string): number {
  return Math.round(Date.parse(`${iso}T00:00:00Z`) / dayMs);
}

/** A span of months, and how its days lie on a line of pixels. */
export interface Scale {
  begin: number;
  width: number;
  monthWidth: number;
  x: (iso: string) => number;
  /** ticks are the beginnings of years, and of the parts of a year that the width has room for. */
  ticks: { at: number; year: number; month: number }[];
}

/** The days that a bar tells of. */
function daysIn(bar: Bar): string[] {
  return [bar.start_planned, bar.finish_planned, bar.started, bar.finished, ...(bar.phases ?? []).flatMap((phase) => [phase.start_planned, phase.finish_planned]), ...(bar.milestones ?? []).flatMap((one) => [one.due, one.first_due, one.met])]
    .filter((day): day is string => day !== undefined && day !== '');
}

/** The scale over all days of the bars and the day looked at, to whole years. */
export function scaleOf(bars: Bar[], asOf: string, monthWidth: number): Scale {
  let first = asOf;
  let last = asOf;
  for (const bar of bars) {
    for (const day of daysIn(bar)) {
      if (day < first) first = day;
      if (day > last) last = day;
    }
  }
  const from = Number(first.slice(0, 4));
  const to = Number(last.slice(0, 4));
  const begin = daysOf(`${from}-01-01`);
  const perDay = monthWidth / monthDays;
  const step = monthWidth >= 40 ? 1 : monthWidth >= 20 ? 3 : monthWidth >= 12 ? 6 : 12;
  const x = (iso: string) => (daysOf(iso) - begin) * perDay;
  const ticks: Scale['ticks'] = [];
  for (let year = from; year <= to; year++) {
    for (let month = 1; month <= 12; month += step) ticks.push({ at: x(`${year}-${String(month).padStart(2, '0')}-01`), year, month });
  }
  return { begin, width: (to - from + 1) * 12 * monthWidth, monthWidth, x, ticks };
}

/** How many months the bars span, for the width of a sheet of paper. */
export function monthsOf(bars: Bar[], asOf: string): number {
  return scaleOf(bars, asOf, 1).width;
}

export type MilestoneState = 'met' | 'late' | 'due' | 'missed';

/** What became of a milestone by a day, by how many days it is late, and whether its day was put off. */
export function stateOf(one: Schemas['PortfolioMilestoneBar'], asOf: string): { state: MilestoneState; late: number; moved: boolean } {
  const moved = one.first_due !== one.due;
  if (one.met !== undefined && one.met <= asOf) return one.met > one.due ? { state: 'late', late: daysOf(one.met) - daysOf(one.due), moved } : { state: 'met', late: 0, moved };
  return one.due < asOf ? { state: 'missed', late: daysOf(asOf) - daysOf(one.due), moved } : { state: 'due', late: 0, moved };
}
