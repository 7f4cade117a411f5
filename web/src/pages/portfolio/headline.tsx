import { useQueries } from '@tanstack/react-query';

import { api, take } from '../../api/client';
import { useMoment } from '../../app/moment';
import { FigureNumber, type FigureView } from '../../kit/figure';
import { ProblemMessage } from '../../kit/problem';
import { Waiting } from '../../kit/waiting';
import { en as kitEn } from '../../words/kit.en';
import { zh as kitZh } from '../../words/kit.zh';
import { en } from '../../words/portfolio.en';
import { zh } from '../../words/portfolio.zh';
import { useText, useWords } from '../../words/words';

/** The figures that are said aloud; one that a sentence allows to read in two ways stands with its other reading. */
const headline: [name: string, other?: string][] = [
  ['signing_groups'], ['cooperation_agreements'], ['coordinated_projects'], ['coordinated_investment', 'coordinated_investment_with_agreements'], ['fulfilment_rate'], ['start_rate'], ['funds_arrival_rate'],
];

/** The headline figures of the place, each opening its definition and records. */
export function Headline() {
  const words = useWords(zh, en);
  const { division, asOf } = useMoment();
  const names = headline.flat().filter((name): name is string => name !== undefined);
  const asked = useQueries({
    queries: names.map((name) => ({
      queryKey: ['figure', name, division, asOf, 0],
      queryFn: () => take(api.GET('/api/figures/{name}', { params: { path: { name }, query: { division, as_of: asOf } } })),
    })),
  });
  const of = (name: string | undefined) => asked[names.indexOf(name ?? '')];
  return (
    <section aria-label={words.headline} className="headline">
      {headline.map(([name, other]) => {
        const figure = of(name);
        return (
          <article key={name} className="headline-cell">
            {figure?.isError && <ProblemMessage error={figure.error} />}
            {figure?.isPending && <Waiting lines={2} height={72} />}
            {figure?.data && <Said figure={figure.data} other={of(other)?.data} />}
          </article>
        );
      })}
    </section>
  );
}

function Said({ figure, other }: { figure: FigureView; other: FigureView | undefined }) {
  const words = useWords(zh, en);
  const text = useText();
  const kinds: Record<string, string> = useWords(kitZh, kitEn).kinds;
  return (
    <>
      <h3>{text(figure.title)}</h3>
      <p className="headline-number"><FigureNumber figure={figure} /> <span className="quiet">{text(figure.unit)}</span> <span className={`kind kind-${figure.status}`}>{kinds[figure.status] ?? figure.status}</span></p>
      {other && <p className="headline-other quiet">{words.otherReadingAbout(text(other.title))} <FigureNumber figure={other} /> {text(other.unit)}</p>}
    </>
  );
}
