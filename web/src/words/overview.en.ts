import type { zh } from './overview.zh';
import type { Same } from './words';

export const en: Same<typeof zh> = {
  title: 'Overview',
  about: (place, day) => `The poor and the register of ${place} as of ${day}. Press any number to see its definition and its records.`,
  key: 'Key figures',
  byDivision: 'By division',
  division: 'Division',
  indicator: 'Indicator',
  noneBelow: 'There are no figures further down.',
};
