import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Input } from 'antd';
import { useState } from 'react';

import { api, take } from '../../api/client';
import { useDraft } from '../../kit/draft';
import { Field } from '../../kit/field';
import { Panel } from '../../kit/panel';
import { ProblemMessage } from '../../kit/problem';
import { Waiting } from '../../kit/waiting';
import { en } from '../../words/lab.en';
import { zh } from '../../words/lab.zh';
import { useWords } from '../../words/words';
import { Cases } from './cases';
import { Differences } from './differences';
import { asked, written, type Moves } from './moves';

interface Props {
  criteria: string;
  asOf: string;
  moves: Moves;
  onSaved: (id: string) => void;
  onClose: () => void;
}

/** What was moved, kept as a draft of a version of its own: first in words, with its own examples run, then with a note. */
export function SaveDraft({ criteria, asOf, moves, onSaved, onClose }: Props) {
  const words = useWords(zh, en);
  const client = useQueryClient();
  const [kept, setNote] = useDraft<string>(`lab-note ${criteria}`);
  const note = kept ?? '';
  const [agreed, setAgreed] = useState<string[]>([]);
  const path = { id: criteria };
  const body = { as_of: asOf, ...asked(moves) };
  const preview = useQuery({
    queryKey: ['criteria-amendment', criteria, asOf, written(moves)],
    queryFn: () => take(api.POST('/api/criteria/{id}/amendment', { params: { path }, body })),
  });
  const save = useMutation({
    mutationFn: () => take(api.POST('/api/criteria/{id}/drafts', { params: { path }, body: { ...body, note, agreed } })),
    onSuccess: async (saved) => {
      setNote(null);
      await client.invalidateQueries({ queryKey: ['criteria'] });
      onSaved(saved.id);
    },
  });
  const cases = preview.data?.cases ?? [];
  const failing = cases.filter((one) => !one.passes && !agreed.includes(one.name)).length;
  return (
    <Panel title={words.saveTitle} onClose={onClose}>
      <p className="quiet">{words.saveAbout}</p>
      {preview.isPending && <Waiting lines={10} />}
      {preview.isError && <ProblemMessage error={preview.error} retry={() => void preview.refetch()} />}
      {preview.data && (
        <form onSubmit={(event) => { event.preventDefault(); save.mutate(); }}>
          <p>{words.savedAs(preview.data.id)}</p>
          <h3>{words.changes}</h3>
          <Differences differences={preview.data.differences ?? []} />
          <h3>{words.cases}</h3>
          <Cases cases={cases} agreed={agreed} onAgree={(name, agrees) => setAgreed((before) => (agrees ? [...before, name] : before.filter((one) => one !== name)))} />
          {failing > 0 && <p role="status">{words.failing(failing)}</p>}
          <details className="text-of"><summary>{words.textOf}</summary><pre data-of-the-city tabIndex={0}>{preview.data.text}</pre></details>
          <Field label={words.note} help={words.noteHelp}><Input.TextArea rows={2} maxLength={2000} value={note} onChange={(event) => setNote(event.target.value)} /></Field>
          {save.isError && <ProblemMessage error={save.error} />}
          <Button type="primary" htmlType="submit" disabled={note.trim() === ''} loading={save.isPending}>{words.save}</Button>
        </form>
      )}
    </Panel>
  );
}
