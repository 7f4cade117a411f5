import { useNavigate } from '@tanstack/react-router';
import { Button, Input } from 'antd';
import { useState } from 'react';

import { useMoment } from '../../app/moment';
import { Choice } from '../../kit/choice';
import { DivisionPicker } from '../../kit/division-picker';
import { useDraft } from '../../kit/draft';
import { Field } from '../../kit/field';
import { newId } from '../../api/id';
import { Panel } from '../../kit/panel';
import { ProblemMessage } from '../../kit/problem';
import { en } from '../../words/problems.en';
import { zh } from '../../words/problems.zh';
import { useText, useWords } from '../../words/words';
import { useRules, useWrite, type Board } from './matter';

/** Records a problem, or files a decision of a meeting. */
export function NewMatter({ board, onClose }: { board: Board; onClose: () => void }) {
  const words = useWords(zh, en);
  const text = useText();
  const navigate = useNavigate();
  const rules = useRules();
  const { division, home, asOf } = useMoment();
  const [id] = useState(newId);
  const [draft, keep] = useDraft<{ title: string; kind: string; words: string; source: string; number: string; on: string; division: string }>(`new-${board}`);
  const typed = draft ?? { title: '', kind: '', words: '', source: '', number: '', on: asOf, division };
  const set = (change: Partial<typeof typed>) => keep({ ...typed, ...change });
  const write = useWrite(board, id, 0, () => {
    keep(null);
    void navigate({ to: `/${board}/${id}` as '/' });
  });
  const problem = board === 'problems';
  const kind = typed.kind === '' ? (rules.data?.kinds?.[0]?.code ?? '') : typed.kind;
  const send = () => {
    const { source, number, ...common } = typed;
    write.mutate({ act: problem ? 'found' : 'filed', due: '', ...common, ...(problem ? { kind } : { kind: '', source, number }) });
  };
  return (
    <Panel title={problem ? words.newProblem : words.newDecision} onClose={onClose}>
      {draft !== null && <p className="quiet">{words.draftKept}</p>}
      <form onSubmit={(event) => { event.preventDefault(); send(); }}>
        <Field label={problem ? words.titleField : words.decisionField}><Input value={typed.title} autoFocus onChange={(event) => set({ title: event.target.value })} /></Field>
        {problem && <Field label={words.kind}><Choice value={kind} options={(rules.data?.kinds ?? []).map((one): [string, string] => [one.code, text(one.title)])} onChange={(next) => set({ kind: next })} /></Field>}
        {!problem && <Field label={words.source}><Input value={typed.source} onChange={(event) => set({ source: event.target.value })} /></Field>}
        {!problem && <Field label={words.number}><Input value={typed.number} onChange={(event) => set({ number: event.target.value })} /></Field>}
        <div className="field"><span className="field-label">{words.place}</span><DivisionPicker value={typed.division} home={home} asOf={asOf} label={words.place} onChange={(next) => set({ division: next })} /></div>
        <Field label={problem ? words.say.found : words.say.filed}><Input.TextArea rows={4} value={typed.words} onChange={(event) => set({ words: event.target.value })} /></Field>
        <Field label={words.on}><Input type="date" value={typed.on} onChange={(event) => set({ on: event.target.value })} /></Field>
        {write.isError && <ProblemMessage error={write.error} />}
        <Button type="primary" htmlType="submit" loading={write.isPending} disabled={typed.title.trim() === ''}>{words.send}</Button>
      </form>
    </Panel>
  );
}
