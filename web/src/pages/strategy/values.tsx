import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button, Input } from 'antd';
import { useState } from 'react';

import { api, take } from '../../api/client';
import { useMoment } from '../../app/moment';
import { useMay } from '../../app/session';
import { Choice } from '../../kit/choice';
import { useDraft } from '../../kit/draft';
import { Field } from '../../kit/field';
import { useFormat } from '../../kit/format';
import { newId } from '../../api/id';
import { Panel } from '../../kit/panel';
import { ProblemMessage } from '../../kit/problem';
import { en } from '../../words/strategy.en';
import { zh } from '../../words/strategy.zh';
import { useText, useWords } from '../../words/words';
import type { Followed } from './course';

type Whose = 'baseline' | 'year' | 'day' | 'peer';

interface Typed {
  whose: Whose;
  city: string;
  year: string;
  on: string;
  value: string;
  source: string;
}

/** Everything known of an indicator with where it comes from; whoever may set aims enters a value here, with its evidence. */
export function Values({ one, onSaved, onClose }: { one: Followed; onSaved: (said: string) => void; onClose: () => void }) {
  const words = useWords(zh, en);
  const text = useText();
  const format = useFormat();
  const may = useMay();
  const number = (value: number) => format.number(value, one.decimals);
  const series = one.series ?? [];
  const peers = one.peers ?? [];
  return (
    <Panel title={<>{text(one.title)} <span className="quiet">{text(one.unit)}</span></>} onClose={onClose}>
      <table className="table">
        <thead><tr><th scope="col">{words.day}</th><th scope="col" className="n">{words.value}</th><th scope="col">{words.evidence}</th></tr></thead>
        <tbody>
          {series.map((point) => <tr key={point.on}><td className="nowrap">{format.day(point.on)}</td><td className="n">{number(point.value)}</td><td data-of-the-city>{point.source}</td></tr>)}
          {peers.map((peer) => <tr key={peer.city}><td className="nowrap"><span data-of-the-city>{peer.city}</span> {format.day(peer.point.on)}</td><td className="n">{number(peer.point.value)}</td><td data-of-the-city>{peer.point.source}</td></tr>)}
        </tbody>
      </table>
      {series.length + peers.length === 0 && <p className="quiet">{words.none}</p>}
      {may('set_aims') && <Entry one={one} onSaved={onSaved} />}
    </Panel>
  );
}

/** A value with its evidence. What the book of figures gives is not entered: only peers are then. */
function Entry({ one, onSaved }: { one: Followed; onSaved: (said: string) => void }) {
  const words = useWords(zh, en);
  const text = useText();
  const client = useQueryClient();
  const format = useFormat();
  const { asOf } = useMoment();
  const bound = one.figure !== undefined && one.figure !== '';
  const [id] = useState(newId);
  const [draft, keep] = useDraft<Typed>(`aim.${one.id}`);
  const typed: Typed = draft ?? { whose: bound ? 'peer' : 'year', city: '', year: asOf.slice(0, 4), on: asOf, value: '', source: '' };
  const set = (change: Partial<Typed>) => keep({ ...typed, ...change });
  const on = typed.whose === 'baseline' ? one.baseline.on : typed.whose === 'year' ? `${typed.year}-12-31` : typed.on;
  const value = Number(typed.value.replaceAll(',', ''));
  const isNumber = typed.value.trim() !== '' && Number.isFinite(value);
  const within = (one.least === undefined || value >= one.least) && (one.most === undefined || value <= one.most);
  const range = one.least === undefined && one.most === undefined ? '' : words.range(one.least === undefined ? '' : format.number(one.least, one.decimals), one.most === undefined ? '' : format.number(one.most, one.decimals));
  const wrong = !isNumber ? (typed.value.trim() === '' ? undefined : words.notANumber) : within ? undefined : range;
  const save = useMutation({
    mutationFn: () => take(api.POST('/api/strategy/values', { body: { id, indicator: one.id, on, value, source: typed.source.trim(), ...(typed.whose === 'peer' ? { peer: typed.city.trim() } : {}) } })),
    onSuccess: async () => {
      keep(null);
      await client.invalidateQueries({ queryKey: ['strategy'] });
      onSaved(words.saved(text(one.title)));
    },
  });
  const whose: [Whose, string][] = [...(bound ? [] : ([['year', words.ofYear], ['day', words.ofDay], ['baseline', words.ofBaseline(format.day(one.baseline.on))]] as [Whose, string][])), ['peer', words.ofPeer]];
  const ready = isNumber && within && typed.source.trim() !== '' && (typed.whose !== 'peer' || typed.city.trim() !== '') && /^\d{4}-\d\d-\d\d$/.test(on);
  return (
    <form className="stack" noValidate onSubmit={(event) => {
      event.preventDefault();
      save.mutate();
    }}>
      <h3>{words.enter}</h3>
      <p className="quiet">{bound ? words.enterPeerAbout : words.enterAbout}</p>
      <Field label={words.what}><Choice value={typed.whose} options={whose} onChange={(next) => set({ whose: next as Whose })} /></Field>
      {typed.whose === 'peer' && <Field label={words.city}><Input value={typed.city} onChange={(event) => set({ city: event.target.value })} /></Field>}
      {typed.whose === 'year' && <Field label={words.year} help={words.yearHelp}><Input inputMode="numeric" value={typed.year} onChange={(event) => set({ year: event.target.value.trim() })} /></Field>}
      {(typed.whose === 'day' || typed.whose === 'peer') && <Field label={words.day}><Input type="date" value={typed.on} onChange={(event) => set({ on: event.target.value })} /></Field>}
      <Field label={words.valueIn(text(one.unit))} help={range} error={wrong}><Input inputMode="decimal" value={typed.value} onChange={(event) => set({ value: event.target.value })} /></Field>
      <Field label={words.evidence} help={words.evidenceHelp}><Input value={typed.source} onChange={(event) => set({ source: event.target.value })} /></Field>
      {save.isError && <ProblemMessage error={save.error} />}
      <p className="form-actions"><Button type="primary" htmlType="submit" loading={save.isPending} disabled={!ready}>{words.save}</Button></p>
    </form>
  );
}
