import type { zh } from './overview.zh';
import type { Same } from './words';

export const en: Same<typeof zh> = {
  title: 'Overview',
  about: (place, day) => `The poor and the register of ${place} as of ${day}. Press any number to see its definition and its records.`,
  key: 'Key figures',
  mapTitle: (what, place) => `${place}: ${what}`,
  indicator: 'Indicator',
  legend: 'Legend: how many divisions are in each step',
  noValue: 'no data',
  zoom: 'Press a division to look into it',
  up: (name) => `Back to ${name}`,
  attention: 'What needs you today',
  attentionNone: 'Nothing is waiting.',
  findings: (n) => `${n} quality findings to look at`,
  undetermined: (n, rule) => `${n} households undetermined by “${rule}” until something missing is filled in`,
  review: (n, rule) => `${n} households for strict review by “${rule}”`,
  missed: (n, rule) => `${n} households possibly missed by “${rule}”`,
  noRun: 'Nothing was identified yet.',
  byDivision: 'By division',
  division: 'Division',
  screen: 'Big screen',
  screenLeave: 'Leave the big screen',
  mapMissing: 'The base map has no approval number and is not shown. The administrator imports an approved one and enters its number.',
  noneBelow: 'There is no division below this one.',
  noParts: 'This indicator is not published for these divisions; choose another.',
  share: (n) => `${n} divisions`,
};
