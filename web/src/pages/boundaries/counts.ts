import type { Schemas } from '../../api/client';
import { useFormat } from '../../kit/format';
import { en } from '../../words/boundaries.en';
import { zh } from '../../words/boundaries.zh';
import { useWords } from '../../words/words';

/** How many divisions of each level boundaries have, in words. */
export function useCounts(): (counts: Schemas['BoundaryCount'][] | null) => string {
  const words = useWords(zh, en);
  const format = useFormat();
  return (counts) => (counts ?? []).map((one) => words.counts[one.level](format.number(one.areas))).join(words.comma);
}
