import { useSyncExternalStore } from 'react';

import { en } from '../words/kit.en';
import { zh } from '../words/kit.zh';
import { useWords } from '../words/words';

export type MoneyUnit = 'yuan' | 'wan' | 'yi';

const key = 'liandong.money';
const listeners = new Set<() => void>();
const divisors: Record<MoneyUnit, number> = { yuan: 1, wan: 1e4, yi: 1e8 };

export function moneyUnit(): MoneyUnit {
  const kept = localStorage.getItem(key);
  return kept === 'wan' || kept === 'yi' ? kept : 'yuan';
}

export function setMoneyUnit(unit: MoneyUnit): void {
  localStorage.setItem(key, unit);
  listeners.forEach((listener) => listener());
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useMoneyUnit(): MoneyUnit {
  return useSyncExternalStore(subscribe, moneyUnit);
}

/** The unit in which sums of projects are written: 100 million yuan, unless the reader chose another. */
function amountUnit(): MoneyUnit {
  return localStorage.getItem(key) === null ? 'yi' : moneyUnit();
}

/** One for each number of decimals: making one takes fifty times as long as writing a number, and a slider writes a thousand of them a second. */
const writers = new Map<number, Intl.NumberFormat>();

/** A number grouped by thousands, with exactly so many decimals. */
export function grouped(value: number, decimals = 0): string {
  let writer = writers.get(decimals);
  if (writer === undefined) {
    writer = new Intl.NumberFormat('zh-CN', { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
    writers.set(decimals, writer);
  }
  return writer.format(value);
}

/** How numbers, days and money are written for this reader. */
export function useFormat() {
  const words = useWords(zh, en);
  const unit = useMoneyUnit();
  const sums = useSyncExternalStore(subscribe, amountUnit);
  return {
    number: (value: number | null | undefined, decimals = 0) => (value === null || value === undefined ? words.unknown : grouped(value, decimals)),
    /** day writes 2015-12-31 as people do. */
    day: (iso: string | undefined) => {
      const parts = /^(\d{4})-(\d{2})-(\d{2})/.exec(iso ?? '');
      return parts ? words.date(Number(parts[1]), Number(parts[2]), Number(parts[3])) : '';
    },
    /** moment writes a moment of the server in the reader's time, to the minute. */
    moment: (iso: string | undefined) => {
      if (!iso) return '';
      const at = new Date(iso);
      const two = (n: number) => String(n).padStart(2, '0');
      return `${words.date(at.getFullYear(), at.getMonth() + 1, at.getDate())} ${two(at.getHours())}:${two(at.getMinutes())}`;
    },
    /** money writes yuan in the unit that the reader chose. */
    money: (yuan: number | null | undefined) => (yuan === null || yuan === undefined ? words.unknown : grouped(yuan / divisors[unit], unit === 'yuan' ? 0 : 2)),
    /** list writes words one after the other. */
    list: (items: string[] | null | undefined) => (items ?? []).join(words.comma),
    moneyUnit: words.moneyUnits[unit],
    /** amount writes fen of projects and agreements: in 100 million yuan, or in the unit that the reader chose; nothing where it is not known. */
    amount: (fen: number | null | undefined) => (fen === null || fen === undefined ? '' : grouped(fen / 100 / divisors[sums], sums === 'yuan' ? 0 : 2)),
    amountUnit: words.moneyUnits[sums],
    /** percent writes a percentage to a tenth; nothing where it is not known. */
    percent: (value: number | null | undefined) => (value === null || value === undefined ? '' : `${grouped(value, 1)}%`),
  };
}
