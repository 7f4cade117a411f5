import { en } from '../words/kit.en';
import { zh } from '../words/kit.zh';
import { useWords } from '../words/words';

/** Says that what stands in a form was typed before. */
export function DraftKept({ restored }: { restored: boolean }) {
  const words = useWords(zh, en);
  return restored ? <p className="quiet" role="status">{words.draftKept}</p> : null;
}
