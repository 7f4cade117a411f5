import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';

import { api, take, type Schemas } from '../../api/client';
import { useMoment } from '../../app/moment';
import { useFormat } from '../../kit/format';
import { Panel } from '../../kit/panel';
import { Waiting } from '../../kit/waiting';
import { en } from '../../words/portfolio.en';
import { zh } from '../../words/portfolio.zh';
import { useText, useWords } from '../../words/words';

export type Rates = Schemas['PortfolioRates'];
export type RateName = 'fulfilment_rate' | 'start_rate' | 'funds_arrival_rate';

export const rateNames: RateName[] = ['fulfilment_rate', 'start_rate', 'funds_arrival_rate'];

type Path = '/api/organisations/{id}' | '/api/agreements/{id}';

/** A rate of an organisation or agreement, as a number that opens what it was made of. */
export function RateNumber({ name, rates, path, id, title }: { name: RateName; rates: Rates | undefined; path: Path; id: string; title: string }) {
  const words = useWords(zh, en);
  const format = useFormat();
  const [open, setOpen] = useState(false);
  const value = rates?.[name] ?? null;
  if (value === null) return <span className="quiet" title={words.rateNone}>–</span>;
  return (
    <>
      <button type="button" className="figure-number" onClick={() => setOpen(true)} aria-label={`${words.openRate(`${title} ${words.rates[name]}`)} ${format.percent(value)}`}>{format.percent(value)}</button>
      {open && rates && <RatePanel name={name} rates={rates} path={path} id={id} title={title} onClose={() => setOpen(false)} />}
    </>
  );
}

/** Above and under the line of a rate, as the API counts them. */
export function useParts(): (name: RateName, rates: Rates) => [above: string, under: string] {
  const format = useFormat();
  return (name, rates) => {
    switch (name) {
      case 'fulfilment_rate': return [format.number(rates.fulfilled), format.number(rates.agreements)];
      case 'start_rate': return [format.number(rates.started), format.number(rates.projects)];
      case 'funds_arrival_rate': return [format.number(rates.arrived, 2), format.number(rates.invested, 2)];
    }
  };
}

/** The definition of a rate and the records behind it. */
function RatePanel({ name, rates, path, id, title, onClose }: { name: RateName; rates: Rates; path: Path; id: string; title: string; onClose: () => void }) {
  const words = useWords(zh, en);
  const text = useText();
  const format = useFormat();
  const parts = useParts();
  const { asOf } = useMoment();
  const book = useQuery({ queryKey: ['figures'], queryFn: () => take(api.GET('/api/figures')), staleTime: Infinity });
  const noun = useQuery({ queryKey: ['noun', path, id, asOf], queryFn: () => take(api.GET(path, { params: { path: { id }, query: { as_of: asOf } } })) });
  const agreements = useQuery({ queryKey: ['/api/agreements', asOf], queryFn: () => take(api.GET('/api/agreements', { params: { query: { as_of: asOf } } })), enabled: name === 'fulfilment_rate' });
  const definition = book.data?.figures?.find((figure) => figure.name === name)?.definition;
  const [above, under] = parts(name, rates);
  const mine = new Set([id, ...(noun.data?.related ?? []).map((ref) => ref.id)]);
  const counted = (noun.data?.project_rows ?? []).filter((row) => row.counted);
  return (
    <Panel title={`${title} · ${words.rates[name]}`} onClose={onClose}>
      <p className="panel-number">{format.percent(rates[name])} <span className="quiet">= {words.rateOf(above, under)}</span></p>
      <h3>{words.definition}</h3>
      <p>{definition && text(definition)}</p>
      <h3>{words.proof}</h3>
      {(noun.isPending || (name === 'fulfilment_rate' && agreements.isPending)) && <Waiting lines={6} />}
      <table className="table">
        <tbody>
          {name === 'fulfilment_rate' && (agreements.data?.rows ?? []).filter((row) => mine.has(row.id) && row.agreement?.kind === 'cooperation').map((row) => (
            <tr key={row.id}><td><Link to="/agreements/$agreement" params={{ agreement: row.id }}>{row.agreement?.name}</Link></td><td className="nowrap">{(row.rates?.fulfilled ?? 0) > 0 ? words.fulfilled : words.notFulfilled}</td><td className="n">{format.number(row.rates?.fulfilled ?? 0)}</td></tr>
          ))}
          {name === 'start_rate' && counted.map((row) => (
            <tr key={row.id}><td><Link to="/projects/$project" params={{ project: row.id }}>{row.name}</Link></td><td className="nowrap">{row.started ? `${words.startedYes} ${format.day(row.started)}` : words.startedNo}</td><td className="n">{row.started ? 1 : 0}</td></tr>
          ))}
          {name === 'funds_arrival_rate' && counted.map((row) => (
            <tr key={row.id}>
              <td><Link to="/projects/$project" params={{ project: row.id }}>{row.name}</Link></td>
              {row.amount_fen === undefined || row.arrived_fen === undefined ? <td colSpan={2} className="quiet">{words.notMeasured}</td> : <><td className="n">{format.number(row.arrived_fen / 1e10, 2)}</td><td className="n">{format.number(row.amount_fen / 1e10, 2)}</td></>}
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}

/** The three rates of an organisation or agreement. */
export function RateTiles({ rates, path, id, title }: { rates: Rates; path: Path; id: string; title: string }) {
  const words = useWords(zh, en);
  const parts = useParts();
  return (
    <div className="tiles">
      {rateNames.map((name) => {
        const [above, under] = parts(name, rates);
        return (
          <article key={name} className="tile">
            <h3>{words.rates[name]}</h3>
            <p className="tile-number"><RateNumber name={name} rates={rates} path={path} id={id} title={title} /></p>
            <p className="tile-foot quiet">{rates[name] === null ? words.rateNone : words.rateOf(above, under)}</p>
          </article>
        );
      })}
    </div>
  );
}
