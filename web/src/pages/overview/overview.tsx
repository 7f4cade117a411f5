import { useQueries } from '@tanstack/react-query';

import { api, take } from '../../api/client';
import { useMoment } from '../../app/moment';
import { useDivision } from '../../kit/division-picker';
import { FigureTile } from '../../kit/figure';
import { useFormat } from '../../kit/format';
import { Page } from '../../kit/page';
import { ProblemMessage } from '../../kit/problem';
import { Waiting } from '../../kit/waiting';
import { en } from '../../words/overview.en';
import { zh } from '../../words/overview.zh';
import { useWords } from '../../words/words';

export const keyFigures = ['registered_poor_persons', 'registered_poor_households', 'incidence', 'exited_persons', 'persons', 'open_findings'];

/** What a leader looks at for one minute. */
export function Overview() {
  const words = useWords(zh, en);
  const format = useFormat();
  const { division, asOf } = useMoment();
  const place = useDivision(division, asOf);
  const tiles = useQueries({
    queries: keyFigures.map((name) => ({
      queryKey: ['figure', name, division, asOf, 0],
      queryFn: () => take(api.GET('/api/figures/{name}', { params: { path: { name }, query: { division, as_of: asOf } } })),
    })),
  });
  return (
    <Page title={words.title} about={words.about(place.data?.name ?? '', format.day(asOf))}>
      <section aria-label={words.key} className="tiles">
        {tiles.map((tile, index) =>
          tile.data ? <FigureTile key={keyFigures[index]} figure={tile.data} /> : <article key={keyFigures[index]} className="tile">{tile.isError ? <ProblemMessage error={tile.error} /> : <Waiting lines={3} height={120} />}</article>,
        )}
      </section>
    </Page>
  );
}
