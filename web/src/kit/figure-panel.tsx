import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button } from 'antd';

import { useState, type ReactNode } from 'react';

import { api, take, type Schemas } from '../api/client';
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
const allRows = 1000;

/** What of a figure is looked at: a day other than the page's, or only the rows whose label holds some words. Divisions separated by commas are taken together. */
interface Look {
  name: string;
  division: string;
  asOf?: string | undefined;
  row?: string | undefined;
}

/** The proof of a number: its definition, day and kind, and the first records that make it, within the reader's rights. */
export function FigurePanel({ name, division, asOf, row, note, onClose }: Look & { note?: ReactNode; onClose: () => void }) {
  const words = useWords(zh, en);
  const text = useText();
  const format = useFormat();
  const moment = useMoment();
  const may = useMay();
  const [all, setAll] = useState(row !== undefined);
  const asked = { division, as_of: asOf ?? moment.asOf, rows: all ? allRows : shownRows };
  const figure = useQuery({
    placeholderData: keepPreviousData,
    queryKey: ['figure', name, asked.division, asked.as_of, asked.rows],
    queryFn: () => take(api.GET('/api/figures/{name}', { params: { path: { name }, query: asked } })),
  });
  const found = figure.data;
  const rows = (found?.rows ?? []).filter((one) => row === undefined || one.label.includes(row));
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
          {note}
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
              <p className="quiet">{row === undefined ? words.proofRows(format.number(rows.length), format.number(found.row_count)) : words.proofNamed(row)}</p>
              <table className="table">
                <thead>
                  <tr>
                    <th scope="col">{words.label}</th>
                    <th scope="col">{words.division}</th>
                    <th scope="col" className="n">{words.value}</th>
                  </tr>
                </thead>
                <tbody>
                  {rows.map((one) => (
                    <tr key={one.id}>
                      <td><ProofLink row={one} may={may} /></td>
                      <td>{one.division.name}</td>
                      <td className="n">{format.number(one.value, found.decimals)}</td>
                    </tr>
                  ))}
                </tbody>
                {rows.length === found.row_count && found.numerator === undefined && (
                  <tfoot><tr><th scope="row" colSpan={2}>{words.proofSum}</th><td className="n">{format.number(rows.reduce((sum, one) => sum + one.value, 0), found.decimals)}</td></tr></tfoot>
                )}
              </table>
              {!all && rows.length < found.row_count && <p className="after-table"><Button loading={figure.isFetching} onClick={() => setAll(true)}>{words.proofAll(format.number(Math.min(found.row_count, allRows)))}</Button></p>}
            </>
          )}
        </>
      )}
    </Panel>
  );
}

/** Where a row of a proof is opened, by what it is, and the right to do so; a row that is nothing else is a household. */
const pages: Record<string, [page: string, right: string]> = { '': ['/register/', 'read_records'], problem: ['/problems/', 'read_matters'], decision: ['/decisions/', 'read_matters'], case: ['/cases/', 'read_cases'], project: ['/projects/', 'read_projects'], agreement: ['/agreements/', 'read_projects'], organisation: ['/organisations/', 'read_projects'], platform: ['/platforms/', 'read_projects'] };

/** The name of a row, which opens its record where the reader may and the row is one of the ledger. */
function ProofLink({ row, may }: { row: Schemas['ProofRow']; may: (action: string) => boolean }) {
  const [page, right] = pages[row.kind ?? ''] ?? ['', ''];
  const label = row.label === '' ? row.division.name : row.label;
  const opens = page !== '' && may(right) && /^[0-9a-f]{8}-[0-9a-f-]{27}$/.test(row.id);
  return opens ? <Link to={(page + row.id) as '/'}>{label}</Link> : label;
}
