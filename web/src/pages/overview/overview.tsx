import { useQueries } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import { useState } from 'react';

import { api, take } from '../../api/client';
import { useMoment, type Search } from '../../app/moment';
import { useDivision } from '../../kit/division-picker';
import { FigureTile } from '../../kit/figure';
import { useFormat } from '../../kit/format';
import { Page } from '../../kit/page';
import { ProblemMessage } from '../../kit/problem';
import { Waiting } from '../../kit/waiting';
import { en } from '../../words/overview.en';
import { zh } from '../../words/overview.zh';
import { useWords } from '../../words/words';
import { Attention } from './attention';
import { MapPanel } from './map-panel';
import './overview.css';

const keyFigures = ['registered_poor_persons', 'incidence', 'registered_poor_households', 'exited_persons', 'persons', 'open_findings'];

/** open_findings knows the present alone. */
const withoutPast = ['open_findings'];

/** What a leader looks at for one minute: the map, six figures, and what waits. With screen=1 it fills a big screen. */
export function Overview() {
  const words = useWords(zh, en);
  const format = useFormat();
  const { division, asOf } = useMoment();
  const search: Search & { screen?: string } = useSearch({ strict: false });
  const screen = search.screen === '1';
  const [chosen, choose] = useState('incidence');
  const place = useDivision(division, asOf);
  const tiles = useQueries({
    queries: keyFigures.map((name) => ({
      queryKey: ['figure', name, division, asOf, 0],
      queryFn: () => take(api.GET('/api/figures/{name}', { params: { path: { name }, query: { division, as_of: asOf } } })),
    })),
  });
  const trends = useQueries({
    queries: keyFigures.map((name) => ({
      queryKey: ['trend', name, division, asOf],
      queryFn: () => take(api.GET('/api/figures/{name}/trend', { params: { path: { name }, query: { division, as_of: asOf, points: 5 } } })),
      enabled: !withoutPast.includes(name),
      staleTime: 300_000,
    })),
  });
  const findings = tiles[keyFigures.indexOf('open_findings')]?.data?.value ?? null;
  return (
    <div className={screen ? 'screen' : 'whole'}>
      <Page
        title={screen ? `${place.data?.name ?? ''} ${words.title}` : words.title}
        about={words.about(place.data?.name ?? '', format.day(asOf))}
        action={<Link to="/" search={(before) => ({ ...before, screen: screen ? '' : '1' })} className="action-link">{screen ? words.screenLeave : words.screen}</Link>}
      >
        <div className="overview">
          <MapPanel indicators={{ chosen, choose }} table={!screen} />
          <div>
            <section aria-label={words.key} className="tiles">
              {tiles.map((tile, index) =>
                tile.data ? (
                  <FigureTile key={keyFigures[index]} figure={tile.data} trend={trends[index]?.data?.points ?? undefined} />
                ) : (
                  <article key={keyFigures[index]} className="tile">{tile.isError ? <ProblemMessage error={tile.error} /> : <Waiting lines={3} height={128} />}</article>
                ),
              )}
            </section>
            <Attention findings={findings} />
          </div>
        </div>
      </Page>
    </div>
  );
}
