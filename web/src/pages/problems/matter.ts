import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';

import { api, take, type Schemas } from '../../api/client';
import { newId } from '../../api/id';

/** The two boards. A matter of either is opened, written to and listed in the same way. */
export type Board = 'problems' | 'decisions';

export type MatterRow = Schemas['MatterRow'];
export type MatterBody = Schemas['WriteMatterInputBody'];

/** The states of a board in their order. */
export const statesOf = { problems: ['found', 'studied', 'assigned', 'solved', 'closed'], decisions: ['filed', 'assigned', 'reported', 'verified', 'closed'] } as const;

const dayLength = 86_400_000;

/** Days from one day to another; negative where the second is earlier. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / dayLength);
}

/** What lists are asked for. */
export interface Asked {
  division: string;
  as_of: string;
  kind?: string;
  holder?: string;
  open?: boolean;
  overdue?: boolean;
  state?: string;
  limit: number;
  after?: string;
}

export function readMatters(board: Board, query: Asked): Promise<Schemas['MatterListOutputBody']> {
  return board === 'problems' ? take(api.GET('/api/problems', { params: { query } })) : take(api.GET('/api/decisions', { params: { query } }));
}

/** Kinds of problems, recurrence and reminders. */
export function useRules() {
  return useQuery({ queryKey: ['problem-rules'], queryFn: () => take(api.GET('/api/problem-rules')), staleTime: Infinity });
}

/** Writes an act on a matter, or opens one; whatever shows matters is read again. */
export function useWrite(board: Board, id: string, version: number, onWritten: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (body: Omit<MatterBody, 'entry'>) => {
      const header = version === 0 ? { 'If-None-Match': '*' } : { 'If-Match': `"${version}"` };
      const asked = { params: { path: { id }, header }, body: { ...body, entry: newId() } };
      if (board === 'problems') await take(api.POST('/api/problems/{id}', asked));
      else await take(api.POST('/api/decisions/{id}', asked));
    },
    onSuccess: async () => {
      await client.invalidateQueries({ predicate: (query) => ['problems', 'decisions', 'reminders', 'figure'].includes(String(query.queryKey[0])) });
      onWritten();
    },
  });
}
