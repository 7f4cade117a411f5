import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';

import { api, take } from '../api/client';
import { useMoment } from '../app/moment';
import { useMay } from '../app/session';
import { en } from '../words/kit.en';
import { zh } from '../words/kit.zh';
import { useText, useWords } from '../words/words';
import { useFormat } from './format';
import { Panel } from './panel';
import { ProblemMessage } from './problem';
import { Waiting } from './waiting';

const shownRows = 50;

/** The proof of a number: its definition, day and kind, and the first records that make it, within the reader's rights. */
export function FigurePanel({ name, division, onClose }: { name: string; division: string; onClose: () => void }) {
  const words = useWords(zh, en);
  const text = useText();
  const format = useFormat();
  const moment = useMoment();
  const mayRead = useMay()('read_records');
  const figure = useQuery({
    queryKey: ['figure', name, division, moment.asOf, shownRows],
    queryFn: () => take(api.GET('/api/figures/{name}', { params: { path: { name }, query: { division, as_of: moment.asOf, rows: shownRows } } })),
  });
  const found = figure.data;
  const rows = found?.rows ?? [];
  const kinds: Record<string, string> = words.kinds;
  return (
    <Panel title={found ? text(found.title) : ''} onClose={onClose}>
      {figure.isError && <ProblemMessage error={figure.error} retry={() => void figure.refetch()} />}
      {figure.isPending && <Waiting lines={8} />}
      {found && (
        <>
          <p className="panel-number">
            {format.number(found.value, found.decimals)} <span className="quiet">{text(found.unit)}</span>
          </p>
          <p>
            {found.division.name} · {format.day(found.as_of)} · <span className={`kind kind-${found.status}`}>{kinds[found.status] ?? found.status}</span>
          </p>
          <h3>{words.definition}</h3>
          <p>{text(found.definition)}</p>
          {(found.notes ?? []).map((note) => (
            <p key={note.zh} className="quiet">{text(note)}</p>
          ))}
          {found.numerator !== undefined && found.denominator !== undefined && (
            <>
              <h3>{words.proofParts}</h3>
              <dl className="pairs">
                <dt>{words.numerator}</dt>
                <dd className="n">{format.number(found.numerator)}</dd>
                <dt>{words.denominator}</dt>
                <dd className="n">{format.number(found.denominator)}</dd>
              </dl>
            </>
          )}
          <h3>{words.proof}</h3>
          {rows.length === 0 ? (
            <p className="quiet">{words.proofNone}</p>
          ) : (
            <>
              <p className="quiet">{words.proofRows(format.number(rows.length), format.number(found.row_count))}</p>
              <table className="table">
                <thead>
                  <tr>
                    <th scope="col">{words.label}</th>
                    <th scope="col">{words.division}</th>
                    <th scope="col" className="n">{words.value}</th>
                  </tr>
                </thead>
                <tbody>
                  {rows.map((row) => (
                    <tr key={row.id}>
                      <td>{mayRead && isId(row.id) ? <Link to="/register/$household" params={{ household: row.id }}>{row.label === '' ? row.division.name : row.label}</Link> : row.label}</td>
                      <td>{row.division.name}</td>
                      <td className="n">{format.number(row.value, found.decimals)}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </>
          )}
        </>
      )}
    </Panel>
  );
}

/** Rows of proof are households where their id is one of the ledger. */
function isId(id: string): boolean {
  return /^[0-9a-f]{8}-[0-9a-f-]{27}$/.test(id);
}
