import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Button, Input } from 'antd';
import { useState } from 'react';

import { api, take, type Schemas } from '../../api/client';
import { useFields } from '../../kit/draft';
import { DraftKept } from '../../kit/draft-kept';
import { Field } from '../../kit/field';
import { newId } from '../../api/id';
import { Panel } from '../../kit/panel';
import { ProblemMessage } from '../../kit/problem';
import { VillageSearch } from '../../kit/village-search';
import { en } from '../../words/household.en';
import { zh } from '../../words/household.zh';
import { useWords } from '../../words/words';

/** The household lives in another village: within the county at once, elsewhere once that office takes it in. */
export function Move({ view, asOf, onClose }: { view: Schemas['HouseholdView']; asOf: string; onClose: () => void }) {
  const words = useWords(zh, en);
  const client = useQueryClient();
  const navigate = useNavigate();
  const [id] = useState(newId);
  const { fields, set, done, restored } = useFields(`move.${view.id}`, { as: id, valid: asOf, to: '', number: '', source: '', reason: '' });
  const { as, valid, to, number, source, reason } = fields;
  const county = (division: string) => division.slice(0, 6);
  const elsewhere = to !== '' && county(to) !== county(view.division.id);
  const move = useMutation({
    mutationFn: () =>
      take(api.POST('/api/households/{id}/move', { params: { path: { id: view.id }, header: { 'If-Match': `"${view.version}"` } }, body: { valid, to, source, reason, ...(elsewhere ? { as } : {}), ...(number.trim() === '' ? {} : { number: number.trim() }) } })),
    onSuccess: (moved) => {
      done();
      void client.invalidateQueries({ predicate: (query) => query.queryKey[0] !== 'session' && query.queryKey[0] !== 'form' });
      if (moved.arrived && moved.household !== view.id) {
        onClose();
        void navigate({ to: '/register/$household', params: { household: moved.household } });
      }
    },
  });
  return (
    <Panel title={words.move} onClose={onClose}>
      {move.isSuccess ? (
        <>
          <p role="status" className="done">{move.data.arrived ? words.moveArrived : words.moveWaits}</p>
          <Button onClick={onClose}>{words.moveDone}</Button>
        </>
      ) : (
        <form className="stack" onSubmit={(event) => {
          event.preventDefault();
          move.mutate();
        }}>
          <p className="quiet">{words.moveAbout}</p>
          <DraftKept restored={restored} />
          <VillageSearch label={words.moveTo} value={to} onChange={(next) => set({ to: next })} />
          <Field label={words.moveValid}><Input type="date" value={valid} onChange={(event) => set({ valid: event.target.value })} /></Field>
          <Field label={words.moveNumber} help={elsewhere ? words.moveNumberThere : words.moveNumberHelp}><Input value={number} onChange={(event) => set({ number: event.target.value })} /></Field>
          <Field label={words.source} help={words.moveSourceHelp}><Input value={source} onChange={(event) => set({ source: event.target.value })} /></Field>
          <Field label={words.reason}><Input value={reason} onChange={(event) => set({ reason: event.target.value })} /></Field>
          {move.isError && <ProblemMessage error={move.error} />}
          <Button type="primary" htmlType="submit" loading={move.isPending} disabled={to === '' || valid === '' || source.trim() === ''}>{words.moveGo}</Button>
        </form>
      )}
    </Panel>
  );
}
