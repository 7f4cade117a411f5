import type { ReactNode } from 'react';

/** What a mark says beside its word, by shape as well as by colour. */
export type Tone = 'good' | 'part' | 'bad' | 'open' | 'plain';

const shapes: Record<Tone, string> = {
  good: 'M1.5 1.5h9v9h-9z',
  part: 'M6 1l5 5-5 5-5-5z',
  bad: 'M6 1l5 10H1z',
  open: 'M6 1.5a4.5 4.5 0 1 0 .01 0z',
  plain: 'M1 6h10',
};

/** A word with a shape before it: nobody has to tell colours apart. */
export function Mark({ tone, children }: { tone: Tone; children: ReactNode }) {
  return (
    <span className={`mark mark-${tone}`}>
      <svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
        <path d={shapes[tone]} fill={tone === 'open' || tone === 'plain' ? 'none' : 'currentColor'} stroke="currentColor" strokeWidth="1.6" />
      </svg>
      {children}
    </span>
  );
}
