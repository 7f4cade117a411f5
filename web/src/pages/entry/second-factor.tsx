import { useMutation } from '@tanstack/react-query';
import { Button, Input } from 'antd';
import { useState } from 'react';

import { api, take } from '../../api/client';
import { Field } from '../../kit/field';
import { ProblemMessage } from '../../kit/problem';
import { en } from '../../words/entry.en';
import { zh } from '../../words/entry.zh';
import { useWords } from '../../words/words';

/** Begins a second factor and confirms it with a code. */
export function SecondFactor({ onConfirmed }: { onConfirmed: () => void }) {
  const words = useWords(zh, en);
  const [code, setCode] = useState('');
  const begin = useMutation({ mutationFn: () => take(api.POST('/api/session/second-factor')) });
  const confirm = useMutation({ mutationFn: () => take(api.PUT('/api/session/second-factor', { body: { code } })), onSuccess: onConfirmed });
  if (!begin.data) {
    return (
      <div className="stack">
        {begin.isError && <ProblemMessage error={begin.error} />}
        <Button loading={begin.isPending} onClick={() => begin.mutate()}>{words.factorBegin}</Button>
      </div>
    );
  }
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        confirm.mutate();
      }}
    >
      <p>{words.factorAbout}</p>
      <Field label={words.factorSecret}><Input readOnly value={begin.data.secret} /></Field>
      <Field label={words.code}><Input value={code} inputMode="numeric" autoComplete="one-time-code" onChange={(event) => setCode(event.target.value)} /></Field>
      {confirm.isError && <ProblemMessage error={confirm.error} />}
      {confirm.isSuccess && <p role="status">{words.factorDone}</p>}
      <Button type="primary" htmlType="submit" loading={confirm.isPending} disabled={code.trim() === ''}>{words.factorConfirm}</Button>
    </form>
  );
}
