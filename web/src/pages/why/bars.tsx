import type { Schemas } from '../../api/client';
import { en } from '../../words/why.en';
import { zh } from '../../words/why.zh';
import { useText, useWords } from '../../words/words';

/** The negative list: what is so, what is not known, and how many are not. */
export function Bars({ bars }: { bars: Schemas['CriteriaExplainedBar'][] }) {
  const words = useWords(zh, en);
  const text = useText();
  const open = bars.filter((bar) => bar.hidden !== true && bar.met !== 'no');
  const hidden = bars.filter((bar) => bar.hidden === true);
  if (bars.length === 0) return null;
  return (
    <section>
      <h2>{words.bars}</h2>
      {open.length + hidden.length === 0 && <p>{words.barsNone(bars.length)}</p>}
      <ul className="plain">
        {open.map((bar) => <li key={bar.id}>{text(bar.title)} <strong>{bar.met === 'yes' ? words.met : words.barUnknown}</strong> <span className="quiet">{bar.kind === 'veto' ? words.veto : words.review}</span></li>)}
        {hidden.map((bar) => <li key={bar.id}>{text(bar.title)} {words.hidden}</li>)}
      </ul>
    </section>
  );
}
