import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';

import { api, take } from '../../api/client';
import { useFormat } from '../../kit/format';
import { ProblemMessage } from '../../kit/problem';
import { Waiting } from '../../kit/waiting';
import { en } from '../../words/briefings.en';
import { zh } from '../../words/briefings.zh';
import { useText, useWords } from '../../words/words';

/** What a briefing says otherwise than the one before it on the same question and place. */
export function Changes({ id }: { id: string }) {
  const words = useWords(zh, en);
  const text = useText();
  const format = useFormat();
  const changes = useQuery({ queryKey: ['briefings', id, 'changes'], queryFn: () => take(api.GET('/api/briefings/{id}/changes', { params: { path: { id } } })) });
  const rows = changes.data?.changed ?? [];
  const before = changes.data?.before;
  return (
    <section aria-labelledby="changes">
      <h2 id="changes">{words.changes}</h2>
      {changes.isPending && <Waiting lines={3} />}
      {changes.isError && <ProblemMessage error={changes.error} />}
      {changes.isSuccess && !before && <p className="quiet">{words.changesNone}</p>}
      {changes.data && before && <p>{words.changesSame(format.number(changes.data.same))} <Link to={`/briefings/${before}` as '/'}>{words.openBefore}</Link></p>}
      {before && rows.length > 0 && (
        <table className="table">
          <thead><tr><th scope="col">{words.indicator}</th><th scope="col" className="n">{words.before}</th><th scope="col" className="n">{words.after}</th></tr></thead>
          <tbody>
            {rows.map((row, index) => (
              <tr key={index}><td>{text(row.title)}{row.redefined && <><br /><span className="quiet">{words.redefined}</span></>}</td><td className="n">{format.number(row.before, row.decimals)}</td><td className="n">{format.number(row.after, row.decimals)}</td></tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
