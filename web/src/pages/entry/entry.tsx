import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Button } from 'antd';
import { useEffect, useState } from 'react';

import { api, take } from '../../api/client';
import { useEntered, useSession } from '../../app/session';
import { Empty } from '../../kit/empty';
import { ProblemMessage } from '../../kit/problem';
import { Waiting } from '../../kit/waiting';
import { en } from '../../words/entry.en';
import { zh } from '../../words/entry.zh';
import { useWords } from '../../words/words';
import { EntryFrame } from './entry-frame';
import { NewPassword } from './new-password';
import { SecondFactor } from './second-factor';

// A link opens once: its token is taken from the address before anything is drawn, and asked about once.
const token = location.pathname === '/enter' ? location.hash.slice(1) : '';
if (token !== '') history.replaceState(null, '', '/enter');
let asked = false;

/** The first way in: a one-time link, then one's own password, then a second factor. */
export function Enter() {
  const words = useWords(zh, en);
  const navigate = useNavigate();
  const session = useSession();
  const entered = useEntered();
  const [step, setStep] = useState<'password' | 'factor'>('password');
  const redeem = useMutation({ mutationFn: () => take(api.POST('/api/session/link', { body: { token } })), onSuccess: entered });
  const { mutate } = redeem;
  useEffect(() => {
    if (token === '' || asked) return;
    asked = true;
    mutate();
  }, [mutate]);
  const on = () => void navigate({ to: '/' });

  if (redeem.isError || (token === '' && session === null)) {
    return (
      <EntryFrame title={words.link} about="">
        {redeem.isError ? <ProblemMessage error={redeem.error} /> : <Empty>{words.linkMissing}</Empty>}
        <p className="quiet">{words.linkMissingDo}</p>
        <Button onClick={on}>{words.toLogin}</Button>
      </EntryFrame>
    );
  }
  if (session === null) return <EntryFrame title={words.link} about={words.linkReading}><Waiting lines={3} /></EntryFrame>;
  if (step === 'password') {
    return (
      <EntryFrame title={words.greet(session.name)} about={words.first}>
        <NewPassword onSaved={() => setStep('factor')} />
        {session.demo && <Button onClick={on}>{words.skip}</Button>}
      </EntryFrame>
    );
  }
  return (
    <EntryFrame title={words.factor} about={words.saved}>
      <SecondFactor onConfirmed={on} />
      <Button onClick={on}>{words.later}</Button>
    </EntryFrame>
  );
}
