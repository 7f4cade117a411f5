import { en } from '../words/kit.en';
import { zh } from '../words/kit.zh';
import { useWords } from '../words/words';

export const lights = ['red', 'yellow', 'green', 'grey', 'off'] as const;
export type Light = (typeof lights)[number];

/** One shape for each light, drawn in 12 × 12: nobody has to tell colours apart. */
const shapes: Record<Light, string> = {
  red: 'M6 .8l5.6 10.4H.4z',
  yellow: 'M6 .6l5.4 5.4L6 11.4.6 6z',
  green: 'M6 1.2a4.8 4.8 0 1 0 .01 0z',
  grey: 'M6 1.8a4.2 4.2 0 1 0 .01 0z',
  off: 'M2 6h8',
};

export function isLight(word: string): word is Light {
  return word in shapes;
}

/** The shape of a light alone, for places where its word stands beside it. */
export function LightShape({ light }: { light: Light }) {
  const filled = light === 'red' || light === 'yellow' || light === 'green';
  return (
    <svg className={`light-${light}`} viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
      <path d={shapes[light]} fill={filled ? 'currentColor' : 'none'} stroke="currentColor" strokeWidth={filled ? 0 : 1.6} />
    </svg>
  );
}

/** A light of the alerts, always with its word and a shape. One that was red once and caught up says so. */
export function LightTag({ light, slipped = false, title }: { light: Light; slipped?: boolean | undefined; title?: string | undefined }) {
  const words = useWords(zh, en);
  return (
    <span className={`light light-${light}`}>
      <LightShape light={light} />
      <span>{title !== undefined && `${title} `}{words.lights[light]}{slipped && ` · ${words.slipped}`}</span>
    </span>
  );
}
