import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';

import { api, take } from '../../api/client';
import { useMoment } from '../../app/moment';
import { useFormWords } from '../../kit/form';
import { useFormat } from '../../kit/format';
import { Page } from '../../kit/page';
import { ProblemMessage } from '../../kit/problem';
import { Waiting } from '../../kit/waiting';
import { en } from '../../words/household.en';
import { zh } from '../../words/household.zh';
import { useText, useWords } from '../../words/words';

/** One household. */
export function HouseholdPage() {
  const words = useWords(zh, en);
  const format = useFormat();
  const text = useText();
  const form = useFormWords();
  const { asOf } = useMoment();
  const { household: id } = useParams({ from: '/register/$household' });
  const household = useQuery({ queryKey: ['household', id, asOf], queryFn: () => take(api.GET('/api/households/{id}', { params: { path: { id }, query: { as_of: asOf } } })) });
  const history = useQuery({ queryKey: ['history', id], queryFn: () => take(api.GET('/api/households/{id}/history', { params: { path: { id } } })) });
  const view = household.data;
  return (
    <Page title={view ? words.headLine(view.path, view.number) : words.title} about={view && `${form.status(view.status)} ${view.since ? words.since(format.day(view.since)) : ''}`}>
      {household.isPending && <Waiting lines={12} />}
      {household.isError && <ProblemMessage error={household.error} retry={() => void household.refetch()} />}
      <h2>{words.history}</h2>
      <ul className="plain">
        {(history.data?.revisions ?? []).map((revision) => (
          <li key={revision.id}>{format.day(revision.valid)} {form.event(revision.event)} · {words.changes(format.number(revision.changes?.length))} {revision.changes?.map((change) => text(change.title)).join(' ')}</li>
        ))}
      </ul>
    </Page>
  );
}
