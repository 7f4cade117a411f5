import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';

import { api, take, type Schemas } from '../../api/client';
import { useFormWords } from '../../kit/form';
import { useFormat } from '../../kit/format';
import { isOutcome, OutcomeTag } from '../../kit/outcome';
import { ProblemMessage } from '../../kit/problem';
import { Waiting } from '../../kit/waiting';
import { en } from '../../words/household.en';
import { zh } from '../../words/household.zh';
import { useText, useWords } from '../../words/words';

/** What people decided of the household, and what the rule proposes on the day, with the way to its reasons. */
export function Decisions({ household, asOf }: { household: string; asOf: string }) {
  const words = useWords(zh, en);
  const text = useText();
  const format = useFormat();
  const form = useFormWords();
  const decided = useQuery({ queryKey: ['statuses', household, asOf], queryFn: () => take(api.GET('/api/households/{id}/statuses', { params: { path: { id: household }, query: { as_of: asOf } } })) });
  const documents = useQuery({ queryKey: ['criteria'], queryFn: () => take(api.GET('/api/criteria')), staleTime: Infinity });
  const criteria = documents.data?.documents?.[0]?.id ?? '';
  const why = useQuery({
    queryKey: ['why', household, { criteria, as_of: asOf }],
    queryFn: () => take(api.POST('/api/what-if/explanations/{household}', { params: { path: { household } }, body: { criteria, as_of: asOf } })),
    enabled: criteria !== '',
  });
  const x = why.data;
  const change = x?.smallest_change as Schemas['CriteriaChange'] | null | undefined;
  const changes = [...(decided.data?.changes ?? [])].reverse();
  return (
    <>
      {decided.isError && <ProblemMessage error={decided.error} />}
      {decided.isPending && <Waiting lines={2} />}
      {decided.isSuccess && changes.length === 0 && <p className="quiet">{words.decisionsNone}</p>}
      <ol className="plain">
        {changes.map((one) => (
          <li key={one.from + one.recorded_at}>
            <strong>{form.status(one.status)}</strong> {words.since(format.day(one.from))}
            <p className="quiet">{words.decidedBy(one.decision, one.actor_name ?? one.actor)}</p>
          </li>
        ))}
      </ol>
      {why.isError && <ProblemMessage error={why.error} />}
      {x && (
        <p className="proposal">
          {isOutcome(x.outcome) && <><span>{words.proposal(format.day(x.as_of))}</span> <OutcomeTag outcome={x.outcome} /></>}{' '}
          <Link to="/why/$household" params={{ household }}>{words.why}</Link>
          {change && <span className="quiet proposal-change">{text(change.text)}</span>}
        </p>
      )}
    </>
  );
}
