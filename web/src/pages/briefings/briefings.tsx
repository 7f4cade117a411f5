import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { Button } from 'antd';

import { api, take } from '../../api/client';
import { useMoment } from '../../app/moment';
import { useMay } from '../../app/session';
import { useAddress } from '../../kit/address';
import { Choice } from '../../kit/choice';
import { useDivision } from '../../kit/division-picker';
import { Empty } from '../../kit/empty';
import { Field } from '../../kit/field';
import { useFormat } from '../../kit/format';
import { newId } from '../../api/id';
import { Page } from '../../kit/page';
import { ProblemMessage } from '../../kit/problem';
import { Waiting } from '../../kit/waiting';
import { en } from '../../words/briefings.en';
import { zh } from '../../words/briefings.zh';
import { useText, useWords } from '../../words/words';

/** Asks a question of a place and a day, and lists what was answered before. */
export function Briefings() {
  const words = useWords(zh, en);
  const text = useText();
  const format = useFormat();
  const may = useMay();
  const navigate = useNavigate();
  const client = useQueryClient();
  const { division, asOf } = useMoment();
  const [address, setAddress] = useAddress();
  const place = useDivision(division, asOf);
  const questions = useQuery({ queryKey: ['briefing-questions'], queryFn: () => take(api.GET('/api/briefing-questions')), staleTime: Infinity });
  const past = useQuery({ queryKey: ['briefings'], queryFn: () => take(api.GET('/api/briefings')) });
  const question = address.question ?? questions.data?.questions?.[0]?.id ?? '';
  const draft = useMutation({
    mutationFn: () => take(api.POST('/api/briefings', { body: { id: newId(), question, division, as_of: asOf } })),
    onSuccess: async (made) => {
      await client.invalidateQueries({ queryKey: ['briefings'] });
      void navigate({ to: `/briefings/${made.id}` as '/' });
    },
  });
  const rows = past.data?.briefings ?? [];
  const states: Record<string, string> = words.states;
  return (
    <Page title={words.title} about={words.about}>
      {may('check_claims') && (
        <form className="filters" onSubmit={(event) => { event.preventDefault(); draft.mutate(); }}>
          <Field label={words.question} help={words.placeAndDay(place.data?.name ?? '', format.day(asOf))}>
            <Choice value={question} options={(questions.data?.questions ?? []).map((one) => [one.id, text(one.asks)])} onChange={(next) => setAddress({ question: next })} />
          </Field>
          <Button type="primary" htmlType="submit" loading={draft.isPending} disabled={question === ''}>{words.draft}</Button>
        </form>
      )}
      {draft.isPending && <p role="status">{words.drafting}</p>}
      {(draft.isError || questions.isError) && <ProblemMessage error={draft.error ?? questions.error} />}
      <h2>{words.earlier}</h2>
      {past.isPending && <Waiting lines={4} />}
      {past.isError && <ProblemMessage error={past.error} retry={() => void past.refetch()} />}
      {past.isSuccess && rows.length === 0 && <Empty>{words.none}</Empty>}
      {rows.length > 0 && (
        <div className="scroll">
          <table className="table">
            <thead><tr><th scope="col">{words.name}</th><th scope="col">{words.place}</th><th scope="col">{words.day}</th><th scope="col">{words.state}</th><th scope="col">{words.author}</th><th scope="col">{words.signer}</th></tr></thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.id}><td><Link to={`/briefings/${row.id}` as '/'}>{row.title}</Link></td><td>{row.division.name}</td><td>{format.day(row.as_of)}</td><td>{states[row.state] ?? row.state}</td><td>{row.author}</td><td>{row.signer}</td></tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Page>
  );
}
