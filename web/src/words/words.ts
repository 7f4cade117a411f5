import { useSyncExternalStore } from 'react';

import type { Text } from '../api/client';

export type Language = 'zh' | 'en';

/** The shape of a catalogue: the English one must have every word that the Chinese one has. */
export type Same<T> = {
  [K in keyof T]: T[K] extends string ? string : T[K] extends (...values: infer V) => string ? (...values: V) => string : Same<T[K]>;
};

const key = 'liandong.language';
const listeners = new Set<() => void>();

export function language(): Language {
  return localStorage.getItem(key) === 'en' ? 'en' : 'zh';
}

export function setLanguage(chosen: Language): void {
  localStorage.setItem(key, chosen);
  document.documentElement.lang = chosen === 'en' ? 'en' : 'zh-CN';
  listeners.forEach((listener) => listener());
}

export function useLanguage(): Language {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, language);
}

/** The catalogue of an area in the reader's language: const t = useWords(zh, en). */
export function useWords<T>(zh: T, en: Same<T>): T | Same<T> {
  return useLanguage() === 'en' ? en : zh;
}

/** A sentence that came from the server, in the reader's language. */
export function useText(): (text: Text) => string {
  const chosen = useLanguage();
  return (text) => (chosen === 'en' && text.en !== '' ? text.en : text.zh);
}
