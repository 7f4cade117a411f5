import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect } from 'react';

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

const key = (account: string) => `liandong.register.filter.${account}`;

function kept(account: string): Filter {
  return Object.fromEntries([...new URLSearchParams(localStorage.getItem(key(account)) ?? '')]);
}

/** The filter in the address: a view is a link. An address without one has what the account chose last in this browser. */
export function useFilter(account: string): [Filter, (change: Filter) => void] {
  const search: Filter = useSearch({ strict: false });
  const navigate = useNavigate();
  const names = [...filterNames, 'sort'] as const;
  const named = names.some((name) => search[name] !== undefined);
  const filter = named ? search : kept(account);
  const set = (change: Filter) => {
    const next: Record<string, string> = {};
    for (const name of names) {
      const value = name in change ? change[name] : filter[name];
      if (value) next[name] = value;
    }
    localStorage.setItem(key(account), new URLSearchParams(next).toString());
    const cleared = Object.fromEntries(names.map((name) => [name, undefined]));
    void navigate({ to: '.', search: (before: Record<string, unknown>) => ({ ...before, ...cleared, ...next }), replace: true } as Parameters<typeof navigate>[0]);
  };
  useEffect(() => {
    if (!named && Object.keys(filter).length > 0) void navigate({ to: '.', search: (before: Record<string, unknown>) => ({ ...before, ...filter }), replace: true } as Parameters<typeof navigate>[0]);
  }, [named, filter, navigate]);
  return [filter, set];
}

/** So many numbers the server looks for at once. */
export const maxNumbers = 500;

/** The numbers in a pasted block, in whatever way they are separated. */
export function numbersIn(block: string): string[] {
  return [...new Set(block.split(/[\s,;\u3001\uff0c\uff1b]+/).filter((word) => /^[0-9A-Za-z-]{4,}$/.test(word)))];
}
