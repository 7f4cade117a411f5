import { useDraft } from '../../kit/draft';
import { atMember, memberAt, newKey, type Answer, type Changes } from './record';

/** A change of a household that was begun and not sent: it survives a reload. */
export interface HouseholdDraft {
  version: number;
  base: Answer;
  valid: string;
  event: string;
  source: string;
  reason: string;
  changes: Changes;
  /** steps are the changes before each step, the latest last. */
  steps: Changes[];
}

const keptSteps = 50;

export type HouseholdEdit = ReturnType<typeof useHouseholdDraft>;

export function useHouseholdDraft(household: string) {
  const [draft, setDraft] = useDraft<HouseholdDraft>(`household.${household}`);
  const step = (changes: Changes, more: Partial<HouseholdDraft> = {}) => draft && setDraft({ ...draft, ...more, changes, steps: [...draft.steps, draft.changes].slice(-keptSteps) });
  const without = (of: (where: string) => boolean) => Object.fromEntries(Object.entries(draft?.changes ?? {}).filter(([where]) => !of(where)));
  return {
    draft,
    begin: (version: number, base: Answer, valid: string) => setDraft({ version, base, valid, event: 'visited', source: '', reason: '', changes: {}, steps: [] }),
    set: (change: Partial<HouseholdDraft>) => draft && setDraft({ ...draft, ...change }),
    answer: (where: string, answer: Answer) => draft && step({ ...draft.changes, [where]: answer }),
    drop: (where: string) => step(without((name) => name === where)),
    /** join adds a member of whom nothing is said yet, and why they came. */
    join: (event: string) => draft && step({ ...draft.changes, [atMember(newKey())]: true }, { event }),
    /** leave marks a member as gone, and why. */
    leave: (key: string, event: string, reason: string) => draft && step({ ...without((where) => memberAt(where)?.key === key), [atMember(key)]: null }, { event, reason }),
    /** stay takes back that a member joins or leaves; without such a change the entry is a visit again. */
    stay: (key: string) => {
      const changes = without((where) => memberAt(where)?.key === key);
      step(changes, draft && !membersChange({ ...draft, changes }) ? { event: 'visited', reason: '' } : {});
    },
    undo: () => draft && setDraft({ ...draft, changes: draft.steps.at(-1) ?? {}, steps: draft.steps.slice(0, -1) }),
    discard: () => setDraft(null),
  };
}

/** Whether a draft has a member who joins or leaves: then it has the one event that this is. */
export function membersChange(draft: HouseholdDraft): boolean {
  return Object.keys(draft.changes).some((where) => memberAt(where)?.path === undefined && memberAt(where) !== undefined);
}
