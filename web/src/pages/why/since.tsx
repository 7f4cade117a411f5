import type { Schemas } from '../../api/client';
import { useFormat } from '../../kit/format';
import { en } from '../../words/why.en';
import { zh } from '../../words/why.zh';
import { useText, useWords } from '../../words/words';

/** What was different when the household was identified before, or that nothing was; nothing at all where it never was. */
export function Since({ explanation }: { explanation: Schemas['ExplainOutputBody'] }) {
  const words = useWords(zh, en);
  const text = useText();
  const format = useFormat();
  const { earlier } = explanation;
  const since = explanation.since ?? [];
  return (
    <section aria-labelledby="why-since" className={earlier === undefined || since.length === 0 ? 'no-print' : ''}>
      <h2 id="why-since">{words.since}</h2>
      {earlier === undefined
        ? <p>{words.sinceFirst}</p>
        : <p>{since.length === 0 ? words.sinceNone(format.day(earlier.as_of), earlier.criteria) : words.sinceAbout(format.day(earlier.as_of), earlier.criteria, format.moment(earlier.recorded_at))}</p>}
      {since.length > 0 && (
        <div className="scroll" tabIndex={0} role="region" aria-label={words.since}>
          <table className="table">
            <thead><tr><th scope="col">{words.part}</th><th scope="col">{words.sinceBefore}</th><th scope="col">{words.sinceNow}</th></tr></thead>
            <tbody data-of-the-city>
              {since.map((one) => <tr key={text(one.what)}><td>{text(one.what)}</td><td className="quiet">{text(one.before)}</td><td>{text(one.after)}</td></tr>)}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
