import { useCallback, useState } from 'react';

const prefix = 'liandong.draft.';

/** Lets every draft go: whoever sits down next must not read what somebody else had typed. */
export function forgetDrafts(): void {
  for (const key of Object.keys(sessionStorage)) if (key.startsWith(prefix)) sessionStorage.removeItem(key);
}

/** State that survives a reload of the page, under a name: what somebody has typed and not sent. null where there is none. Another name is another state. */
export function useDraft<T>(name: string): [T | null, (draft: T | null) => void] {
  const key = `${prefix}${name}`;
  const [held, setHeld] = useState<{ key: string; draft: T | null }>(() => ({ key, draft: kept(key) as T | null }));
  const draft = held.key === key ? held.draft : (kept(key) as T | null);
  if (held.key !== key) setHeld({ key, draft });
  const keep = useCallback(
    (next: T | null) => {
      if (next === null) sessionStorage.removeItem(key);
      else sessionStorage.setItem(key, JSON.stringify(next));
      setHeld({ key, draft: next });
    },
    [key],
  );
  return [draft, keep];
}

function kept(key: string): unknown {
  const text = sessionStorage.getItem(key);
  return text === null ? null : JSON.parse(text);
}

/** The fields of a small form, which survive a reload and the closing of their panel until the form is sent; restored tells that they did. */
export function useFields<T extends object>(name: string, blank: T): { fields: T; set: (change: Partial<T>) => void; done: () => void; restored: boolean } {
  const [draft, keep] = useDraft<T>(name);
  const [restored] = useState(draft !== null);
  const [first] = useState(blank);
  const fields = draft ?? first;
  return { fields, set: (change) => keep({ ...fields, ...change }), done: () => keep(null), restored };
}
