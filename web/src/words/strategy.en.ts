import type { zh } from './strategy.zh';
import type { Same } from './words';

export const en: Same<typeof zh> = {
  title: 'Strategies and aims',
  about: 'Three strategies, their aims and indicators to 2020: baseline, milestones, where they stand, and where the trend leads.',
  indicator: 'Indicator',
  baseline: 'Baseline',
  current: 'Now',
  milestone: 'Milestone that was due',
  target: 'Target',
  forecast: 'If the trend goes on',
  forecastRange: (low: string, high: string) => `${low} to ${high}`,
  forecastCut: 'The line would go below nought; this cannot, so it is written down to nought.',
  course: 'Course',
  peers: 'Peer cities',
  peersAbout: 'In the order of their names, not ranked',
  onTrack: 'Milestone reached',
  behind: 'Milestone not reached',
  outlooks: { likely: 'Likely to reach it', unlikely: 'Not likely to reach it', open: 'Open' },
  openProof: (title: string) => `${title}: definition and records`,
  courseLabel: (title: string) => `Course of ${title}: the line is what is known, the bar the forecast interval, the circle the target`,
  by: (day: string) => day,
  none: 'No value',
  source: (source: string) => `From ${source}`,
};
