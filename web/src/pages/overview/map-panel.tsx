import { useQuery } from '@tanstack/react-query';
import { Button, Select } from 'antd';
import { lazy, Suspense, useMemo } from 'react';

import { api, take, type Schemas } from '../../api/client';
import { useMoment } from '../../app/moment';
import { useDivision } from '../../kit/division-picker';
import { FigureNumber } from '../../kit/figure';
import { useFormat } from '../../kit/format';
import type { Area } from '../../kit/map-canvas';
import { MapMark } from '../../kit/map-mark';
import { ProblemMessage } from '../../kit/problem';
import { Waiting } from '../../kit/waiting';
import { en as kitEn } from '../../words/kit.en';
import { zh as kitZh } from '../../words/kit.zh';
import { en } from '../../words/overview.en';
import { zh } from '../../words/overview.zh';
import { useText, useWords } from '../../words/words';
import { colourOf, stepOf, stepsOf } from './steps';

const MapCanvas = lazy(() => import('../../kit/map-canvas'));

export interface Indicators {
  chosen: string;
  choose: (name: string) => void;
}

/** One indicator over the divisions below: map, legend as a histogram, and the same as a table. */
export function MapPanel({ indicators, table }: { indicators: Indicators; table: boolean }) {
  const words = useWords(zh, en);
  const kit = useWords(kitZh, kitEn);
  const text = useText();
  const { division, asOf, setDivision, home } = useMoment();
  const from = useDivision(home, asOf);
  const query = { division, as_of: asOf };
  const book = useQuery({ queryKey: ['figures'], queryFn: () => take(api.GET('/api/figures')), staleTime: Infinity });
  const picture = useQuery({ queryKey: ['map', division, asOf], queryFn: () => take(api.GET('/api/map', { params: { query } })), staleTime: Infinity });
  const parts = useQuery({ queryKey: ['parts', indicators.chosen, division, asOf], queryFn: () => take(api.GET('/api/figures/{name}/parts', { params: { path: { name: indicators.chosen }, query } })) });
  const whole = parts.data?.whole;
  const divisions = useMemo(() => parts.data?.parts ?? [], [parts.data]);
  const steps = useMemo(() => stepsOf(divisions.flatMap((part) => (part.value === null ? [] : [part.value]))), [divisions]);
  const areas = useAreas(divisions, steps);
  const options = (book.data?.figures ?? []).filter((figure) => registerFigures.includes(figure.name)).map((figure) => ({ value: figure.name, label: text(figure.title) }));
  return (
    <section className="map-panel" aria-label={whole ? words.mapTitle(text(whole.title), whole.division.name) : words.indicator}>
      <div className="map-head">
        <Select aria-label={words.indicator} value={indicators.chosen} options={options} onChange={indicators.choose} />
        {division !== home && <Button onClick={() => setDivision(home)}>{words.up(from.data?.name ?? '')}</Button>}
        <span className="quiet">{words.zoom}</span>
      </div>
      {(parts.isError || picture.isError) && <ProblemMessage error={parts.error ?? picture.error} retry={() => void parts.refetch()} />}
      <div className="map-room">
        {picture.data && (picture.data.features ?? []).length === 0 && <p className="quiet">{words.noneBelow}</p>}
        {picture.data && parts.data && (picture.data.features ?? []).length > 0 ? (
          <Suspense fallback={<Waiting lines={8} />}>
            <MapCanvas key={division} areas={areas} collection={picture.data} label={kit.mapLabel(whole ? text(whole.title) : '')} onOpen={setDivision} />
            <MapMark picture={picture.data} />
          </Suspense>
        ) : (
          picture.isPending && <Waiting lines={8} />
        )}
      </div>
      {parts.isSuccess && steps.length === 0 && divisions.length > 0 && <p role="status">{words.noParts}</p>}
      <Legend parts={divisions} steps={steps} />
      {table && whole && <PartsTable whole={whole} parts={divisions} onOpen={setDivision} />}
    </section>
  );
}

/** The figures that the register publishes by division; others have no parts below the city. */
const registerFigures = ['incidence', 'registered_poor_persons', 'registered_poor_households', 'exited_persons', 'exited_households', 'persons', 'households', 'rural_population', 'coordinated_projects', 'red_alerts'];

function useAreas(parts: Schemas['FigureView'][], steps: number[]): Record<string, Area> {
  const format = useFormat();
  const unknown = useWords(zh, en).noValue;
  const written = parts.map((part) => `${part.division.id} ${part.value === null ? unknown : format.number(part.value, part.decimals)}`).join('|');
  return useMemo(
    () =>
      Object.fromEntries(
        parts.map((part, index) => {
          const step = stepOf(part.value, steps);
          return [part.division.id, { colour: colourOf(step, steps.length), dark: step >= 0 && step / Math.max(steps.length - 1, 1) > 0.6, note: (written.split('|')[index] ?? '').split(' ').slice(1).join(' ') }];
        }),
      ),
    [parts, steps, written],
  );
}

/** How many divisions are in each step, with the step's colour and bounds. */
function Legend({ parts, steps }: { parts: Schemas['FigureView'][]; steps: number[] }) {
  const words = useWords(zh, en);
  const format = useFormat();
  const decimals = parts[0]?.decimals ?? 0;
  const counts = steps.map((_, step) => parts.filter((part) => stepOf(part.value, steps) === step).length);
  const most = Math.max(1, ...counts);
  return (
    <ul className="legend" aria-label={words.legend}>
      {steps.map((begin, step) => (
        <li key={begin} title={words.share(format.number(counts[step]))}>
          <span className="legend-bar"><span style={{ height: `${((counts[step] ?? 0) * 100) / most}%`, background: colourOf(step, steps.length) }} /></span>
          <span className="legend-word">≥ {format.number(begin, decimals)}</span>
        </li>
      ))}
    </ul>
  );
}

function PartsTable({ whole, parts, onOpen }: { whole: Schemas['FigureView']; parts: Schemas['FigureView'][]; onOpen: (division: string) => void }) {
  const words = useWords(zh, en);
  const text = useText();
  return (
    <details className="parts">
      <summary>{words.byDivision}</summary>
      <table className="table">
        <thead><tr><th scope="col">{words.division}</th><th scope="col" className="n">{text(whole.title)} ({text(whole.unit)})</th></tr></thead>
        <tbody>
          {parts.map((part) => (
            <tr key={part.division.id}><td><button type="button" className="link" onClick={() => onOpen(part.division.id)}>{part.division.name}</button></td><td className="n"><FigureNumber figure={part} /></td></tr>
          ))}
        </tbody>
        <tfoot><tr><th scope="row" data-of-the-city>{whole.division.name}</th><td className="n"><FigureNumber figure={whole} /></td></tr></tfoot>
      </table>
    </details>
  );
}
