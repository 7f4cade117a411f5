import type { zh } from './arrivals.zh';
import type { Same } from './words';

export const en: Same<typeof zh> = {
  title: 'Households to take in',
  about: 'They came from other counties; their record goes on here once they are taken in.',
  back: 'Back to the register',
  none: 'Nobody waits to be taken in. Households that another county moves here will stand here.',
  head: 'Head',
  size: 'Persons',
  from: 'From',
  village: 'To',
  on: 'Since',
  take: 'Take in',
  number: 'Household number here',
  numberHelp: 'May stay empty for now.',
  source: 'From where',
  sourceHelp: 'For instance: certificate of residence.',
  takeTitle: (name) => `Take in the household of ${name}`,
  takeAbout: (from, to) => `From ${from} to ${to}. What was on record when it left comes along, with its status.`,
  waiting: (n) => `${n} households wait to be taken in`,
};
