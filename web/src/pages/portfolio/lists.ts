import { useQuery } from '@tanstack/react-query';

import { api, take } from '../../api/client';
import { useText } from '../../words/words';

/** The rules that count and warn, and the code lists of projects. They do not change while the program runs. */
export function useProjectRules() {
  return useQuery({ queryKey: ['project-rules'], queryFn: () => take(api.GET('/api/projects/rules')), staleTime: Infinity }).data;
}

/** Words of the lists for this reader; the code itself until they are read. */
export function useProjectLists() {
  const rules = useProjectRules();
  const text = useText();
  const list = (name: string) => rules?.lists[name] ?? [];
  return {
    rules,
    title: (name: string, code: string | undefined) => {
      const found = list(name).find((choice) => choice.code === code);
      return found ? text(found.title) : (code ?? '');
    },
    options: (name: string): [string, string][] => list(name).map((choice) => [choice.code, text(choice.title)]),
  };
}

/** The documents that count and warn, for the foot of a page. */
export function useRuleNames(): string | undefined {
  const rules = useProjectRules();
  return rules && `${rules.counting.id} · ${rules.alerts.id}`;
}
