import { Button, Input } from 'antd';
import { useState } from 'react';

import { api, take } from '../../api/client';
import { newId } from '../../api/id';
import { Choice } from '../../kit/choice';
import { Field } from '../../kit/field';
import { useFormat } from '../../kit/format';
import { en } from '../../words/project.en';
import { zh } from '../../words/project.zh';
import { useWords } from '../../words/words';
import { useProjectLists } from '../portfolio/lists';
import { FormPanel } from './saving';
import type { ProjectView } from './view';

/** The way from talks to operation: where the project stands, when it came there, and what may follow. */
export function Stages({ view, mayWrite, onMove }: { view: ProjectView; mayWrite: boolean; onMove: () => void }) {
  const words = useWords(zh, en);
  const format = useFormat();
  const { options } = useProjectLists();
  const reached = new Map<string, { on: string; reason: string; bound: boolean }>();
  for (const event of view.events ?? []) {
    const stage = event.kind === 'stage' ? event.stage : event.kind === 'signing' ? 'signed' : undefined;
    if (stage !== undefined && !event.void && (event.kind === 'stage' || !reached.has(stage))) reached.set(stage, { on: event.on, reason: event.reason ?? '', bound: event.no_later_than === true });
  }
  const ends = ['suspended', 'terminated'];
  const shown = options('stages').filter(([code]) => !ends.includes(code) || code === view.stage || reached.has(code));
  const at = shown.findIndex(([code]) => code === view.stage);
  return (
    <section aria-labelledby="stages">
      <h2 id="stages">{words.stages} {mayWrite && (view.next ?? []).length > 0 && <Button size="small" onClick={onMove}>{words.stageMove}</Button>}</h2>
      {(view.stage ?? '') === '' && <p className="quiet">{words.stageUnstated}</p>}
      <ol className="stages">
        {shown.map(([code, title], index) => {
          const when = reached.get(code);
          const now = code === view.stage;
          return (
            <li key={code} className={now ? 'stage-now' : when || (at >= 0 && index < at && !ends.includes(view.stage ?? '')) ? 'stage-past' : 'stage-ahead'} aria-current={now ? 'step' : undefined}>
              <span className="stage-title">{title}{now && <span className="unseen"> ({words.stageNow})</span>}</span>
              <span className="stage-day">{when ? (when.bound ? words.noLater(format.day(when.on)) : format.day(when.on)) : '\u00a0'}</span>
              {now && when && when.reason !== '' && <span className="stage-reason">{when.reason}</span>}
            </li>
          );
        })}
      </ol>
    </section>
  );
}

/** Moves the project to a stage that may follow, with its day and its reason where one is needed. */
export function StagePanel({ view, asOf, onSaved, onClose }: { view: ProjectView; asOf: string; onSaved: (late: boolean) => void; onClose: () => void }) {
  const words = useWords(zh, en);
  const { title } = useProjectLists();
  const next = view.next ?? [];
  const [stage, setStage] = useState(next[0] ?? '');
  const [on, setOn] = useState(asOf);
  const [reason, setReason] = useState('');
  const [source, setSource] = useState('');
  const [id] = useState(newId);
  const needsReason = stage === 'suspended' || stage === 'terminated' || view.stage === 'suspended';
  const lacks = needsReason && reason.trim() === '';
  return (
    <FormPanel title={words.stageMove} view={view} wrong={stage === '' || on === '' || lacks} onSaved={onSaved} onClose={onClose} send={(newest) => take(api.PUT('/api/projects/{id}/events/{fact}', {
      params: { path: { id: newest.id, fact: id } }, body: { source, fact: { kind: 'stage', stage, on, ...(reason.trim() === '' ? {} : { reason: reason.trim() }) } },
    }))}>
      <Field label={words.stageTo}><Choice value={stage} options={next.map((code) => [code, title('stages', code)])} onChange={setStage} /></Field>
      <Field label={words.on}><Input type="date" value={on} onChange={(event) => setOn(event.target.value)} /></Field>
      <Field label={words.reason} help={needsReason ? words.reasonNeeded : undefined}><Input.TextArea rows={2} value={reason} onChange={(event) => setReason(event.target.value)} /></Field>
      <Field label={words.source} help={words.sourceHelp}><Input value={source} onChange={(event) => setSource(event.target.value)} /></Field>
    </FormPanel>
  );
}
