import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';

import { api, take } from '../../api/client';
import { useMoment } from '../../app/moment';
import { useMay } from '../../app/session';
import { useFormat } from '../../kit/format';
import { en } from '../../words/overview.en';
import { zh } from '../../words/overview.zh';
import { useText, useWords } from '../../words/words';

/** What waits for somebody: what is overdue, findings to look at, and what the latest run could not decide or wants looked at. */
export function Attention({ findings }: { findings: number | null }) {
  const words = useWords(zh, en);
  const text = useText();
  const format = useFormat();
  const mayRead = useMay()('read_records');
  const { division } = useMoment();
  const overdue = useOverdue();
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
        {overdue.problems > 0 && <li><Link to="/problems" search={{ overdue: '1' }}>{words.overdueProblems(format.number(overdue.problems))}</Link></li>}
        {overdue.decisions > 0 && <li><Link to="/problems" search={{ board: 'decisions', overdue: '1' }}>{words.overdueDecisions(format.number(overdue.decisions))}</Link></li>}
        {overdue.cases > 0 && <li><Link to="/cases" search={{ overdue: '1' }}>{words.overdueCases(format.number(overdue.cases))}</Link></li>}
        {findings !== null && findings > 0 && <li>{mayRead ? <Link to="/register" search={{ findings: 'true', sort: '-findings' }}>{words.findings(format.number(findings))}</Link> : words.findings(format.number(findings))}</li>}
        {said.map((sentence) => <li key={sentence}>{sentence}</li>)}
        {runs.isSuccess && !latest && <li className="quiet">{words.noRun}</li>}
        {findings === 0 && said.length === 0 && latest && overdue.none && <li className="quiet">{words.attentionNone}</li>}
      </ul>
    </section>
  );
}

/** How many problems, supervised decisions and cases are overdue, of those that the reader may see; none once all are known to be nought. */
function useOverdue() {
  const may = useMay();
  const { division, asOf } = useMoment();
  const query = { division, as_of: asOf, overdue: true, limit: 1 };
  const [matters, investors] = [may('read_matters'), may('read_cases')];
  const problems = useQuery({ queryKey: ['problems', query], queryFn: () => take(api.GET('/api/problems', { params: { query } })), enabled: matters });
  const decisions = useQuery({ queryKey: ['decisions', query], queryFn: () => take(api.GET('/api/decisions', { params: { query } })), enabled: matters });
  const cases = useQuery({ queryKey: ['cases', query], queryFn: () => take(api.GET('/api/cases', { params: { query } })), enabled: investors });
  const known = (!matters || (problems.isSuccess && decisions.isSuccess)) && (!investors || cases.isSuccess);
  const counts = { problems: problems.data?.overdue ?? 0, decisions: decisions.data?.overdue ?? 0, cases: cases.data?.overdue ?? 0 };
  return { ...counts, none: known && counts.problems + counts.decisions + counts.cases === 0 };
}
