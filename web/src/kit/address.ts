import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';

/** Words of the address beside day and place: a page's filters, so that a link shows what its sender saw. An empty word leaves the address. */
export function useAddress(): [Record<string, string | undefined>, (change: Record<string, string | undefined>) => void] {
  const search: Record<string, string | undefined> = useSearch({ strict: false });
  const navigate = useNavigate();
  const set = useCallback(
    (change: Record<string, string | undefined>) =>
      void navigate({ to: '.', replace: true, search: (before: Record<string, unknown>) => ({ ...before, ...change }) } as unknown as Parameters<typeof navigate>[0]),
    [navigate],
  );
  return [search, set];
}
