import { Alert, Button } from 'antd';

import { en } from '../words/kit.en';
import { zh } from '../words/kit.zh';
import { useWords } from '../words/words';
import { grouped } from './format';
import { ProblemMessage } from './problem';
import type { useReading } from './reading';

/** How far the sending and reading of a table have come, with a way to stop; what became of one that failed or broke off. */
export function ReadingProgress({ reading }: { reading: ReturnType<typeof useReading> }) {
  const words = useWords(zh, en).reading;
  const { state, file, view, fraction } = reading;
  switch (state) {
    case 'none':
      return reading.error ? <ProblemMessage error={reading.error} /> : null;
    case 'failed':
      return <ProblemMessage error={reading.error} />;
    case 'interrupted':
      return <Alert type="warning" role="alert" title={words.interrupted(file)} description={words.interruptedDo} />;
    default: {
      const share = state === 'sending' ? fraction : view?.about ? view.done / view.about : undefined;
      const known = state === 'reading' && view?.stage;
      const told = state === 'sending' ? words.sending(file, percent(fraction))
        : known === 'reading' ? words.rows(file, grouped(view?.done ?? 0), grouped(roughly(view?.about ?? 0)))
        : known === 'comparing' ? words.comparing(file, grouped(view?.done ?? 0), grouped(view?.about ?? 0))
        : words.opening(file);
      return (
        <div className="reading">
          <p data-of-the-city>{told}</p>
          <progress className="progress" max={1} {...(share === undefined ? {} : { value: share })} aria-label={words.label} aria-valuetext={told} />
          <p className="reading-foot"><Button onClick={() => reading.cancel()}>{words.cancel}</Button><span className="quiet" role="status">{state === 'sending' ? words.stay : words.leave}</span></p>
        </div>
      );
    }
  }
}

const percent = (fraction: number) => (100 * fraction).toFixed(0);

/** A number of rows that is an estimate, to two digits. */
function roughly(rows: number): number {
  return rows < 100 ? rows : Number(rows.toPrecision(2));
}
