import { useQueries } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';

import { api, take, type Schemas } from '../../api/client';
import { useMoment } from '../../app/moment';
import { useDivision } from '../../kit/division-picker';
import { Empty } from '../../kit/empty';
import { FigureTile } from '../../kit/figure';
import { useFormat } from '../../kit/format';
import { Page } from '../../kit/page';
import { ProblemMessage } from '../../kit/problem';
import { Waiting } from '../../kit/waiting';
import { en } from '../../words/portfolio.en';
import { zh } from '../../words/portfolio.zh';
import { useWords } from '../../words/words';
import { useNouns } from '../portfolio/filters';
import { NewNoun } from '../portfolio/edit/new-noun';
import { useProjectLists, useRuleNames } from '../portfolio/lists';
import './platform.css';
import { Share } from './share';

const keyFigures = ['platforms', 'platforms_over_500', 'platforms_over_1000', 'platform_output', 'platform_output_target'];

/** Where projects settle: platforms by kind with their part in the city's role, output and target, and the corridors that lead there. */
export function Platforms() {
  const words = useWords(zh, en);
  const format = useFormat();
  const rule = useRuleNames();
  const { options, title } = useProjectLists();
  const { division, home, asOf } = useMoment();
  const place = useDivision(home, asOf);
  const nouns = useNouns('/api/platforms');
  const rows = nouns.data?.rows ?? [];
  const tiles = useQueries({ queries: keyFigures.map((name) => ({ queryKey: ['figure', name, division, asOf, 0], queryFn: () => take(api.GET('/api/figures/{name}', { params: { path: { name }, query: { division, as_of: asOf } } })) })) });
  const kinds = options('platforms').filter(([code]) => code !== 'corridor' && rows.some((row) => row.platform?.kind === code));
  const corridors = rows.filter((row) => row.platform?.kind === 'corridor');
  return (
    <Page title={words.platforms} about={words.platformsAbout(place.data?.name ?? '', format.number(rows.length))} rule={rule} action={<><NewNoun noun="platform" /><Link to="/gantt" className="action-link">{words.ganttOpen}</Link></>}>
      <section className="tiles platform-tiles" aria-label={words.thresholds}>
        {tiles.map((tile, index) => tile.data ? <FigureTile key={keyFigures[index]} figure={tile.data} /> : <article key={keyFigures[index]} className="tile">{tile.isError ? <ProblemMessage error={tile.error} /> : <Waiting lines={2} height={96} />}</article>)}
      </section>
      {nouns.isError && <ProblemMessage error={nouns.error} retry={() => void nouns.refetch()} />}
      {nouns.isPending && <Waiting lines={14} height={520} />}
      {nouns.isSuccess && rows.length === 0 && <Empty>{words.platformEmpty}</Empty>}
      {kinds.length > 0 && (
        <div className="scroll">
          <table className="table platform-table">
            <thead>
              <tr>
                <th scope="col">{words.platformName}</th><th scope="col">{words.place}</th><th scope="col">{words.zone}</th><th scope="col" className="n">{words.platformProjects}</th>
                <th scope="col" className="n">{words.platformOutput(format.amountUnit)}</th><th scope="col" className="n">{words.platformTarget(format.amountUnit)}</th><th scope="col">{words.platformShare}</th>
              </tr>
            </thead>
            {kinds.map(([code, kind]) => (
              <tbody key={code}>
                <tr className="gantt-group-row"><th scope="rowgroup" colSpan={7}>{kind}</th></tr>
                {rows.filter((row) => row.platform?.kind === code).map((row) => <PlatformRow key={row.id} row={row} zone={title('zones', row.platform?.zone)} />)}
              </tbody>
            ))}
          </table>
        </div>
      )}
      {corridors.length > 0 && (
        <section aria-labelledby="corridors" className="noun-part">
          <h2 id="corridors">{words.corridors}</h2>
          <ul className="corridors" data-of-the-city>{corridors.map((row) => <li key={row.id}><Link to="/platforms/$platform" params={{ platform: row.id }}>{row.platform?.name}</Link> {row.projects > 0 && <span className="quiet">{words.projects(format.number(row.projects))}</span>}</li>)}</ul>
        </section>
      )}
    </Page>
  );
}

function PlatformRow({ row, zone }: { row: Schemas['NounRow']; zone: string }) {
  const words = useWords(zh, en);
  const format = useFormat();
  const platform = row.platform;
  if (!platform) return null;
  return (
    <tr>
      <td data-of-the-city><Link to="/platforms/$platform" params={{ platform: row.id }}>{platform.name}</Link></td>
      <td className="nowrap" data-of-the-city>{row.division.name}</td>
      <td>{zone}</td>
      <td className="n">{format.number(row.projects)}</td>
      <td className="n">{row.output && <>{format.amount(row.output.amount_fen)} <span className="quiet">{words.platformYear(String(row.output.year))}</span></>}</td>
      <td className="n">{format.amount(platform.target_fen)}</td>
      <td><Share platform={platform} output={row.output} /></td>
    </tr>
  );
}
