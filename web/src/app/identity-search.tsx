import { useMutation } from '@tanstack/react-query';
import { Button, Input } from 'antd';
import { useState } from 'react';

import { api, take } from '../api/client';
import { Field } from '../kit/field';
import { Panel } from '../kit/panel';
import { ProblemMessage } from '../kit/problem';
import { en } from '../words/entry.en';
import { zh } from '../words/entry.zh';
import { useWords } from '../words/words';

/** Finds whoever holds an ID number. The reason goes into the log. */
export function IdentitySearch({ onClose, onFound }: { onClose: () => void; onFound: (household: string) => void }) {
  const words = useWords(zh, en);
  const [number, setNumber] = useState('');
  const [reason, setReason] = useState('');
  const search = useMutation({ mutationFn: () => take(api.POST('/api/search/identity', { body: { number, reason } })) });
  const hits = search.data?.hits ?? [];
  return (
    <Panel title={words.identity} onClose={onClose}>
      <p className="quiet">{words.identityAbout}</p>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          search.mutate();
        }}
      >
        <Field label={words.identityNumber}><Input value={number} autoFocus autoComplete="off" onChange={(event) => setNumber(event.target.value)} /></Field>
        <Field label={words.reason} help={words.reasonHelp}><Input value={reason} onChange={(event) => setReason(event.target.value)} /></Field>
        <Button type="primary" htmlType="submit" loading={search.isPending} disabled={number.trim() === '' || reason.trim() === ''}>{words.identityFind}</Button>
      </form>
      {search.isError && <ProblemMessage error={search.error} />}
      {search.isSuccess && hits.length === 0 && <p role="status">{words.identityNone}</p>}
      <ul className="plain">
        {hits.map((hit) => (
          <li key={hit.household}>
            <button type="button" className="link" onClick={() => { onClose(); onFound(hit.household); }}>{hit.name} · {hit.division.name}</button>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
