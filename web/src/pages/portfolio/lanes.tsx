import { useQueries } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';

import { api, take, type Schemas } from '../../api/client';
import { useFormat } from '../../kit/format';
import { isLight, lights, LightShape, LightTag, type Light } from '../../kit/light';
import { ProblemMessage } from '../../kit/problem';
import { Waiting } from '../../kit/waiting';
import { en as kitEn } from '../../words/kit.en';
import { zh as kitZh } from '../../words/kit.zh';
import { en } from '../../words/portfolio.en';
import { zh } from '../../words/portfolio.zh';
import { useWords } from '../../words/words';
import { useQueryOf, type Filter } from './filter';
import { useProjectLists } from './lists';

/** How many projects stand in a lane; the others are one press away. */
const shown = 6;

type Cell = Schemas['BoardCell'];

interface Lane {
  key: string;
  title: string;
  narrow: Filter;
  cells: Cell[];
}

/** The board in lanes: by stage from talks to operation, or by alert from red to green. Numbers and money are those of the API's cells. */
export function Lanes({ by, filter, cells, onNarrow }: { by: 'stage' | 'light'; filter: Filter; cells: Cell[]; onNarrow: (change: Filter & Record<string, string>) => void }) {
  const words = useWords(zh, en);
  const kit = useWords(kitZh, kitEn);
  const { options } = useProjectLists();
  const base = useQueryOf(filter);
  const stages: [string, string][] = [...options('stages'), ['', words.unstated]];
  const lanes: Lane[] = by === 'stage'
    ? stages.map(([code, title]) => ({ key: code, title, narrow: { stage: code === '' ? 'unstated' : code }, cells: cells.filter((cell) => cell.stage === code) }))
    : lights.map((light) => ({ key: light, title: kit.lights[light], narrow: { light }, cells: cells.filter((cell) => cell.light === light) }));
  const filled = lanes.filter((lane) => lane.cells.length > 0 || (by === 'stage' && lane.key !== '' && filter.stage === undefined));
  const asked = useQueries({
    queries: filled.map((lane) => ({
      queryKey: ['projects', 'lane', { ...base, ...lane.narrow }],
      queryFn: () => take(api.GET('/api/projects', { params: { query: { ...base, ...lane.narrow, limit: shown } } })),
      enabled: lane.cells.length > 0,
    })),
  });
  return (
    <div className="lanes">
      {filled.map((lane, index) => {
        const page = asked[index];
        return (
          <section key={lane.key} className="lane" aria-label={lane.title}>
            <LaneHead lane={lane} by={by} />
            {page?.isError && <ProblemMessage error={page.error} retry={() => void page.refetch()} />}
            {lane.cells.length === 0 ? <p className="quiet lane-none">{words.noneHere}</p> : (
              page?.isPending ? <Waiting lines={shown} height={260} /> : <Cards rows={page?.data?.rows ?? []} by={by} />
            )}
            {page?.data && page.data.total > shown && <LaneMore n={page.data.total} onGo={() => onNarrow({ ...lane.narrow, view: 'table' })} />}
          </section>
        );
      })}
    </div>
  );
}

function LaneHead({ lane, by }: { lane: Lane; by: 'stage' | 'light' }) {
  const words = useWords(zh, en);
  const format = useFormat();
  const { title } = useProjectLists();
  const sum = (of: (cell: Cell) => number) => lane.cells.reduce((total, cell) => total + of(cell), 0);
  const [amount, counted] = [sum((cell) => cell.amount_fen), sum((cell) => cell.counted)];
  return (
    <header className="lane-head">
      <h2>{by === 'light' && isLight(lane.key) && <LightShape light={lane.key} />} {lane.title} <span className="lane-count">{words.projects(format.number(sum((cell) => cell.projects)))}</span></h2>
      <p className="lane-money">{amount > 0 ? <><span className="n">{format.amount(amount)}</span> <span className="quiet">{format.amountUnit}</span></> : <span className="quiet">{lane.cells.length === 0 ? ' ' : counted === 0 ? words.countedNone : words.counted(format.number(counted))}</span>}</p>
      <p className="lane-parts">
        {by === 'stage'
          ? lane.cells.map((cell) => isLight(cell.light) && <LaneLight key={cell.light} light={cell.light} n={cell.projects} />)
          : lane.cells.map((cell) => <span key={cell.stage} className="nowrap quiet">{cell.stage === '' ? words.unstated : title('stages', cell.stage)} {format.number(cell.projects)}</span>)}
      </p>
    </header>
  );
}

function LaneLight({ light, n }: { light: Light; n: number }) {
  const kit = useWords(kitZh, kitEn);
  const format = useFormat();
  return <span className={`light light-${light}`} title={kit.lights[light]}><LightShape light={light} /><span className="unseen">{kit.lights[light]}</span> {format.number(n)}</span>;
}

function LaneMore({ n, onGo }: { n: number; onGo: () => void }) {
  const words = useWords(zh, en);
  const format = useFormat();
  return <p className="lane-more"><button type="button" className="link" onClick={onGo}>{words.seeAll(format.number(n))}</button></p>;
}

function Cards({ rows, by }: { rows: Schemas['ProjectRow'][]; by: 'stage' | 'light' }) {
  const format = useFormat();
  const { title } = useProjectLists();
  return (
    <ul className="plain cards">
      {rows.map((row) => (
        <li key={row.id} className="card" data-of-the-city>
          <Link to="/projects/$project" params={{ project: row.id }}>{row.name}</Link>
          <p className="quiet card-line">
            <span>{row.division.name}</span>
            {row.amount_fen !== undefined && <span className="n">{format.amount(row.amount_fen)} {format.amountUnit}</span>}
            {by === 'light' && <span>{title('stages', row.stage)}</span>}
          </p>
          {by === 'stage' && row.light !== 'off' && <p className="card-line"><LightTag light={row.light} slipped={Object.values(row.lights).some((light) => light.slipped)} />{row.physical !== undefined && <span className="quiet">{format.percent(row.physical)}</span>}</p>}
        </li>
      ))}
    </ul>
  );
}
