import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button, Input } from 'antd';
import { useState } from 'react';

import { api, take, type Schemas } from '../../api/client';
import { useMoment } from '../../app/moment';
import { Choice } from '../../kit/choice';
import { Field } from '../../kit/field';
import { newId } from '../../api/id';
import { Panel } from '../../kit/panel';
import { ProblemMessage } from '../../kit/problem';
import { en } from '../../words/claims.en';
import { zh } from '../../words/claims.zh';
import { useText, useWords } from '../../words/words';

/** Evidence for a test that no figure answers: the paper, its day, what it shows, and whether that meets the test. */
export function EvidenceForm({ document, claim, found, onClose }: { document: string; claim: string; found: Schemas['ClaimFound']; onClose: () => void }) {
  const words = useWords(zh, en);
  const text = useText();
  const client = useQueryClient();
  const { asOf } = useMoment();
  const [id] = useState(newId);
  const [typed, setTyped] = useState({ basis: '', on: asOf, words: '', result: 'met' });
  const save = useMutation({
    mutationFn: () => take(api.POST('/api/claims/{document}/{claim}/evidence', { params: { path: { document, claim } }, body: { id, evidence: found.wants ?? '', ...typed } })),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['claims'] });
      onClose();
    },
  });
  return (
    <Panel title={words.evidenceTitle} onClose={onClose}>
      <p><strong>{text(found.says)}</strong></p>
      <p className="quiet">{words.evidenceAbout}</p>
      <form onSubmit={(event) => { event.preventDefault(); save.mutate(); }}>
        <Field label={words.evidencePaper}><Input value={typed.basis} autoFocus onChange={(event) => setTyped({ ...typed, basis: event.target.value })} /></Field>
        <Field label={words.evidenceDay}><Input type="date" value={typed.on} onChange={(event) => setTyped({ ...typed, on: event.target.value })} /></Field>
        <Field label={words.evidenceWords}><Input.TextArea rows={3} value={typed.words} onChange={(event) => setTyped({ ...typed, words: event.target.value })} /></Field>
        <Field label={words.evidenceResult}><Choice value={typed.result} options={Object.entries(words.results).filter(([code]) => code !== 'unknown')} onChange={(result) => setTyped({ ...typed, result })} /></Field>
        {save.isError && <ProblemMessage error={save.error} />}
        <Button type="primary" htmlType="submit" loading={save.isPending}>{words.save}</Button>
      </form>
    </Panel>
  );
}
