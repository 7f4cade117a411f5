import { Link } from '@tanstack/react-router';

import type { Schemas } from '../../api/client';
import { useFormat } from '../../kit/format';
import { en } from '../../words/problems.en';
import { zh } from '../../words/problems.zh';
import { useWords } from '../../words/words';

/** The papers that show something done. */
export function Evidence({ evidence }: { evidence: Schemas['ProblemEvidence'][] }) {
  const words = useWords(zh, en);
  const format = useFormat();
  return (
    <section aria-labelledby="evidence">
      <h2 id="evidence">{words.evidence}</h2>
      {evidence.length === 0 ? <p className="quiet">{words.evidenceNone}</p> : (
        <table className="table">
          <thead><tr><th scope="col">{words.evidenceName}</th><th scope="col">{words.evidenceReference}</th><th scope="col">{words.evidenceDay}</th></tr></thead>
          <tbody>{evidence.map((one, index) => <tr key={index}><td>{one.name}</td><td>{one.reference}</td><td className="nowrap">{format.day(one.on)}</td></tr>)}</tbody>
        </table>
      )}
    </section>
  );
}

/** What was done, the latest first: the act, its day and its words. */
export function Timeline({ entries, steps, first }: { entries: Schemas['EntryView'][]; steps: Schemas['ProblemStep'][]; first: string }) {
  const words = useWords(zh, en);
  const format = useFormat();
  const acts: Record<string, string> = words.acts;
  return (
    <section aria-labelledby="timeline">
      <h2 id="timeline">{words.timeline}</h2>
      <p className="quiet">{words.whoInLog}</p>
      <ol className="matter-timeline">
        {entries.map((entry, index) => ({ entry, said: index === 0 ? first : (steps[index - 1]?.words ?? '') })).reverse().map(({ entry, said }) => (
          <li key={entry.id}>
            <strong>{acts[entry.act] ?? entry.act}</strong> {format.day(entry.on)} <span className="quiet">{words.recorded(format.moment(entry.recorded_at))}</span>
            {said !== '' && <p>{said}</p>}
          </li>
        ))}
      </ol>
    </section>
  );
}

/** The record that a matter comes from, as a link to its page. */
export function Subject({ subject }: { subject: string }) {
  const words = useWords(zh, en);
  const [sort, name = ''] = subject.split(':');
  if (sort === 'claim') return <Link to="/claims">{words.fromClaim}</Link>;
  if (sort === 'project') return <Link to={`/projects/${name}` as '/'}>{words.fromProject}</Link>;
  return <>{subject}</>;
}
