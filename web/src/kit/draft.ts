import { useCallback, useState } from 'react';

const prefix = 'liandong.draft.';

/** Lets every draft go: whoever sits down next must not read what somebody else had typed. */
export function forgetDrafts(): void {
  for (const key of Object.keys(sessionStorage)) if (key.startsWith(prefix)) sessionStorage.removeItem(key);
}

/** State that survives a reload of the page, under a name: what somebody has typed and not sent. null where there is none. */
export function useDraft<T>(name: string): [T | null, (draft: T | null) => void] {
  const key = `${prefix}${name}`;
  const [draft, setDraft] = useState<T | null>(() => {
    const kept = sessionStorage.getItem(key);
    return kept === null ? null : (JSON.parse(kept) as T);
  });
  const keep = useCallback(
    (next: T | null) => {
      if (next === null) sessionStorage.removeItem(key);
      else sessionStorage.setItem(key, JSON.stringify(next));
      setDraft(next);
    },
    [key],
  );
  return [draft, keep];
}
