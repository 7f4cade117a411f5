import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Button, Checkbox, Input } from 'antd';
import { useState } from 'react';

import { api, take, type Schemas } from '../../api/client';
import { Choice } from '../../kit/choice';
import { useFields } from '../../kit/draft';
import { DraftKept } from '../../kit/draft-kept';
import { Field } from '../../kit/field';
import { useForm } from '../../kit/form';
import { newId } from '../../api/id';
import { Panel } from '../../kit/panel';
import { ProblemMessage } from '../../kit/problem';
import { en } from '../../words/household.en';
import { zh } from '../../words/household.zh';
import { useText, useWords } from '../../words/words';
import { membersOf, textAt, uuidOf, type Answer } from './record';

interface Typed {
  as: string;
  leaving: string[];
  relation: Record<string, string>;
  valid: string;
  number: string;
  source: string;
  reason: string;
}

/** Some members are a household of their own from a day on. Everybody's relation is said anew where the head leaves. */
export function Split({ view, asOf, onClose }: { view: Schemas['HouseholdView']; asOf: string; onClose: () => void }) {
  const words = useWords(zh, en);
  const text = useText();
  const client = useQueryClient();
  const navigate = useNavigate();
  const relations = useForm().data?.codes?.find((list) => list.name === 'relation')?.codes ?? [];
  const members = membersOf(view.record as Answer);
  const [id] = useState(newId);
  const { fields, set, done, restored } = useFields<Typed>(`split.${view.id}`, { as: id, leaving: [], relation: {}, valid: asOf, number: '', source: '', reason: '' });
  const { as, relation, valid, number, source, reason } = fields;
  const leaving = fields.leaving.filter((key) => members.some((member) => member.key === key)); // somebody may have left since it was typed
  const had = (key: string) => textAt(members.find((member) => member.key === key)?.answers, 'relation');
  const isHead = (code: string) => code === 'head' || code === 'self';
  const headLeaves = leaving.some((key) => isHead(had(key)));
  const now = (key: string) => relation[key] ?? (leaving.includes(key) && leaving[0] === key ? 'head' : had(key));
  const asked = members.filter((member) => leaving.includes(member.key) || headLeaves);
  const heads = (keys: string[]) => keys.filter((key) => isHead(now(key))).length;
  const staying = members.map((member) => member.key).filter((key) => !leaving.includes(key));
  const whole = leaving.length > 0 && staying.length > 0 && heads(leaving) === 1 && heads(staying) === 1;
  const split = useMutation({
    mutationFn: () => {
      const placed = (keys: string[]) => keys.map((key) => ({ person: uuidOf(key), relation: now(key) }));
      const body = { valid, as, source, reason, leaving: placed(leaving), staying: placed(staying.filter((key) => now(key) !== had(key))), ...(number.trim() === '' ? {} : { number: number.trim() }) };
      return take(api.POST('/api/households/{id}/split', { params: { path: { id: view.id }, header: { 'If-Match': `"${view.version}"` } }, body }));
    },
    onSuccess: (made) => {
      done();
      void client.invalidateQueries({ predicate: (query) => query.queryKey[0] !== 'session' && query.queryKey[0] !== 'form' });
      onClose();
      void navigate({ to: '/register/$household', params: { household: made.household } });
    },
  });
  return (
    <Panel title={words.split} onClose={onClose}>
      <form className="stack" onSubmit={(event) => {
        event.preventDefault();
        split.mutate();
      }}>
        <p className="quiet">{words.splitAbout}</p>
        <DraftKept restored={restored} />
        <fieldset className="choices">
          <legend>{words.splitWho}</legend>
          {members.map(({ key, answers }) => (
            <Checkbox key={key} checked={leaving.includes(key)} onChange={(event) => set({ leaving: event.target.checked ? [...leaving, key] : leaving.filter((other) => other !== key) })}>{textAt(answers, 'name')}</Checkbox>
          ))}
        </fieldset>
        {asked.length > 0 && <p className="quiet">{words.splitHeads}</p>}
        {asked.map(({ key, answers }) => (
          <Field key={key} label={words.splitRelation(textAt(answers, 'name'), leaving.includes(key) ? words.splitNew : words.splitOld)}>
            <Choice value={now(key)} options={relations.map((code) => [code.code, text(code.title)])} onChange={(code) => set({ relation: { ...relation, [key]: code } })} />
          </Field>
        ))}
        <Field label={words.splitValid}><Input type="date" value={valid} onChange={(event) => set({ valid: event.target.value })} /></Field>
        <Field label={words.splitNumber}><Input value={number} onChange={(event) => set({ number: event.target.value })} /></Field>
        <Field label={words.source} help={words.splitSourceHelp}><Input value={source} onChange={(event) => set({ source: event.target.value })} /></Field>
        <Field label={words.reason}><Input value={reason} onChange={(event) => set({ reason: event.target.value })} /></Field>
        {split.isError && <ProblemMessage error={split.error} />}
        <Button type="primary" htmlType="submit" loading={split.isPending} disabled={!whole || valid === '' || source.trim() === ''}>{words.splitGo}</Button>
      </form>
    </Panel>
  );
}
