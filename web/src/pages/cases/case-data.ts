import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';

import { api, take, type Schemas } from '../../api/client';
import { newId } from '../../api/id';

export type Catalogue = Schemas['CatalogueOutputBody'];
export type Step = Schemas['CaseworkStep'];

export function useCatalogue() {
  return useQuery({ queryKey: ['case-catalogue'], queryFn: () => take(api.GET('/api/case-catalogue')), staleTime: Infinity });
}

/** The papers that the investor handed in before and that are good on the day. */
export function useHeld(asOf: string, own: boolean) {
  return useQuery({ queryKey: ['cases', 'held', asOf], queryFn: () => take(api.GET('/api/held-papers', { params: { query: { as_of: asOf } } })), enabled: own });
}

/** Writes an act on a case, or applies for one; whatever shows cases is read again. */
export function useWriteCase(id: string, version: number, onWritten: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: Omit<Schemas['WriteCaseInputBody'], 'entry'>) => {
      const header = version === 0 ? { 'If-None-Match': '*' } : { 'If-Match': `"${version}"` };
      return take(api.POST('/api/cases/{id}', { params: { path: { id }, header }, body: { ...body, entry: newId() } }));
    },
    onSuccess: async () => {
      await client.invalidateQueries({ predicate: (query) => ['cases', 'figure'].includes(String(query.queryKey[0])) });
      onWritten();
    },
  });
}

/** Steps in columns: those of one column wait for the columns before it alone, and run side by side. */
export function columnsOf<S extends Step>(steps: S[]): S[][] {
  const at = new Map<string, number>();
  const columns: S[][] = [];
  for (const step of steps) { // a step waits only for earlier ones
    const column = Math.max(-1, ...(step.after ?? []).map((before) => at.get(before) ?? -1)) + 1;
    at.set(step.code, column);
    (columns[column] ??= []).push(step);
  }
  return columns;
}
