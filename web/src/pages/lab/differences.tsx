import type { Schemas } from '../../api/client';
import { en } from '../../words/lab.en';
import { zh } from '../../words/lab.zh';
import { useText, useWords } from '../../words/words';

/** How two documents differ, a sentence each. */
export function Differences({ differences }: { differences: Schemas['CriteriaDifference'][] }) {
  const words = useWords(zh, en);
  const text = useText();
  if (differences.length === 0) return <p className="quiet">{words.noDifference}</p>;
  return <ul className="differences" data-of-the-city>{differences.map((one) => <li key={`${one.kind} ${one.name} ${text(one.text)}`}>{text(one.text)}</li>)}</ul>;
}
