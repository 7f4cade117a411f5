import { useQueries } from '@tanstack/react-query';
import { Input } from 'antd';

import { api, take } from '../../api/client';
import { Choice } from '../../kit/choice';
import { useDivision } from '../../kit/division-picker';
import { Empty } from '../../kit/empty';
import { Field } from '../../kit/field';
import { FigureTile } from '../../kit/figure';
import { useFormat } from '../../kit/format';
import { Page } from '../../kit/page';
import { ProblemMessage } from '../../kit/problem';
import { Waiting } from '../../kit/waiting';
import { en } from '../../words/measures.en';
import { zh } from '../../words/measures.zh';
import { useText, useWords } from '../../words/words';
import { Curves } from './curves';
import { Groups } from './groups';
import './measures.css';
import { MovesSection } from './moves';
import { breakdowns, measures, useProfile, useQuestion, type Breakdown, type MeasureName } from './question';

const keyFigures = ['income_poverty_rate', 'income_poverty_gap', 'income_gini', 'income_median'];

/** What the sentence says and the curves show. */
const wholeMeasures = 'headcount,gap,gini,median,lorenz,incidence';

/** Poverty and inequality of a division: two days side by side, by division and by group, the distribution, and who moved. */
export function Measures() {
  const words = useWords(zh, en);
  const text = useText();
  const format = useFormat();
  const { division, asOf, against, inOrder, measure, by, ask } = useQuestion();
  const place = useDivision(division, asOf);
  const deeper = (place.data?.children ?? []).length > 0;
  const before = useProfile(against, { measures: wholeMeasures }, inOrder);
  const now = useProfile(asOf, { measures: wholeMeasures });
  const tiles = useQueries({
    queries: keyFigures.map((name) => ({
      queryKey: ['figure', name, division, asOf, 0],
      queryFn: () => take(api.GET('/api/figures/{name}', { params: { path: { name }, query: { division, as_of: asOf } } })),
    })),
  });
  const nobody = now.data?.households === 0 && (before.data?.households ?? 0) === 0;
  return (
    <Page title={words.title} about={words.about(place.data?.name ?? '', format.day(asOf))}>
      <div className="filters">
        <Field label={words.measure}><Choice value={measure} options={(Object.keys(measures) as MeasureName[]).map((name) => [name, words.measures[name]])} onChange={(name) => ask({ measure: name })} /></Field>
        <Field label={words.against} error={inOrder ? undefined : words.againstWrong}><Input type="date" value={against} min="2000-01-01" max={asOf} onChange={(event) => event.target.value !== '' && ask({ against: event.target.value })} /></Field>
      </div>
      {(now.isError || before.isError) && <ProblemMessage error={now.error ?? before.error} retry={() => void Promise.all([now.refetch(), before.refetch()])} />}
      {now.isPending && <Waiting lines={2} height={64} />}
      {now.data && <p className="measure-sentence" role="status">{text(now.data.sentence)}</p>}
      {nobody ? (
        <Empty>{words.nobody}</Empty>
      ) : (
        <>
          <section aria-label={words.key} className="tiles">
            {tiles.map((tile, index) => (tile.data ? <FigureTile key={keyFigures[index]} figure={tile.data} /> : <article key={keyFigures[index]} className="tile">{tile.isError ? <ProblemMessage error={tile.error} /> : <Waiting lines={3} height={110} />}</article>))}
          </section>
          <Divisions deeper={deeper} known={place.isSuccess} />
          {before.data && now.data && <Curves before={before.data} now={now.data} />}
          <ByBreakdown by={by} onChange={(next) => ask({ by: next })} />
          <MovesSection profiles={[before.data, now.data]} deeper={deeper} />
        </>
      )}
    </Page>
  );
}

function Divisions({ deeper, known }: { deeper: boolean; known: boolean }) {
  const words = useWords(zh, en);
  const { asOf, against, inOrder, measure } = useQuestion();
  const before = useProfile(against, { by: 'division', measures: measure }, deeper && inOrder);
  const now = useProfile(asOf, { by: 'division', measures: measure }, deeper);
  return (
    <section aria-labelledby="divisions" className="after">
      <h2 id="divisions">{words.divisions}</h2>
      {known && !deeper && <p className="quiet">{words.noneBelow}</p>}
      {(before.isError || now.isError) && <ProblemMessage error={now.error ?? before.error} retry={() => void Promise.all([now.refetch(), before.refetch()])} />}
      {deeper && inOrder && (before.isPending || now.isPending) && <Waiting lines={10} height={420} />}
      {before.data && now.data && <Groups title={words.divisions} name="divisions" heads={words.division} before={before.data} now={now.data} />}
    </section>
  );
}

function ByBreakdown({ by, onChange }: { by: Breakdown; onChange: (by: string) => void }) {
  const words = useWords(zh, en);
  const { asOf, against, inOrder, measure } = useQuestion();
  const before = useProfile(against, { by, measures: measure }, inOrder);
  const now = useProfile(asOf, { by, measures: measure });
  return (
    <section aria-labelledby="breakdown" className="after">
      <h2 id="breakdown">{words.breakdown}</h2>
      <div className="filters">
        <Field label={words.breakdown}><Choice value={by} options={breakdowns.map((name) => [name, words.breakdowns[name]])} onChange={onChange} /></Field>
      </div>
      {(before.isError || now.isError) && <ProblemMessage error={now.error ?? before.error} retry={() => void Promise.all([now.refetch(), before.refetch()])} />}
      {inOrder && (before.isPending || now.isPending) && <Waiting lines={8} height={320} />}
      {before.data && now.data && <Groups title={words.breakdowns[by]} name="breakdown" heads={words.breakdowns[by]} before={before.data} now={now.data} />}
    </section>
  );
}
