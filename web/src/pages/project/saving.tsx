import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { useRef, useState, type ReactNode } from 'react';

import { api, problemOf, take, type Schemas } from '../../api/client';
import { useFormat } from '../../kit/format';
import { Panel } from '../../kit/panel';
import { ProblemMessage } from '../../kit/problem';
import { en } from '../../words/project.en';
import { zh } from '../../words/project.zh';
import { useWords } from '../../words/words';
import { StepWords } from './timeline';
import type { Project, ProjectView } from './view';

/** What a form sends: it is given the newest view of the project, so that after a conflict the same change goes onto the newest. */
export type Send = (view: ProjectView) => Promise<Schemas['NounSavedOutputBody']>;

/** Writes the project's document anew, changed by a function of it, on the version that was read. */
export function sendDocument(change: (document: Project) => Project, valid: string, source: string): Send {
  return (view) => take(api.PUT('/api/projects/{id}', { params: { path: { id: view.id }, header: { 'If-Match': `"${view.version}"` } }, body: { valid, source, document: change(view.document) } }));
}

/** A panel with a form, its saving, its refusals beside the fields, and the meeting with others' changes. */
export function FormPanel({ title, view, wrong, send, onSaved, onClose, children }: { title: string; view: ProjectView; wrong: boolean; send: Send; onSaved: (late: boolean) => void; onClose: () => void; children: ReactNode }) {
  const words = useWords(zh, en);
  const client = useQueryClient();
  const base = useRef(view);
  const [newest, setNewest] = useState<ProjectView | null>(null);
  const save = useMutation({
    mutationFn: () => send(base.current),
    onSuccess: async (saved) => {
      await client.invalidateQueries({ predicate: (query) => query.queryKey[0] !== 'session' && query.queryKey[0] !== 'project-rules' });
      onSaved(saved.late);
    },
    onError: async (error) => {
      if ([409, 412].includes(problemOf(error).status)) setNewest(await take(api.GET('/api/projects/{id}', { params: { path: { id: view.id } } })));
    },
  });
  return (
    <Panel title={title} onClose={onClose}>
      {newest ? (
        <Conflict view={view} newest={newest} onGo={() => {
          base.current = newest;
          setNewest(null);
          save.mutate();
        }} />
      ) : save.isError && <ProblemMessage error={save.error} />}
      <form className="stack" noValidate onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}>
        {children}
        <p className="form-actions"><Button type="primary" htmlType="submit" loading={save.isPending} disabled={wrong || newest !== null}>{words.save}</Button> <Button onClick={onClose}>{words.cancel}</Button></p>
      </form>
    </Panel>
  );
}

/** What others wrote since the project was opened. */
function Conflict({ view, newest, onGo }: { view: ProjectView; newest: ProjectView; onGo: () => void }) {
  const words = useWords(zh, en);
  const format = useFormat();
  const timeline = useQuery({ queryKey: ['project', 'timeline', view.id, newest.version], queryFn: () => take(api.GET('/api/projects/{id}/timeline', { params: { path: { id: view.id }, query: { as_of: '2099-12-31' } } })) });
  const theirs = (timeline.data?.steps ?? []).slice().sort((a, b) => a.recorded_at.localeCompare(b.recorded_at)).slice(-(newest.version - view.version));
  return (
    <section className="conflict" role="alert" aria-labelledby="conflict">
      <h3 id="conflict">{words.conflict}</h3>
      <p>{words.conflictAbout}</p>
      {timeline.isSuccess && theirs.length === 0 && <p>{words.conflictNone}</p>}
      <ul>{theirs.map((step) => <li key={step.leaf}><StepWords step={step} /> <span className="quiet">{step.actor} {format.moment(step.recorded_at)}</span></li>)}</ul>
      <Button type="primary" onClick={onGo}>{words.conflictGo}</Button>
    </section>
  );
}
