import { useNavigate, useSearch } from '@tanstack/react-router';

import { useSession } from './session';

/** What every address carries: the day that facts are read as of, and the division looked at. */
export interface Search {
  as_of?: string;
  division?: string;
}

/** The day and place in the address, with the session's own where the address has none. */
export function useMoment() {
  const search: Search = useSearch({ strict: false });
  const navigate = useNavigate();
  const session = useSession();
  const home = session?.grants?.find((grant) => grant.actions?.includes('read_figures'))?.territory.id ?? session?.city.id ?? '';
  const set = (change: Search) =>
    void navigate({ to: '.', search: (before: Record<string, unknown>) => ({ ...before, ...change }) } as Parameters<typeof navigate>[0]);
  return {
    asOf: search.as_of ?? session?.as_of ?? '',
    /** division is the id looked at; home where none was chosen. */
    division: search.division ?? home,
    home,
    setAsOf: (day: string) => set({ as_of: day }),
    setDivision: (division: string) => set({ division }),
  };
}
