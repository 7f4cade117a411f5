import type { zh } from './kit.zh';
import type { Same } from './words';

const months = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];

export const en: Same<typeof zh> = {
  unreachable: 'The server cannot be reached now.',
  unreachableDo: 'Check the network and try again in a moment; nothing you have typed is lost.',
  broken: 'This page has failed.',
  brokenDo: 'Reload the page; if it happens again, tell the system administrator.',
  retry: 'Try again',
  where: (where) => `Where: ${where}`,
  kinds: { done: 'done', expected: 'expected', target: 'target' },
  definition: 'Definition',
  proof: 'Records that make this number',
  proofRows: (shown, all) => `The first ${shown} of ${all}`,
  proofNamed: (row: string) => `Only rows named ${row}`,
  proofNone: 'There are no records to see: they may lie outside your territory, or the number is a sum of published ones.',
  proofParts: 'One of these divided by the other',
  numerator: 'Numerator',
  denominator: 'Denominator',
  openProof: (title) => `${title}: definition and records`,
  unknown: 'no data',
  division: 'Division',
  label: 'Name',
  value: 'Value',
  day: 'Day',
  more: 'See them all in the register',
  outcomes: { proposed: 'Proposed', not_proposed: 'Not proposed', barred: 'Barred, to be checked', review: 'Strict review', undetermined: 'Undetermined' },
  noValue: 'no data',
  schematic: 'Schematic; not a basis for boundaries',
  mapLabel: (what) => `Schematic map of ${what}`,
  grid: 'Grid; arrows move, Enter opens, Ctrl+C copies',
  date: (y, m, d) => `${d} ${months[m - 1] ?? ''} ${y}`,
  moneyUnits: { yuan: 'yuan', wan: '10,000 yuan', yi: '100 m yuan' },
  trend: (from, to) => `Change from ${from} to ${to}`,
};
