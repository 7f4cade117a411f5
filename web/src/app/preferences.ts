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

function changed(): void {
  applyTextSize();
  listeners.forEach((listener) => listener());
}

export function setTextSize(size: TextSize): void {
  localStorage.setItem(key, size);
  changed();
}

/** followTextSize takes up the size that is chosen in another tab. */
export function followTextSize(): void {
  window.addEventListener('storage', (event) => {
    if (event.key === key) changed();
  });
}

export function useTextSize(): TextSize {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, textSize);
}
