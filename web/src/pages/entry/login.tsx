import { useMutation } from '@tanstack/react-query';
import { Button, Input } from 'antd';
import { useState } from 'react';

import { api, take } from '../../api/client';
import { useEntered } from '../../app/session';
import { Field } from '../../kit/field';
import { ProblemMessage } from '../../kit/problem';
import { en } from '../../words/entry.en';
import { zh } from '../../words/entry.zh';
import { useWords } from '../../words/words';
import { EntryFrame } from './entry-frame';

/** The way in by account, password and code. It stands at whatever address was asked for, which opens afterwards. */
export function Login() {
  const words = useWords(zh, en);
  const entered = useEntered();
  const [login, setLogin] = useState('');
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const enter = useMutation({ mutationFn: () => take(api.POST('/api/session', { body: { login, password, code } })), onSuccess: entered });
  return (
    <EntryFrame title={words.welcome} about={words.welcomeAbout}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          enter.mutate();
        }}
      >
        <Field label={words.login}><Input value={login} autoComplete="username" autoFocus onChange={(event) => setLogin(event.target.value)} /></Field>
        <Field label={words.password}><Input type="password" value={password} autoComplete="current-password" onChange={(event) => setPassword(event.target.value)} /></Field>
        <Field label={words.code} help={words.codeHelp}><Input value={code} inputMode="numeric" autoComplete="one-time-code" onChange={(event) => setCode(event.target.value)} /></Field>
        {enter.isError && <ProblemMessage error={enter.error} />}
        <Button type="primary" htmlType="submit" block loading={enter.isPending} disabled={login === '' || password === ''}>{words.enter}</Button>
      </form>
    </EntryFrame>
  );
}
