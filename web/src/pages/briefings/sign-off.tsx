import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button, Input } from 'antd';
import { useState } from 'react';

import { api, take } from '../../api/client';
import { Field } from '../../kit/field';
import { newId } from '../../api/id';
import { ProblemMessage } from '../../kit/problem';
import { en } from '../../words/briefings.en';
import { zh } from '../../words/briefings.zh';
import { useWords } from '../../words/words';

/** Answers for a draft with one's name, or gives it back with a reason. */
export function SignOff({ id, version }: { id: string; version: number }) {
  const words = useWords(zh, en);
  const client = useQueryClient();
  const [reason, setReason] = useState('');
  const asked = (body: { entry: string; reason?: string }) => ({ params: { path: { id }, header: { 'If-Match': `"${version}"` } }, body });
  const onSuccess = () => client.invalidateQueries({ queryKey: ['briefings'] });
  const sign = useMutation({ mutationFn: () => take(api.POST('/api/briefings/{id}/sign', asked({ entry: newId() }))), onSuccess });
  const giveBack = useMutation({ mutationFn: () => take(api.POST('/api/briefings/{id}/return', asked({ entry: newId(), reason }))), onSuccess });
  return (
    <section className="act">
      <p className="quiet">{words.signAbout}</p>
      {(sign.isError || giveBack.isError) && <ProblemMessage error={sign.error ?? giveBack.error} />}
      <Button type="primary" loading={sign.isPending} onClick={() => sign.mutate()}>{words.sign}</Button>
      <Field label={words.reason}><Input.TextArea rows={2} value={reason} onChange={(event) => setReason(event.target.value)} /></Field>
      <Button loading={giveBack.isPending} disabled={reason.trim() === ''} onClick={() => giveBack.mutate()}>{words.giveBack}</Button>
    </section>
  );
}
