import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';

import { api, take } from '../../api/client';
import { useMoment } from '../../app/moment';
import { useMay } from '../../app/session';
import { useFormat } from '../../kit/format';
import { en } from '../../words/overview.en';
import { zh } from '../../words/overview.zh';
import { useText, useWords } from '../../words/words';

/** What waits for somebody: findings to look at, and what the latest run could not decide or wants looked at. */
export function Attention({ findings }: { findings: number | null }) {
  const words = useWords(zh, en);
  const text = useText();
  const format = useFormat();
  const mayRead = useMay()('read_records');
  const { division } = useMoment();
  const runs = useQuery({ queryKey: ['runs'], queryFn: () => take(api.GET('/api/runs')) });
  const latest = runs.data?.runs?.[0];
  const totals = useQuery({
    queryKey: ['run', latest?.run, division],
    queryFn: () => take(api.GET('/api/runs/{id}', { params: { path: { id: latest?.run ?? '' } } })),
    enabled: latest?.run !== undefined,
  });
  const rule = latest ? text(latest.title) : '';
  const households = totals.data?.whole.households;
  const said: string[] = households && totals.data
    ? [
        ...(households.undetermined > 0 ? [words.undetermined(format.number(households.undetermined), rule)] : []),
        ...(households.review > 0 ? [words.review(format.number(households.review), rule)] : []),
        ...(totals.data.register.missed.households > 0 ? [words.missed(format.number(totals.data.register.missed.households), rule)] : []),
      ]
    : [];
  return (
    <section aria-labelledby="attention" className="attention">
      <h2 id="attention">{words.attention}</h2>
      <ul>
        {findings !== null && findings > 0 && <li>{mayRead ? <Link to="/register" search={{ findings: 'true', sort: '-findings' }}>{words.findings(format.number(findings))}</Link> : words.findings(format.number(findings))}</li>}
        {said.map((sentence) => <li key={sentence}>{sentence}</li>)}
        {runs.isSuccess && !latest && <li className="quiet">{words.noRun}</li>}
        {findings === 0 && said.length === 0 && latest && <li className="quiet">{words.attentionNone}</li>}
      </ul>
    </section>
  );
}
