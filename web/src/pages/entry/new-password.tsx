import { useMutation } from '@tanstack/react-query';
import { Button, Input } from 'antd';
import { useState } from 'react';

import { api, take } from '../../api/client';
import { Field } from '../../kit/field';
import { ProblemMessage } from '../../kit/problem';
import { en } from '../../words/entry.en';
import { zh } from '../../words/entry.zh';
import { useWords } from '../../words/words';

const leastCharacters = 10; // what the server asks for

/** Sets one's own password; typed twice, because it is not shown. */
export function NewPassword({ onSaved }: { onSaved: () => void }) {
  const words = useWords(zh, en);
  const [password, setPassword] = useState('');
  const [again, setAgain] = useState('');
  const missing = leastCharacters - Array.from(password).length;
  const save = useMutation({ mutationFn: () => take(api.PUT('/api/session/password', { body: { password } })), onSuccess: onSaved });
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <Field label={words.newPassword} help={words.newPasswordHelp} error={password !== '' && missing > 0 ? words.newPasswordShort(missing) : ''}>
        <Input type="password" value={password} autoComplete="new-password" onChange={(event) => setPassword(event.target.value)} />
      </Field>
      <Field label={words.again} error={again !== '' && again !== password ? words.againDifferent : ''}>
        <Input type="password" value={again} autoComplete="new-password" onChange={(event) => setAgain(event.target.value)} />
      </Field>
      {save.isError && <ProblemMessage error={save.error} />}
      <Button type="primary" htmlType="submit" loading={save.isPending} disabled={missing > 0 || password !== again}>{words.save}</Button>
    </form>
  );
}
