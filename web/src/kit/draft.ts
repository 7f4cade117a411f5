import { useCallback, useState } from 'react';

/** State that survives a reload of the page, under a name: what somebody has typed and not sent. null where there is none. */
export function useDraft<T>(name: string): [T | null, (draft: T | null) => void] {
  const key = `liandong.draft.${name}`;
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
