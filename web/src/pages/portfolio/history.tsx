import { useQuery } from '@tanstack/react-query';

import { api, take } from '../../api/client';
import { useMoment } from '../../app/moment';
import { useFormat } from '../../kit/format';
import { ProblemMessage } from '../../kit/problem';
import { en } from '../../words/portfolio.en';
import { zh } from '../../words/portfolio.zh';
import { en as projectEn } from '../../words/project.en';
import { zh as projectZh } from '../../words/project.zh';
import { useWords } from '../../words/words';

/** Who wrote an organisation, agreement or platform down, and when. */
export function NounHistory({ path, id }: { path: '/api/organisations/{id}/timeline' | '/api/agreements/{id}/timeline' | '/api/platforms/{id}/timeline'; id: string }) {
  const words = useWords(zh, en);
  const kinds: Record<string, string> = useWords(projectZh, projectEn).kinds;
  const format = useFormat();
  const { asOf } = useMoment();
  const timeline = useQuery({ queryKey: ['timeline', path, id, asOf], queryFn: () => take(api.GET(path, { params: { path: { id }, query: { as_of: asOf } } })) });
  return (
    <section aria-labelledby="history" className="noun-part">
      <h2 id="history">{words.history}</h2>
      {timeline.isError && <ProblemMessage error={timeline.error} />}
      <ul className="plain">
        {(timeline.data?.steps ?? []).slice().reverse().map((step) => <li key={step.leaf}>{format.day(step.on)} {kinds[step.kind] ?? step.kind} <span className="quiet" data-of-the-city>{step.actor} {step.source} {format.moment(step.recorded_at)}</span></li>)}
      </ul>
    </section>
  );
}
