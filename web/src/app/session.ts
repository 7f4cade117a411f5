import { useQuery, useQueryClient } from '@tanstack/react-query';

import { api, problemOf, take, type Schemas } from '../api/client';
import { forgetDrafts } from '../kit/draft';

export type Session = Schemas['SessionView'];
export type Action = string;

export const sessionKey = ['session'] as const;

/** The session as a query: null where nobody is logged in. */
export function useSessionQuery() {
  return useQuery({
    queryKey: sessionKey,
    queryFn: async () => {
      try {
        return await take(api.GET('/api/session'));
      } catch (error) {
        if (problemOf(error).status === 401) return null;
        throw error;
      }
    },
    staleTime: Infinity,
  });
}

/** Who is logged in; null where nobody is. */
export function useSession(): Session | null {
  return useSessionQuery().data ?? null;
}

/** Whether one of the grants allows the action somewhere; while somebody acts under one of them, whether that one does. */
export function mayDo(session: Session | null, action: Action): boolean {
  const acting = session?.acting;
  const held = (session?.grants ?? []).filter((grant) => acting === undefined || (grant.role === acting.role && grant.territory.id === acting.territory.id));
  return held.some((grant) => grant.actions?.includes(action));
}

export function useMay(): (action: Action) => boolean {
  const session = useSession();
  return (action) => mayDo(session, action);
}

/** Enter with a session that the server gave, or leave: nothing that another person read stays. */
export function useEntered(): (session: Session | null) => Promise<void> {
  const client = useQueryClient();
  return async (session) => {
    await client.cancelQueries({ queryKey: sessionKey }); // who was asked before this must not answer after it
    if (session === null) forgetDrafts();
    client.setQueryData(sessionKey, session);
    client.removeQueries({ predicate: (query) => query.queryKey[0] !== sessionKey[0] });
  };
}
