import { useMoment } from '../app/moment';
import { useSession } from '../app/session';
import { en } from '../words/shell.en';
import { zh } from '../words/shell.zh';
import { useWords } from '../words/words';
import { useFormat } from './format';

/** Where the page's numbers come from, always at its foot. */
export function Provenance({ rule }: { rule?: string | undefined }) {
  const words = useWords(zh, en);
  const format = useFormat();
  const moment = useMoment();
  const session = useSession();
  return (
    <footer className="provenance" aria-label={words.foot}>
      <span>{words.dataAsOf(format.day(moment.asOf))}</span>
      {rule !== undefined && <span>{words.rule(rule)}</span>}
      {session?.demo === true && <span className="demo-mark">{words.demo}</span>}
    </footer>
  );
}
