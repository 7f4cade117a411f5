import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { Button, Input } from 'antd';

import { api, take, type Schemas } from '../../api/client';
import { Empty } from '../../kit/empty';
import { useDraft, useFields } from '../../kit/draft';
import { DraftKept } from '../../kit/draft-kept';
import { Field } from '../../kit/field';
import { useFormat } from '../../kit/format';
import { Page } from '../../kit/page';
import { Panel } from '../../kit/panel';
import { ProblemMessage } from '../../kit/problem';
import { Waiting } from '../../kit/waiting';
import { en } from '../../words/arrivals.en';
import { zh } from '../../words/arrivals.zh';
import { useWords } from '../../words/words';
import { useArrivals } from './waiting';

type Arrival = Schemas['ArrivalView'];

/** Households that left another county for a village of ours and wait to be taken in. */
export function Arrivals() {
  const words = useWords(zh, en);
  const format = useFormat();
  const arrivals = useArrivals();
  const [chosen, choose] = useDraft<string>('taking-in');
  const waiting = arrivals.data?.arrivals ?? [];
  const taking = waiting.find((one) => one.household === chosen);
  return (
    <Page title={words.title} about={words.about} action={<Link to="/register" className="action-link">{words.back}</Link>}>
      {arrivals.isPending && <Waiting lines={6} />}
      {arrivals.isError && <ProblemMessage error={arrivals.error} retry={() => void arrivals.refetch()} />}
      {arrivals.isSuccess && waiting.length === 0 && <Empty action={<Link to="/register">{words.back}</Link>}>{words.none}</Empty>}
      {waiting.length > 0 && (
        <table className="table" data-of-the-city>
          <thead><tr><th scope="col">{words.head}</th><th scope="col" className="n">{words.size}</th><th scope="col">{words.from}</th><th scope="col">{words.village}</th><th scope="col">{words.on}</th><td /></tr></thead>
          <tbody>
            {waiting.map((one) => (
              <tr key={one.household}>
                <td>{one.head}</td><td className="n">{format.number(one.size)}</td><td>{one.from.name}</td><td>{one.village.name}</td><td>{format.day(one.on)}</td>
                <td><Button size="small" aria-label={words.takeTitle(one.head)} onClick={() => choose(one.household)}>{words.take}</Button></td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {taking && <TakeIn arrival={taking} onClose={() => choose(null)} />}
    </Page>
  );
}

function TakeIn({ arrival, onClose }: { arrival: Arrival; onClose: () => void }) {
  const words = useWords(zh, en);
  const client = useQueryClient();
  const navigate = useNavigate();
  const { fields: { number, source }, set, done, restored } = useFields(`take-in.${arrival.household}`, { number: '', source: '' });
  const take_ = useMutation({
    mutationFn: () => take(api.POST('/api/arrivals/{id}', { params: { path: { id: arrival.household } }, body: { source, ...(number.trim() === '' ? {} : { number: number.trim() }) } })),
    onSuccess: (taken) => {
      done();
      onClose();
      void client.invalidateQueries({ predicate: (query) => query.queryKey[0] !== 'session' && query.queryKey[0] !== 'form' });
      void navigate({ to: '/register/$household', params: { household: taken.household } });
    },
  });
  return (
    <Panel title={words.takeTitle(arrival.head)} onClose={onClose}>
      <form className="stack" onSubmit={(event) => {
        event.preventDefault();
        take_.mutate();
      }}>
        <DraftKept restored={restored} />
        <p>{words.takeAbout(arrival.from.name, arrival.village.name)}</p>
        <Field label={words.number} help={words.numberHelp}><Input autoFocus value={number} onChange={(event) => set({ number: event.target.value })} /></Field>
        <Field label={words.source} help={words.sourceHelp}><Input value={source} onChange={(event) => set({ source: event.target.value })} /></Field>
        {take_.isError && <ProblemMessage error={take_.error} />}
        <Button type="primary" htmlType="submit" loading={take_.isPending} disabled={source.trim() === ''}>{words.take}</Button>
      </form>
    </Panel>
  );
}
