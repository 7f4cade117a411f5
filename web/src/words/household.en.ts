import type { zh } from './household.zh';
import type { Same } from './words';

export const en: Same<typeof zh> = {
  title: 'Household',
  headLine: (path, number) => `${path} ${number}`,
  since: (day) => `since ${day}`,
  form: 'Form',
  history: 'Timeline',
  changes: (n) => `${n} changes`,
  yes: 'yes',
  no: 'no',
  unanswered: 'not answered',
};
