import { Button, Input, Segmented } from 'antd';
import { useState } from 'react';

import type { Schemas } from '../../api/client';
import { useMoment } from '../../app/moment';
import { useMay } from '../../app/session';
import { useDraft } from '../../kit/draft';
import { Field } from '../../kit/field';
import { ProblemMessage } from '../../kit/problem';
import { en } from '../../words/problems.en';
import { zh } from '../../words/problems.zh';
import { useWords } from '../../words/words';
import { actsOf, type Act } from './acts';
import { useWrite, type Board } from './matter';

interface Typed {
  on: string;
  words: string;
  office: string;
  supporting: string;
  due: string;
  prevention: string;
  evidence: Schemas['ProblemEvidence'][];
}

/** What comes next for a matter, for those who may do it. What is typed outlives a reload. */
export function ActForm({ board, id, version, state }: { board: Board; id: string; version: number; state: string }) {
  const words = useWords(zh, en);
  const may = useMay();
  const acts = (actsOf[board][state] ?? []).filter((one) => may(one.right));
  const [chosen, choose] = useState('');
  const act = acts.find((one) => one.act === chosen) ?? acts[0];
  const closed = (actsOf[board][state] ?? []).length === 0;
  return (
    <section aria-labelledby="next" className="act no-print">
      <h2 id="next">{words.next}</h2>
      {closed && <p className="quiet">{words.nothingToDo}</p>}
      {!closed && act === undefined && <p className="quiet">{words.notYours}</p>}
      {acts.length > 1 && <Segmented aria-label={words.next} value={act?.act ?? ''} options={acts.map((one) => ({ value: one.act, label: words.acts[one.act] }))} onChange={choose} />}
      {act && <Fields key={`${act.act} ${version}`} board={board} id={id} version={version} act={act} />}
    </section>
  );
}

function Fields({ board, id, version, act }: { board: Board; id: string; version: number; act: Act }) {
  const words = useWords(zh, en);
  const { asOf } = useMoment();
  const [draft, keep] = useDraft<Typed>(`${id}.${act.act}`);
  const typed: Typed = draft ?? { on: asOf, words: '', office: '', supporting: '', due: '', prevention: '', evidence: [{ name: '', on: asOf, reference: '' }] };
  const set = (change: Partial<Typed>) => keep({ ...typed, ...change });
  const has = (field: Act['fields'][number]) => act.fields.includes(field);
  const write = useWrite(board, id, version, () => keep(null));
  const send = () =>
    write.mutate({
      act: act.act, on: typed.on, words: typed.words, due: has('due') ? typed.due : '',
      ...(has('office') ? { office: typed.office.trim(), supporting: typed.supporting.split(/[\u3001,\uff0c]/).map((one) => one.trim()).filter((one) => one !== '') } : {}),
      ...(has('prevention') ? { prevention: typed.prevention } : {}),
      ...(has('evidence') ? { evidence: typed.evidence.filter((one) => one.name.trim() !== '') } : {}),
    });
  return (
    <form className="act-fields" onSubmit={(event) => { event.preventDefault(); send(); }}>
      {draft !== null && <p className="quiet">{words.draftKept}</p>}
      {has('office') && <Field label={words.lead}><Input value={typed.office} onChange={(event) => set({ office: event.target.value })} /></Field>}
      {has('supporting') && <Field label={words.supporting} help={words.supportingHelp}><Input value={typed.supporting} onChange={(event) => set({ supporting: event.target.value })} /></Field>}
      {has('due') && <Field label={words.dueField} help={words.dueHelp}><Input type="date" value={typed.due} min={typed.on} onChange={(event) => set({ due: event.target.value })} /></Field>}
      {has('evidence') && <EvidenceFields evidence={typed.evidence} onChange={(evidence) => set({ evidence })} asOf={asOf} />}
      {has('prevention') && <Field label={words.preventionField}><Input.TextArea rows={2} value={typed.prevention} onChange={(event) => set({ prevention: event.target.value })} /></Field>}
      <Field label={words.say[act.act]}><Input.TextArea rows={3} value={typed.words} onChange={(event) => set({ words: event.target.value })} /></Field>
      <Field label={words.on}><Input type="date" value={typed.on} onChange={(event) => set({ on: event.target.value })} /></Field>
      {act.right === 'verify_matters' && <p className="quiet">{words.twoPeople}</p>}
      {write.isError && <ProblemMessage error={write.error} />}
      <Button type="primary" htmlType="submit" loading={write.isPending}>{words.acts[act.act]}</Button>
    </form>
  );
}

/** Evidence as papers that can be found again: name, number or place, day. */
function EvidenceFields({ evidence, onChange, asOf }: { evidence: Typed['evidence']; onChange: (evidence: Typed['evidence']) => void; asOf: string }) {
  const words = useWords(zh, en);
  const set = (index: number, change: Partial<Schemas['ProblemEvidence']>) => onChange(evidence.map((one, at) => (at === index ? { ...one, ...change } : one)));
  return (
    <fieldset className="evidence-fields">
      <legend>{words.evidence}</legend>
      <p className="quiet">{words.evidenceHelp}</p>
      {evidence.map((one, index) => (
        <div key={index} className="evidence-row">
          <Field label={words.evidenceName}><Input value={one.name} onChange={(event) => set(index, { name: event.target.value })} /></Field>
          <Field label={words.evidenceReference}><Input value={one.reference ?? ''} onChange={(event) => set(index, { reference: event.target.value })} /></Field>
          <Field label={words.evidenceDay}><Input type="date" value={one.on} onChange={(event) => set(index, { on: event.target.value })} /></Field>
          {evidence.length > 1 && <Button size="small" onClick={() => onChange(evidence.filter((_, at) => at !== index))}>{words.evidenceRemove}</Button>}
        </div>
      ))}
      <Button size="small" onClick={() => onChange([...evidence, { name: '', on: asOf, reference: '' }])}>{words.evidenceAdd}</Button>
    </fieldset>
  );
}
