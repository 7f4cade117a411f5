import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { Button, Input } from 'antd';
import { useState } from 'react';

import { api, take, type Schemas } from '../../api/client';
import { Empty } from '../../kit/empty';
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
  const [taking, setTaking] = useState<Arrival | null>(null);
  const waiting = arrivals.data?.arrivals ?? [];
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
                <td><Button size="small" aria-label={words.takeTitle(one.head)} onClick={() => setTaking(one)}>{words.take}</Button></td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {taking && <TakeIn arrival={taking} onClose={() => setTaking(null)} />}
    </Page>
  );
}

function TakeIn({ arrival, onClose }: { arrival: Arrival; onClose: () => void }) {
  const words = useWords(zh, en);
  const client = useQueryClient();
  const navigate = useNavigate();
  const [number, setNumber] = useState('');
  const [source, setSource] = useState('');
  const take_ = useMutation({
    mutationFn: () => take(api.POST('/api/arrivals/{id}', { params: { path: { id: arrival.household } }, body: { source, ...(number.trim() === '' ? {} : { number: number.trim() }) } })),
    onSuccess: (taken) => {
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
        <p>{words.takeAbout(arrival.from.name, arrival.village.name)}</p>
        <Field label={words.number} help={words.numberHelp}><Input autoFocus value={number} onChange={(event) => setNumber(event.target.value)} /></Field>
        <Field label={words.source} help={words.sourceHelp}><Input value={source} onChange={(event) => setSource(event.target.value)} /></Field>
        {take_.isError && <ProblemMessage error={take_.error} />}
        <Button type="primary" htmlType="submit" loading={take_.isPending} disabled={source.trim() === ''}>{words.take}</Button>
      </form>
    </Panel>
  );
}
