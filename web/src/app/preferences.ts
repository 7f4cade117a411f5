import { useSyncExternalStore } from 'react';

export type TextSize = 'normal' | 'large' | 'larger';

export const pixels: Record<TextSize, number> = { normal: 14, large: 18, larger: 22 };

const key = 'liandong.text';
const listeners = new Set<() => void>();

function textSize(): TextSize {
  const kept = localStorage.getItem(key);
  return kept === 'large' || kept === 'larger' ? kept : 'normal';
}

/** applyTextSize sets the size that everything is measured in. */
export function applyTextSize(): void {
  document.documentElement.dataset['text'] = textSize();
}

export function setTextSize(size: TextSize): void {
  localStorage.setItem(key, size);
  applyTextSize();
  listeners.forEach((listener) => listener());
}

export function useTextSize(): TextSize {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, textSize);
}
