import { useDraft } from '../../kit/draft';
import type { Answer, Changes } from './record';

/** A change of a household that was begun and not sent: it survives a reload. */
export interface HouseholdDraft {
  version: number;
  base: Answer;
  valid: string;
  event: string;
  source: string;
  changes: Changes;
  /** steps are the changes before each step, the latest last. */
  steps: Changes[];
}

const keptSteps = 50;

export function useHouseholdDraft(household: string) {
  const [draft, setDraft] = useDraft<HouseholdDraft>(`household.${household}`);
  return {
    draft,
    begin: (version: number, base: Answer, valid: string) => setDraft({ version, base, valid, event: 'visited', source: '', changes: {}, steps: [] }),
    set: (change: Partial<HouseholdDraft>) => draft && setDraft({ ...draft, ...change }),
    answer: (where: string, answer: Answer) => draft && setDraft({ ...draft, changes: { ...draft.changes, [where]: answer }, steps: [...draft.steps, draft.changes].slice(-keptSteps) }),
    drop: (where: string) => draft && setDraft({ ...draft, changes: Object.fromEntries(Object.entries(draft.changes).filter(([name]) => name !== where)), steps: [...draft.steps, draft.changes].slice(-keptSteps) }),
    undo: () => draft && setDraft({ ...draft, changes: draft.steps.at(-1) ?? {}, steps: draft.steps.slice(0, -1) }),
    discard: () => setDraft(null),
  };
}
