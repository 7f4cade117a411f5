import { useNavigate, useSearch } from '@tanstack/react-router';

/** What the address of the register says besides day and place. Every part is a word of the API. */
export interface Filter {
  status?: string;
  attribute?: string;
  cause?: string;
  findings?: string;
  numbers?: string;
  sort?: string;
}

export const filterNames = ['status', 'attribute', 'cause', 'findings', 'numbers'] as const;

/** The filter in the address: a view is a link. */
export function useFilter(): [Filter, (change: Filter) => void] {
  const filter: Filter = useSearch({ strict: false });
  const navigate = useNavigate();
  return [filter, (change) => void navigate({ to: '.', search: (before: Record<string, unknown>) => ({ ...before, ...change }), replace: true } as Parameters<typeof navigate>[0])];
}

/** The numbers in a pasted block, in whatever way they are separated. */
export function numbersIn(block: string): string[] {
  return [...new Set(block.split(/[\s,;\u3001\uff0c\uff1b]+/).filter((word) => /^[0-9A-Za-z-]{4,}$/.test(word)))];
}
