import { en } from '../words/kit.en';
import { zh } from '../words/kit.zh';
import { useWords } from '../words/words';

export type Outcome = 'proposed' | 'not_proposed' | 'barred' | 'review' | 'undetermined';

/** One shape for each outcome, drawn in 12 × 12: nobody has to tell colours apart. */
const shapes: Record<Outcome, string> = {
  proposed: 'M6 1l5 10H1z',
  barred: 'M2 2l8 8M10 2l-8 8',
  review: 'M6 1l5 5-5 5-5-5z',
  undetermined: 'M6 1.5a4.5 4.5 0 1 0 .01 0z',
  not_proposed: 'M1.5 1.5h9v9h-9z',
};

/** The outcome of a criteria document: a proposal, always with its word and a shape. */
export function OutcomeTag({ outcome }: { outcome: Outcome }) {
  const words = useWords(zh, en);
  return (
    <span className={`outcome outcome-${outcome}`}>
      <svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
        <path d={shapes[outcome]} fill={outcome === 'proposed' || outcome === 'review' || outcome === 'not_proposed' ? 'currentColor' : 'none'} stroke="currentColor" strokeWidth="1.6" />
      </svg>
      {words.outcomes[outcome]}
    </span>
  );
}

export function isOutcome(word: string): word is Outcome {
  return word in shapes;
}
