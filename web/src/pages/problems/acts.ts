import type { Board } from './matter';

/** The fields that an act asks for beside its day and its words. */
export type ActField = 'office' | 'supporting' | 'due' | 'evidence' | 'prevention';

/** An act that may follow a state, and the right it needs. */
export interface Act {
  act: 'studied' | 'assigned' | 'worked' | 'solved' | 'refused' | 'closed' | 'reported' | 'verified';
  right: 'write_matters' | 'verify_matters';
  fields: ActField[];
}

const studied: Act = { act: 'studied', right: 'write_matters', fields: [] };
const assigned: Act = { act: 'assigned', right: 'write_matters', fields: ['office', 'supporting', 'due'] };
const refused: Act = { act: 'refused', right: 'verify_matters', fields: [] };

/** What may follow, by the state a matter is in; the server has the last word. */
export const actsOf: Record<Board, Record<string, Act[]>> = {
  problems: {
    found: [studied],
    studied: [assigned, studied],
    assigned: [{ act: 'solved', right: 'write_matters', fields: ['evidence'] }, { act: 'worked', right: 'write_matters', fields: [] }, assigned],
    solved: [{ act: 'closed', right: 'verify_matters', fields: ['prevention'] }, refused],
  },
  decisions: {
    filed: [assigned],
    assigned: [{ act: 'reported', right: 'write_matters', fields: ['evidence'] }, assigned],
    reported: [{ act: 'verified', right: 'verify_matters', fields: [] }, refused],
    verified: [{ act: 'closed', right: 'verify_matters', fields: [] }],
  },
};
