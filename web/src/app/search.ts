import { useQuery } from '@tanstack/react-query';

import { api, take } from '../api/client';
import { useMoment } from './moment';
import { useMay } from './session';

/** Something that a search found, and where it leads. */
export interface Found {
  kind: 'household' | 'division' | 'project';
  id: string;
  name: string;
  where: string;
  number: string;
}

const most = { households: 10, divisions: 5, projects: 4 };

/** What the words find, each kind by those who may read it: households first, for that is what is looked for most. */
export function useFound(words: string): { found: Found[]; settled: boolean; error: unknown } {
  const may = useMay();
  const { asOf } = useMoment();
  const asked = words !== '';
  const staleTime = 10_000;
  const households = useQuery({
    queryKey: ['search', words], enabled: asked && may('read_records'), staleTime,
    queryFn: () => take(api.GET('/api/search', { params: { query: { q: words, limit: most.households } } })),
  });
  const divisions = useQuery({
    queryKey: ['search-divisions', words], enabled: asked && may('read_figures'), staleTime,
    queryFn: () => take(api.GET('/api/search/divisions', { params: { query: { q: words, limit: most.divisions } } })),
  });
  const projects = useQuery({
    queryKey: ['search-projects', words, asOf], enabled: asked && may('read_projects'), staleTime,
    queryFn: () => take(api.GET('/api/projects', { params: { query: { q: words, as_of: asOf, limit: most.projects } } })),
  });
  const found: Found[] = [
    ...(households.data?.hits ?? []).map((hit) => ({ kind: 'household' as const, id: hit.household, name: hit.name, where: hit.division.name, number: hit.number ?? '' })),
    ...(divisions.data?.divisions ?? []).map((hit) => ({ kind: 'division' as const, id: hit.id, name: hit.name, where: hit.path, number: '' })),
    ...(projects.data?.rows ?? []).map((hit) => ({ kind: 'project' as const, id: hit.id, name: hit.name, where: hit.division.name, number: hit.number ?? '' })),
  ];
  const queries = [households, divisions, projects];
  return { found, settled: asked && queries.every((query) => !query.isFetching), error: queries.find((query) => query.isError)?.error ?? null };
}
